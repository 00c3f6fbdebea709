import { svg } from "./dom.js";
import { alone, number, percent } from "./language.js";

// The shapes a lab's picture is made of. A shape draws from `top` downwards and returns its parts and where it
// ends. `page` knows the width, the direction, the numbers and the words: page.words(name) is a finished text.

const LINE = 22;
const BAR = 30;
const TRACK = 18;
const STEP = 48;
const CHART = 170;
const EDGE = 12; // room for the dot at the end of a line
const SCALE = 44; // room for the numbers of the scale, which stand on the reader's side

// Positions run from the reader's side: the left in English, the right in Persian.
const box = (page, from, size, attributes) =>
  svg("rect", { x: page.mirrored ? page.width - from - size : from, width: size, ...attributes });
const line = (page, from, to, y1, y2, name) => {
  const [x1, x2] = page.mirrored ? [page.width - from, page.width - to] : [from, to];
  return svg("line", { x1, x2, y1, y2, class: name });
};
const words = (page, at, y, text, attributes = {}) =>
  svg("text", { x: page.mirrored ? page.width - at : at, y, ...attributes }, alone(text, page.language));

function bar(page, { name, parts }, most, top) {
  const middle = top + LINE + BAR + 18;
  const drawn = [words(page, 0, top + 14, page.words(name), { class: "rk-strong" })];
  let from = 0;
  parts.forEach((part, place) => {
    const size = most > 0 ? (page.values[part.name] / most) * page.width : 0;
    drawn.push(box(page, from, size, { y: top + LINE, height: BAR, class: `rk-tone-${part.tone}` }));
    from += size;
    const label = (place * page.width) / parts.length;
    drawn.push(box(page, label, 11, { y: middle - 10, height: 11, class: `rk-tone-${part.tone}` }));
    drawn.push(words(page, label + 17, middle, page.words(part.name)));
  });
  return { drawn, end: middle + 22 };
}

function bars(page, shape, top) {
  const drawn = [];
  let end = top;
  for (const one of shape.bars) {
    const made = bar(page, one, shape.most, end);
    drawn.push(...made.drawn);
    end = made.end;
  }
  return { drawn, end };
}

// A share on the way from 0 to 100 %, with the interval it may lie in.
function gauge(page, { name, low, high }, top) {
  const at = (share) => share * page.width;
  const [from, to] = [at(page.values[low]), at(page.values[high])];
  const track = top + LINE;
  const centre = track + TRACK / 2;
  const tick = (share, anchor) =>
    words(page, at(share), track + TRACK + 18, percent(share, page.language), { "text-anchor": anchor });
  const drawn = [
    words(page, 0, top + 14, page.words(name), { class: "rk-strong" }),
    box(page, 0, page.width, { y: track, height: TRACK, class: "rk-track" }),
    box(page, 0, at(page.values[name]), { y: track, height: TRACK, class: "rk-tone-kept" }),
    line(page, from, to, centre, centre, "rk-interval"),
    line(page, from, from, track - 4, track + TRACK + 4, "rk-interval"),
    line(page, to, to, track - 4, track + TRACK + 4, "rk-interval"),
    tick(0, "start"),
    tick(0.5, "middle"),
    tick(1, "end"),
    words(page, 0, track + TRACK + 40, page.words("interval")),
  ];
  return { drawn, end: track + TRACK + 48 };
}

// Amounts that lead from one to the next; each begins where the one above it ended.
function waterfall(page, { steps }, top) {
  let level = 0;
  const spans = steps.map(({ name, way }) => {
    const from = way === "total" ? 0 : level;
    level = from + (way === "down" ? -1 : 1) * page.values[name];
    return [from, level];
  });
  const least = Math.min(0, ...spans.flat());
  const reach = Math.max(0, ...spans.flat()) - least || 1;
  const at = (value) => ((value - least) / reach) * page.width;
  const drawn = [line(page, at(0), at(0), top, top + steps.length * STEP, "rk-grid")];
  steps.forEach(({ name, tone }, place) => {
    const [from, to] = spans[place].map(at);
    const y = top + place * STEP;
    drawn.push(words(page, 0, y + 14, page.words(name)));
    const size = Math.max(1, Math.abs(to - from)); // nothing is a hairline, not a gap
    drawn.push(box(page, Math.min(from, to), size, { y: y + 20, height: TRACK, class: `rk-tone-${tone}` }));
    if (place < steps.length - 1) drawn.push(line(page, to, to, y + 20 + TRACK, y + STEP + 20, "rk-axis"));
  });
  return { drawn, end: top + steps.length * STEP };
}

