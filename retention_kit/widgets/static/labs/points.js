// Loyalty points: spend x, earn y, worth z, and more with every renewal.
import { range, ratio } from "../formulas.js";

const YEAR = 12;

const earned = (activities, each, renewals, growth) => activities * each * (1 + growth * renewals);

export function answer(inputs) {
  const { spent, points_per_unit, actions, points_per_action, renewals, growth, money_per_point } = inputs;
  const spending = (times) => earned(spent, points_per_unit, times, growth);
  const acting = (times) => earned(actions, points_per_action, times, growth);
  const points = spending(renewals) + acting(renewals);
  const worth = points * money_per_point;
  return {
    problem: null,
    sentence: spent === 0 ? "nothing_spent" : worth > spent ? "generous" : "answer",
    multiplier: 1 + growth * renewals,
    from_spending: spending(renewals),
    from_actions: acting(renewals),
    points,
    worth,
    returned: ratio(worth, spent),
    worths: range(0, Math.max(YEAR, renewals)).map((times) => (spending(times) + acting(times)) * money_per_point),
  };
}

export const picture = ({ points }) => [
  {
    shape: "bars",
    most: points,
    bars: [
      {
        name: "points",
        parts: [
          { name: "from_spending", tone: "kept" },
          { name: "from_actions", tone: "other" },
        ],
      },
    ],
  },
  { shape: "lines", from: 0, lines: [{ name: "worths", tone: "new", filled: true }] },
];
