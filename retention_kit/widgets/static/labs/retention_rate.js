// Customer retention rate from three numbers: at_start (S), new (N), at_end (E).
import { wilsonInterval } from "../formulas.js";

// Three numbers can contradict each other; then no rate is true, and the lab says what is probably wrong.
function contradiction({ at_start, new: won, at_end }) {
  if (won > at_end) return "more_new_than_end";
  if (at_start === 0) return "none_at_start";
  return at_end - won > at_start ? "more_kept_than_start" : null;
}

export function answer(inputs) {
  const problem = contradiction(inputs);
  if (problem) return { problem };
  const { at_start, new: won, at_end } = inputs;
  const kept = at_end - won;
  const lost = at_start - kept;
  const [low, high] = wilsonInterval(kept, at_start);
  return { problem, kept, lost, retention_rate: kept / at_start, churn_rate: lost / at_start, low, high };
}

export function picture(values) {
  const bar = (name, other) => ({ name, parts: [{ name: "kept", tone: "kept" }, { name: other, tone: other }] });
  return [
    { shape: "bars", most: Math.max(values.at_start, values.at_end), bars: [bar("at_start", "lost"), bar("at_end", "new")] },
    { shape: "gauge", name: "retention_rate", low: "low", high: "high" },
  ];
}
