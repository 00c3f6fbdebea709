// Churn as a hazard: the same for everybody, or moving from its rate in the first month to its rate later on.
import { accumulated, chanceToStay, expectedLifetime, range, sum } from "../formulas.js";

const MONTHS = 36;
const YEAR = 12;

function sentence(churnRate, laterRate) {
  if (churnRate === 0 && laterRate === 0) return "nobody";
  if (churnRate === laterRate) return "constant";
  return laterRate < churnRate ? "falling" : "rising";
}

export function answer({ churn_rate, later_rate, halving }) {
  const months = range(0, MONTHS - 1);
  const hazards = months.map((month) => later_rate + (churn_rate - later_rate) * 0.5 ** (month / halving));
  const curve = accumulated(1, hazards, (stayed, hazard) => stayed * (1 - hazard));
  const half = curve.findIndex((stayed) => stayed <= 0.5);
  return {
    problem: null,
    sentence: sentence(churn_rate, later_rate),
    curve,
    constant: range(0, MONTHS).map((month) => chanceToStay(1 - churn_rate, month)),
    hazards,
    yearly: 1 - curve[YEAR],
    yearly_constant: 1 - (1 - churn_rate) ** YEAR,
    times_twelve: YEAR * churn_rate,
    lifetime_shortcut: expectedLifetime(churn_rate),
    lifetime: sum(curve.slice(0, -1)),
    half_gone: half === -1 ? NaN : half,
    months: MONTHS,
  };
}

export const picture = () => [
  {
    shape: "lines",
    from: 0,
    percent: true,
    lines: [{ name: "curve", tone: "kept", filled: true }, { name: "constant", tone: "lost", dashed: true }],
  },
];
