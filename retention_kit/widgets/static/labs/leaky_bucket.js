// Customers poured in, customers leaking out, and the level they come to.
import { customersAfter, expectedLifetime, range } from "../formulas.js";

const PERIODS = 12;

function sentence(incoming, churnRate, leak) {
  if (churnRate === 0) return "no_leak";
  return incoming > leak ? "fills" : incoming < leak ? "empties" : "steady";
}

export function answer({ customers, new: incoming, churn_rate }) {
  const level = range(0, PERIODS).map((period) => customersAfter(customers, 1 - churn_rate, incoming, period));
  const leak = customers * churn_rate;
  const after = level.at(-1);
  return {
    problem: null,
    sentence: sentence(incoming, churn_rate, leak),
    periods: PERIODS,
    leak,
    level,
    after,
    poured: PERIODS * incoming,
    leaked: customers + PERIODS * incoming - after,
    settles: incoming * expectedLifetime(churn_rate),
  };
}

export const picture = ({ customers, after, settles }) => [
  {
    shape: "bucket",
    into: "new",
    level: "customers",
    out: "leak",
    most: 1.1 * Math.max(customers, after, settles || 0), // the rim stays above the highest level
  },
  {
    shape: "lines",
    from: 0,
    lines: [{ name: "level", tone: "kept", filled: true }],
    marks: Number.isNaN(settles) ? [] : [{ name: "settles", tone: "lost" }],
  },
];
