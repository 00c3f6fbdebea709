// CRR, CCR and RCR at once, from totals.
import { ratio, wilsonInterval } from "../formulas.js";

function contradiction({ at_start, new: won, at_end, lost, opening, lost_revenue }) {
  if (at_start === 0) return "none_at_start";
  if (lost > at_start) return "more_lost_than_start";
  if (won > at_end) return "more_new_than_end";
  if (at_start - lost + won > at_end) return "some_unaccounted";
  return lost_revenue > opening ? "more_revenue_lost" : null;
}

export function answer(inputs) {
  const problem = contradiction(inputs);
  if (problem) return { problem };
  const { at_start, new: won, at_end, lost, opening, lost_revenue } = inputs;
  const kept = at_start - lost;
  // Who is neither kept nor new at the end must be back after a break.
  const returned = at_end - kept - won;
  const [low, high] = wilsonInterval(kept, at_start);
  return {
    problem,
    sentence: opening === 0 ? "no_revenue" : returned ? "returning" : "answer",
    kept,
    returned,
    kept_revenue: opening - lost_revenue,
    retention_rate: (at_end - won) / at_start,
    counted_rate: kept / at_start,
    low,
    high,
    churn_rate: lost / at_start,
    revenue_churn_rate: ratio(lost_revenue, opening),
  };
}

export function picture({ at_start, at_end, opening }) {
  const bar = (name, ...parts) => ({ name, parts: parts.map(([part, tone]) => ({ name: part, tone })) });
  const kept = ["kept", "kept"];
  return [
    {
      shape: "bars",
      most: Math.max(at_start, at_end),
      bars: [bar("at_start", kept, ["lost", "lost"]), bar("at_end", kept, ["returned", "other"], ["new", "new"])],
    },
    { shape: "bars", most: opening, bars: [bar("opening", ["kept_revenue", "kept"], ["lost_revenue", "lost"])] },
  ];
}
