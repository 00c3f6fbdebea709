import { describe, html, input, open } from "./dom.js";
import { fill, parse } from "./language.js";

// A guess to make before anything is shown: 85, 85%, 0.85 in any digits; above 1 it is percent.

function share(typed) {
  const value = parse(typed);
  const guess = value !== null && value > 1 ? value / 100 : value;
  return guess !== null && guess >= 0 && guess <= 1 ? guess : null;
}

export function render({ model, el }) {
  const { language, texts, prompt } = model.get("setup");
  open(el, language, "rk-prediction");
  const box = input({ type: "text", inputmode: "decimal", autocomplete: "off", dir: "ltr", placeholder: texts.example });
  const said = html("p", { class: "rk-say", role: "status" });
  describe(box, said);
  const form = html(
    "form",
    {},
    html("label", {}, html("span", {}, prompt), box),
    html("button", { type: "submit", "data-lm-suppress-shortcuts": "true" }, texts.confirm),
    said,
  );
  const kept = () => {
    const guess = model.get("guess");
    if (guess !== null) said.textContent = fill(texts.kept, { guess }, language);
  };
  // Within a notebook JupyterLab keeps Enter from sending a form.
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const guess = share(box.value);
    box.setAttribute("aria-invalid", String(guess === null));
    if (guess === null) {
      said.textContent = texts.unreadable;
      return;
    }
    model.set("guess", guess);
    model.save_changes();
    kept();
  });
  el.append(form);
  kept();
}
