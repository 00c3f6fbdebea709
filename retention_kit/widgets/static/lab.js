import { html, input, open, svg } from "./dom.js";
import { alone, fill, MISSING, number, parse } from "./language.js";
import { draw } from "./shapes.js";

// A lab: controls, the answer in one sentence, a picture, the numbers as a table, and what they cannot know. It
// knows no formula: the model gives `answer(inputs)`, the numbers, and `picture(values)`, the shapes to draw.

const LARGEST = 1e12; // more customers than there are people is a slip of the finger

// The next of 1, 2, 5, 10, 20, 50, … above the value.
function roundedUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10, 20].map((factor) => factor * power).find((most) => most > value);
}

function accepted(typed, { least, step }) {
  const value = parse(typed);
  if (value === null || value < least || value > LARGEST) return null;
  return Math.abs(value / step - Math.round(value / step)) < 1e-9 ? value : null;
}

function control(spec, label, language, change) {
  const range = input({ type: "range", min: spec.least, "aria-label": label });
  const box = input({ type: "text", inputmode: "decimal", autocomplete: "off", dir: "ltr" });
  let current = null;
  let most = spec.most;
  const format = () => (box.value = number(current, language, 6));
  const take = (value) => value !== null && value !== current && change(spec.name, value);

  range.addEventListener("input", () => take(Number(range.value)));
  box.addEventListener("input", () => {
    const value = accepted(box.value, spec);
    box.setAttribute("aria-invalid", String(value === null));
    take(value);
  });
  box.addEventListener("change", () => {
    box.setAttribute("aria-invalid", "false");
    format();
  });
  box.addEventListener("keydown", (event) => {
    const way = { ArrowUp: spec.step, ArrowDown: -spec.step }[event.key];
    if (!way) return;
    event.preventDefault();
    take(Math.min(LARGEST, Math.max(spec.least, current + way)));
    format();
  });

  function show(value) {
    current = value;
    // The slider grows for a value beyond it and never shrinks: its thumb must not run from the finger.
    if (value > most) most = roundedUp(value);
    range.max = most;
    range.step = spec.step * 10 ** Math.max(0, Math.floor(Math.log10(most / spec.step / 500)));
    range.value = value;
    range.setAttribute("aria-valuetext", number(value, language, 6));
    // A number is not rewritten under the fingers of the one who types it.
    if (accepted(box.value, spec) !== value) format();
  }
  const named = html("label", {}, html("span", {}, label), box);
  return { node: html("div", { class: "rk-control" }, named, range), show };
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

export const lab = ({ answer, picture }) =>
  function render({ model, el }) {
    const { language, texts, controls, rows } = model.get("setup");
    open(el, language, "rk-lab");
    const change = (name, value) => {
      model.set("inputs", { ...model.get("inputs"), [name]: value });
      model.save_changes();
    };
    const inputs = controls.map((spec) => control(spec, texts[`label.${spec.name}`], language, change));
    const sentence = html("p", { class: "rk-say", "aria-live": "polite" });
    const drawing = svg("svg", { role: "img", "aria-label": texts.title, class: "rk-picture" });
    const figure = html("div", { class: "rk-figure" }, sentence, drawing);
    const numbers = table(texts, rows);
    el.append(
      html("p", { class: "rk-title" }, texts.title),
      html("div", { class: "rk-controls" }, ...inputs.map(({ node }) => node)),
      figure,
      html("div", { class: "rk-limits" }, html("p", {}, texts.limits_title), limits(texts)),
      numbers.node,
    );

    let width = 0;
    function show() {
      const given = model.get("inputs");
      const values = { ...given, ...answer(given) };
      const words = (name) => fill(texts[`drawn.${name}`], values, language);
      controls.forEach(({ name }, place) => inputs[place].show(given[name]));
      el.toggleAttribute("data-problem", values.problem !== null);
      sentence.textContent = fill(texts[`say.${values.problem ?? "answer"}`], values, language);
      for (const name of rows)
        numbers.cells[name].textContent =
          values.problem === null ? alone(fill(texts[`value.${name}`], values, language), language) : MISSING;
      if (values.problem !== null) drawing.replaceChildren();
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
