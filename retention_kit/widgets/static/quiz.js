import { html, input, open } from "./dom.js";
import { fill } from "./language.js";

// Multiple choice: an option shows its feedback at once, the score stands when every question has an answer.

function ask({ question, options, right, feedback }, texts, answered) {
  const said = html("p", { class: "rk-feedback", "aria-live": "polite" });
  const choices = options.map((option, place) => {
    // Each question is a form of its own, so that one name for all radio buttons keeps the questions apart.
    const radio = input({ type: "radio", name: "option" });
    radio.addEventListener("change", () => {
      const correct = place === right;
      said.textContent = `${correct ? texts.right : texts.wrong} ${feedback[place]}`;
      said.dataset.right = correct;
      answered(correct);
    });
    return html("label", { class: "rk-option" }, radio, html("span", {}, option));
  });
  const group = html("fieldset", {}, html("legend", {}, question), ...choices, said);
  const form = html("form", {}, group);
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

export function render({ model, el }) {
  const { language, texts, questions } = model.get("setup");
  open(el, language, "rk-quiz");
  const results = questions.map(() => null);
  const score = html("p", { class: "rk-say", role: "status" });
  const forms = questions.map((question, place) =>
    ask(question, texts, (correct) => {
      results[place] = correct;
      if (results.includes(null)) return;
      const values = { right: results.filter(Boolean).length, count: results.length };
      score.textContent = fill(texts.score, values, language);
    }),
  );
  el.append(...forms, score);
}