// A bucket with a hole: what runs in above, how high it stands, what leaks out below; each with its words beside it.
function bucket(page, { into, level, out, most }, top) {
  const [rim, floor, wide, slant] = [top + 30, top + 150, 130, 22];
  const at = (across) => (page.mirrored ? page.width - across : across);
  const surface = floor - (most > 0 ? page.values[level] / most : 0) * (floor - rim);
  const inset = (y) => (slant * (y - rim)) / (floor - rim);
  const corners = (...points) => points.map(([across, y]) => `${at(across)},${y}`).join(" ");
  const drops = [0, 1, 2].map((drop) =>
    svg("circle", { cx: at(wide / 2), cy: floor + 8 + drop * 11, r: 4 - drop, class: "rk-tone-lost" }),
  );
  const water = corners(
    [inset(surface), surface],
    [slant, floor],
    [wide - slant, floor],
    [wide - inset(surface), surface],
  );
  const walls = corners([0, rim], [slant, floor], [wide - slant, floor], [wide, rim]);
  const drawn = [
    svg("polygon", { points: water, class: "rk-tone-kept" }),
    svg("polyline", { points: walls, class: "rk-outline" }),
    line(page, wide / 2, wide / 2, top, surface, "rk-line rk-line-new"),
    ...drops,
    words(page, wide + 20, top + 14, page.words(into)),
    words(page, wide + 20, (rim + floor) / 2, page.words(level), { class: "rk-strong" }),
    words(page, wide + 20, floor + 20, page.words(out)),
  ];
  return { drawn, end: floor + 44 };
}

const stroke = (tone, dashed) => `rk-line rk-line-${tone}${dashed ? " rk-dashed" : ""}`;

// What the colours of a chart stand for, a row each.
function legend(page, entries, top) {
  return entries.flatMap(({ name, tone, dashed }, place) => {
    const y = top + place * LINE + 14;
    return [line(page, 0, 22, y - 5, y - 5, stroke(tone, dashed)), words(page, 30, y, page.words(name))];
  });
}

// Round values that cover all of these, 0 among them.
function rounds(values) {
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const rough = (most - least || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.999);
  const first = Math.floor(least / step);
  const count = Math.max(1, Math.ceil(most / step - 1e-9) - first);
  return Array.from({ length: count + 1 }, (_, place) => (first + place) * step);
}

const across = (page, y, name) => svg("line", { x1: 0, x2: page.width, y1: y, y2: y, class: name });

function curve(values, { tone, dashed, filled }, x, y) {
  const last = values.length - 1;
  const points = values.map((value, place) => `${x(place)},${y(value)}`);
  const area = [`${x(0)},${y(0)}`, ...points, `${x(last)},${y(0)}`].join(" ");
  const drawn = filled ? [svg("polygon", { points: area, class: `rk-area-${tone}` })] : [];
  drawn.push(svg("polyline", { points: points.join(" "), class: stroke(tone, dashed) }));
  if (!dashed) drawn.push(svg("circle", { cx: x(last), cy: y(values[last]), r: 4, class: `rk-tone-${tone}` }));
  return drawn;
}

// The numbers of the periods below a chart, as many as there is room for.
function periods(page, from, last, x, y) {
  const middle = { y, "text-anchor": "middle" };
  const stride = [1, 2, 3, 6, 12, 24].find((one) => last / one <= 8);
  const drawn = [svg("text", { ...middle, x: page.width / 2, dy: 20 }, page.words("axis"))];
  for (let place = 0; place <= last; place += stride)
    drawn.push(svg("text", { ...middle, x: x(place), class: "rk-tick" }, number(from + place, page.language)));
  return drawn;
}

// Numbers over time, which runs from left to right in both languages.
function lines(page, { lines: series, marks = [], from, percent: shares }, top) {
  const { values, width, language } = page;
  const entries = [...series, ...marks.map((mark) => ({ ...mark, dashed: true }))];
  const floor = top + entries.length * LINE + 24 + CHART;
  const ticks = shares ? [0, 0.25, 0.5, 0.75, 1] : rounds(entries.flatMap(({ name }) => values[name]));
  const [least, most] = [ticks[0], ticks.at(-1)];
  const last = values[series[0].name].length - 1;
  const [first, end] = page.mirrored ? [EDGE, width - SCALE] : [SCALE, width - EDGE];
  const x = (place) => first + (last ? place / last : 0.5) * (end - first);
  const y = (value) => floor - ((value - least) / (most - least)) * CHART;
  const decimals = most - least < 5 ? 2 : 0;
  const written = (tick) => (shares ? percent(tick, language, 0) : number(tick, language, decimals));
  const drawn = [
    ...legend(page, entries, top),
    ...ticks.map((tick) => across(page, y(tick), tick === 0 ? "rk-axis" : "rk-grid")),
    ...marks.map(({ name, tone }) => across(page, y(values[name]), stroke(tone, true))),
    ...series.flatMap((one) => curve(values[one.name], one, x, y)),
    ...ticks.map((tick) => words(page, 2, y(tick) - 4, written(tick), { class: "rk-tick" })),
    ...periods(page, from, last, x, floor + 18),
  ];
  return { drawn, end: floor + 48 };
}

const SHAPES = { bars, bucket, gauge, lines, waterfall };

export function draw(picture, shapes, page) {
  let end = 0;
  const drawn = [];
  for (const shape of shapes) {
    const made = SHAPES[shape.shape](page, shape, end);
    drawn.push(...made.drawn);
    end = made.end + 6;
  }
  picture.replaceChildren(...drawn);
  picture.setAttribute("viewBox", `0 0 ${page.width} ${end}`);
  picture.setAttribute("height", end);
}
