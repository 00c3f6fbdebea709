import { describe, html, input, open, svg } from "./dom.js";
import { alone, fill, MISSING, number, parse, sign } from "./language.js";
import { draw } from "./shapes.js";

// A lab: controls, the answer in one sentence, a picture, the numbers as a table, and what they cannot know. It
// knows no formula: the model gives `answer(inputs)`, the numbers, and `picture(values)`, the shapes to draw.

const WIDE = "(min-width: 700px)";

// The next of 1, 2, 5, 10, 20, 50, … above the value.
function roundedUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10, 20].map((factor) => factor * power).find((most) => most > value);
}

// Steps of 0.01 must not gather dust: 0.1 + 0.2 is 0.3 here.
const clean = (value) => Number(value.toPrecision(12));

// In a box for percent 85 means 85 %, with the sign or without it.
function accepted(typed, { kind, least, limit }) {
  const plain = parse(typed);
  if (plain === null) return null;
  const value = kind === "percent" && !/[%٪]/.test(typed) ? clean(plain / 100) : plain;
  if (value < least || value > limit) return null;
  return kind === "count" && !Number.isInteger(value) ? null : value;
}

function slider(spec, label, texts, language, change) {
  const percent = spec.kind === "percent";
  const range = input({ type: "range", min: spec.least, "aria-label": label });
  const box = input({ type: "text", inputmode: "decimal", autocomplete: "off", dir: "ltr" });
  const bounds = { least: spec.least, most: spec.limit };
  const accepts = html("p", { class: "rk-accepts", hidden: "" }, fill(texts[`accepts.${spec.kind}`], bounds, language));
  describe(box, accepts);
  const unit = percent ? sign(language) : "";
  let current = null;
  let most = spec.most;
  const shown = (value) => number(percent ? value * 100 : value, language, 6);
  const format = () => (box.value = shown(current));
  const take = (value) => value !== null && value !== current && change(spec.name, value);

  range.addEventListener("input", () => take(Number(range.value)));
  box.addEventListener("input", () => {
    const value = accepted(box.value, spec);
    box.setAttribute("aria-invalid", String(value === null));
    accepts.hidden = value !== null;
    take(value);
  });
  // The last value returns; what would have been accepted stays said until the next one.
  box.addEventListener("change", () => {
    box.setAttribute("aria-invalid", "false");
    format();
  });
  box.addEventListener("keydown", (event) => {
    const way = { ArrowUp: spec.step, ArrowDown: -spec.step }[event.key];
    if (!way) return;
    event.preventDefault();
    take(Math.min(spec.limit, Math.max(spec.least, clean(current + way))));
    format();
  });

  function show(value) {
    if (value !== current) accepts.hidden = true;
    current = value;
    // The slider grows for a value beyond it and never shrinks: its thumb must not run from the finger.
    if (value > most) most = Math.min(spec.limit, roundedUp(value));
    range.max = most;
    range.step = spec.step * 10 ** Math.max(0, Math.floor(Math.log10(most / spec.step / 500)));
    range.value = value;
    range.setAttribute("aria-valuetext", shown(value) + unit);
    // A number is not rewritten under the fingers of the one who types it.
    if (accepted(box.value, spec) !== value) format();
  }
  const named = html("label", {}, html("span", {}, label), html("span", { class: "rk-entry" }, box, html("span", {}, unit)));
  return { node: html("div", { class: "rk-control" }, named, accepts, range), show };
}

function choice(spec, label, words, change) {
  const radios = words.map((_, place) => {
    // A form of its own for each, so that one name for all radio buttons keeps the controls apart.
    const radio = input({ type: "radio", name: "choice" });
    radio.addEventListener("change", () => change(spec.name, place));
    return radio;
  });
  const options = radios.map((radio, place) => html("label", {}, radio, html("span", {}, words[place])));
  const form = html("form", { class: "rk-choice" }, html("fieldset", {}, html("legend", {}, label), ...options));
  form.addEventListener("submit", (event) => event.preventDefault());
  return { node: form, show: (value) => (radios[value].checked = true) };
}

