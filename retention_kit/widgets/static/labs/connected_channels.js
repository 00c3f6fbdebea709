// Channels that share the customer's data, or do not: a story in numbers.
import { chanceToStay, customersAfter, range } from "../formulas.js";

export function answer(inputs) {
  const { customers, new: won, churn_rate, need, switching, gives_up, gives_up_connected, periods } = inputs;
  const kept = (leaving) => (1 - churn_rate) * (1 - need * switching * leaving);
  const [rate_apart, rate_connected] = [kept(gives_up), kept(gives_up_connected)];
  const level = (rate) => range(0, periods).map((period) => customersAfter(customers, rate, won, period));
  const [level_apart, level_connected] = [level(rate_apart), level(rate_connected)];
  const [after_apart, after_connected] = [level_apart.at(-1), level_connected.at(-1)];
  const [stays_apart, stays_connected] = [chanceToStay(rate_apart, periods), chanceToStay(rate_connected, periods)];
  return {
    problem: null,
    sentence: rate_connected > rate_apart ? "more" : rate_connected < rate_apart ? "fewer" : "same",
    rate_apart,
    rate_connected,
    stays_apart,
    stays_connected,
    rise: stays_apart > 0 ? stays_connected / stays_apart - 1 : NaN,
    level_apart,
    level_connected,
    after_apart,
    after_connected,
    more: after_connected - after_apart,
  };
}

export const picture = () => [
  {
    shape: "lines",
    from: 0,
    lines: [{ name: "level_connected", tone: "new" }, { name: "level_apart", tone: "kept", dashed: true }],
  },
];
