// Making elements. Values only ever become text or attributes, never markup.

export function html(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function svg(tag, attributes = {}, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

// JupyterLab moves between cells on the arrow keys unless the input itself keeps them.
export const input = (attributes) => html("input", { "data-lm-suppress-shortcuts": "true", ...attributes });

// Ties words to the input that they are about.
export function describe(box, words) {
  words.id = `rk-${Math.random().toString(36).slice(2)}`;
  box.setAttribute("aria-describedby", words.id);
}

// Takes over the element from the readable fallback it may hold.
export function open(el, language, kind) {
  el.classList.add("rk-twin", kind);
  el.lang = language;
  el.dir = language === "fa" ? "rtl" : "ltr";
  el.replaceChildren();
}
