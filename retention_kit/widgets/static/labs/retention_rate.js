// Customer retention rate from three numbers: at_start (S), new (N), at_end (E).

const Z_95 = 1.959963984540054;

function wilson(successes, total, z) {
  const share = successes / total;
  const middle = share + (z * z) / (2 * total);
  const half = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  return Math.min(1, Math.max(0, (middle + half) / (1 + (z * z) / total)));
}

// Three numbers can contradict each other; then no rate is true, and the lab says what is probably wrong.
function problem({ at_start, new: won, at_end }) {
  if (won > at_end) return "more_new_than_end";
  if (at_start === 0) return "none_at_start";
  return at_end - won > at_start ? "more_kept_than_start" : null;
}

const UNDEFINED = { kept: NaN, lost: NaN, retention_rate: NaN, churn_rate: NaN, low: NaN, high: NaN };

export function answer(inputs) {
  const found = problem(inputs);
  if (found) return { problem: found, ...UNDEFINED };
  const { at_start, new: won, at_end } = inputs;
  const kept = at_end - won;
  const lost = at_start - kept;
  return {
    problem: null,
    kept,
    lost,
    retention_rate: kept / at_start,
    churn_rate: lost / at_start,
    low: wilson(kept, at_start, -Z_95),
    high: wilson(kept, at_start, Z_95),
  };
}

export function picture(values) {
  const bar = (name, other) => ({ name, parts: [{ name: "kept", tone: "kept" }, { name: other, tone: other }] });
  return [
    { shape: "bars", most: Math.max(values.at_start, values.at_end), bars: [bar("at_start", "lost"), bar("at_end", "new")] },
    { shape: "gauge", name: "retention_rate", low: "low", high: "high" },
  ];
}
