// A retention rate that moves: against a benchmark, and where it leads.
import { accumulated, customersAfter, expectedLifetime, range, sum } from "../formulas.js";

// Rates that differ by less are the same rate, written with rounding.
const SAME = 1e-9;

function sentence(benchmark, below) {
  if (benchmark === 0) return "no_benchmark";
  if (below === -1) return "above";
  return below === 0 ? "below" : "falls_below";
}

export function answer({ retention_rate, change, benchmark, customers, new: incoming, periods }) {
  const rates = range(0, periods - 1).map((period) => Math.min(1, Math.max(0, retention_rate + change * period)));
  const curve = accumulated(1, rates, (stayed, rate) => stayed * rate);
  const level = accumulated(customers, rates, (had, rate) => customersAfter(had, rate, incoming, 1));
  const below = rates.findIndex((rate) => rate < benchmark - SAME);
  return {
    problem: null,
    sentence: sentence(benchmark, below),
    rates,
    benchmarks: rates.map(() => benchmark),
    curve,
    level,
    last_rate: rates.at(-1),
    below_from: below === -1 ? NaN : below + 1,
    stays: curve.at(-1),
    stay: sum(curve.slice(0, -1)),
    lifetime: expectedLifetime(1 - retention_rate),
    after: level.at(-1),
  };
}

export const picture = () => [
  {
    shape: "lines",
    from: 1,
    percent: true,
    lines: [{ name: "rates", tone: "kept" }, { name: "benchmarks", tone: "lost", dashed: true }],
  },
  { shape: "lines", from: 0, lines: [{ name: "level", tone: "new", filled: true }] },
];
