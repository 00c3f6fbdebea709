// The formulas that the labs share, as retention_kit/formulas has them. What is not defined is NaN.

const Z_95 = 1.959963984540054;

export const ratio = (part, whole) => (whole > 0 ? part / whole : NaN);
export const chanceToStay = (rate, periods) => rate ** periods;
export const expectedLifetime = (churnRate) => ratio(1, churnRate);
export const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

export function wilsonInterval(successes, total) {
  const share = successes / total;
  const middle = share + Z_95 ** 2 / (2 * total);
  const half = Z_95 * Math.sqrt((share * (1 - share)) / total + Z_95 ** 2 / (4 * total * total));
  const bound = (value) => Math.min(1, Math.max(0, value / (1 + Z_95 ** 2 / total)));
  return [bound(middle - half), bound(middle + half)];
}

export function customersAfter(customers, rate, incoming, periods) {
  const left = rate ** periods;
  const waves = rate === 1 ? periods : (1 - left) / (1 - rate);
  return customers * left + incoming * waves;
}

// Where each step leads, the start included.
export function accumulated(start, steps, next) {
  const reached = [start];
  for (const step of steps) reached.push(next(reached.at(-1), step));
  return reached;
}

// From first to last, both included.
export const range = (first, last) => Array.from({ length: last - first + 1 }, (_, place) => first + place);
