import { svg } from "./dom.js";
import { alone, percent } from "./language.js";

// The shapes a lab's picture is made of. A shape draws from `top` downwards and returns its parts and where it
// ends. `page` knows the width, the direction, the numbers and the words: page.words(name) is a finished text.

const LINE = 22;
const BAR = 30;
const TRACK = 18;

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
    const size = (page.values[part.name] / most) * page.width;
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

const SHAPES = { bars, gauge };

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
