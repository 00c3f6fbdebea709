// A loyalty programme: what it costs, what it must bring, what is still owed.
import { ratio } from "../formulas.js";

function sentence(base, breakEven, result) {
  if (base === 0) return "nobody";
  if (Number.isNaN(breakEven)) return "never";
  return result >= 0 ? "pays" : "costs";
}

export function answer(inputs) {
  const { members, revenue, margin, reward, breakage, fixed_cost, uplift, outstanding, money_per_point } = inputs;
  const base = members * revenue;
  const given = reward * (1 - breakage);
  const further = base * uplift * margin;
  const rewards = base * (1 + uplift) * given;
  const result = further - rewards - fixed_cost;
  // Points are given on every purchase, so a further one brings its margin less its own points.
  const break_even = base > 0 && margin - given > 0 ? ratio(fixed_cost + base * given, base * (margin - given)) : NaN;
  return {
    problem: null,
    sentence: sentence(base, break_even, result),
    base,
    further,
    rewards,
    result,
    break_even,
    liability: outstanding * money_per_point * (1 - breakage),
    liability_careful: outstanding * money_per_point,
  };
}

export const picture = () => [
  {
    shape: "waterfall",
    steps: [
      { name: "further", tone: "new", way: "up" },
      { name: "rewards", tone: "lost", way: "down" },
      { name: "fixed_cost", tone: "lost", way: "down" },
      { name: "result", tone: "kept", way: "total" },
    ],
  },
];
