// A little more retention, how much more profit? Every assumption is an input.
import { accumulated, customersAfter, range, ratio, sum } from "../formulas.js";

// An article claims that five points more retention bring between these shares more profit.
const CLAIM = [0.25, 0.95];

function sentence(gainShare, gain) {
  if (gain < 0) return "costs";
  if (Number.isNaN(gainShare)) return "loss";
  return gainShare < CLAIM[0] ? "under" : gainShare > CLAIM[1] ? "over" : "inside";
}

export function answer(inputs) {
  const { customers, new: won, retention_rate, rise, effort, revenue, margin } = inputs;
  const { acquisition_cost, fixed_cost, discount_rate, periods } = inputs;
  const raised = Math.min(1, retention_rate + rise);
  if (retention_rate + rise - raised > 1e-9) return { problem: "more_than_all" };
  const worth = range(0, periods - 1).map((period) => (1 + discount_rate) ** -period);
  const total = (rate, cost) =>
    accumulated(0, range(1, periods), (before, period) => {
      const brought = customersAfter(customers, rate, won, period) * revenue * margin;
      return before + (brought - cost) * worth[period - 1];
    });
  const cost = won * acquisition_cost + fixed_cost;
  const total_now = total(retention_rate, cost);
  const total_raised = total(raised, cost + effort);
  const [profit_now, profit_raised] = [total_now.at(-1), total_raised.at(-1)];
  const gain = profit_raised - profit_now;
  const gain_share = ratio(gain, profit_now);
  return {
    problem: null,
    sentence: sentence(gain_share, gain),
    raised,
    total_now,
    total_raised,
    profit_now,
    profit_raised,
    gain,
    gain_share,
    affordable: effort + gain / sum(worth),
  };
}

export const picture = () => [
  {
    shape: "lines",
    from: 0,
    lines: [{ name: "total_raised", tone: "new" }, { name: "total_now", tone: "kept", dashed: true }],
  },
];