// The controls under their headings. Where the screen is narrow only the first stands open.
function grouped(controls, nodes, texts) {
  const groups = [...new Set(controls.map(({ group }) => group))];
  return groups.map((group, place) => {
    const own = nodes.filter((_, at) => controls[at].group === group);
    const inside = html("div", { class: "rk-controls" }, ...own);
    if (!group) return inside;
    const heading = html("summary", { "data-lm-suppress-shortcuts": "true" }, texts[`group.${group}`]);
    const details = html("details", { class: "rk-group" }, heading, inside);
    details.open = place === 0 || matchMedia(WIDE).matches;
    return details;
  });
}

function table(texts, rows) {
  const cells = Object.fromEntries(rows.map((name) => [name, html("td")]));
  const head = ["name", "value"].map((name) => html("th", { scope: "col" }, texts[`column.${name}`]));
  const body = rows.map((name) =>
    html("tr", {}, html("th", { scope: "row" }, texts[`label.${name}`]), cells[name]),
  );
  const caption = html("caption", {}, texts.caption);
  return { node: html("table", {}, caption, html("thead", {}, html("tr", {}, ...head)), html("tbody", {}, ...body)), cells };
}

// The values as texts need them: a name, such as that of a next step, becomes its words.
const worded = (values, texts) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) =>
      typeof value === "string" ? [name, texts[`label.${value}`]] : [name, value],
    ),
  );

export const lab = ({ answer, picture }) =>
  function render({ model, el }) {
    const { language, texts, controls, rows } = model.get("setup");
    open(el, language, "rk-lab");
    const change = (name, value) => {
      model.set("inputs", { ...model.get("inputs"), [name]: value });
      model.save_changes();
    };
    const inputs = controls.map((spec) => {
      const label = texts[`label.${spec.name}`];
      if (spec.kind === "choice") return choice(spec, label, texts.choices, change);
      return slider(spec, label, texts, language, change);
    });
    const sentence = html("p", { class: "rk-say", "aria-live": "polite" });
    const drawing = svg("svg", { role: "img", "aria-label": texts.title, class: "rk-picture" });
    const figure = html("div", { class: "rk-figure" }, drawing);
    const numbers = table(texts, rows);
    el.append(
      html("p", { class: "rk-title" }, texts.title),
      ...grouped(controls, inputs.map(({ node }) => node), texts),
      sentence,
      figure,
      html("div", { class: "rk-limits" }, html("p", {}, texts.limits_title), limits(texts)),
      numbers.node,
    );

    let width = 0;
    function show() {
      const given = model.get("inputs");
      const { problem, sentence: code = "answer", ...found } = answer(given);
      const values = { ...given, ...found };
      const filled = worded(values, texts);
      const words = (name) => fill(texts[`drawn.${name}`], filled, language);
      controls.forEach(({ name }, place) => inputs[place].show(given[name]));
      el.toggleAttribute("data-problem", problem !== null);
      sentence.textContent = fill(texts[`say.${problem ?? code}`], filled, language);
      for (const name of rows)
        numbers.cells[name].textContent =
          problem === null ? alone(fill(texts[`value.${name}`], filled, language), language) : MISSING;
      if (problem !== null) drawing.replaceChildren();
      else if (width > 0)
        draw(drawing, picture(values), { width, values, words, language, mirrored: language === "fa" });
    }
    const observer = new ResizeObserver(() => {
      if (drawing.clientWidth === width) return;
      width = drawing.clientWidth;
      show();
    });
    observer.observe(figure);
    model.on("change:inputs", show);
    show();
    return () => {
      observer.disconnect();
      model.off("change:inputs", show);
    };
  };

const limits = (texts) => html("ul", {}, ...texts.limits.map((limit) => html("li", {}, limit)));
