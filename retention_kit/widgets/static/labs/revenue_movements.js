// The movements of recurring revenue from opening to closing, with trials on the way in.
import { ratio } from "../formulas.js";

export function answer({ opening, trials, conversion, price, expansion, contraction, churned, reactivation }) {
  if (churned + contraction > opening) return { problem: "more_lost_than_opening" };
  const converted = trials * conversion;
  const won = converted * price;
  const closing = opening + won + expansion - contraction - churned + reactivation;
  const left = opening - churned - contraction;
  return {
    problem: null,
    sentence: opening === 0 ? "no_opening" : closing >= opening ? "grows" : "shrinks",
    converted,
    new: won,
    closing,
    gross_churn: ratio(churned + contraction, opening),
    net_churn: ratio(churned + contraction - expansion, opening),
    gross_retention: ratio(left, opening),
    net_retention: ratio(left + expansion, opening),
    quick_ratio: ratio(won + expansion + reactivation, churned + contraction),
  };
}

export const picture = () => [
  {
    shape: "waterfall",
    steps: [
      { name: "opening", tone: "kept", way: "total" },
      { name: "churned", tone: "lost", way: "down" },
      { name: "contraction", tone: "lost", way: "down" },
      { name: "expansion", tone: "new", way: "up" },
      { name: "reactivation", tone: "other", way: "up" },
      { name: "new", tone: "new", way: "up" },
      { name: "closing", tone: "kept", way: "total" },
    ],
  },
];
