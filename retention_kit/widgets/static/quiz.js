import { html, input, open } from "./dom.js";
import { fill } from "./language.js";

// Multiple choice: an option shows its feedback at once, the score stands when every question has an answer.

function ask({ question, options, right, feedback }, texts, chosen, choose) {
  const said = html("p", { class: "rk-feedback", "aria-live": "polite" });
  const say = (place) => {
    said.textContent = `${place === right ? texts.right : texts.wrong} ${feedback[place]}`;
    said.dataset.right = place === right;
  };
  const choices = options.map((option, place) => {
    // Each question is a form of its own, so that one name for all radio buttons keeps the questions apart.
    const radio = input({ type: "radio", name: "option" });
    radio.checked = place === chosen;
    radio.addEventListener("change", () => {
      say(place);
      choose(place);
    });
    return html("label", { class: "rk-option" }, radio, html("span", {}, option));
  });
  if (chosen !== null) say(chosen);
  const group = html("fieldset", {}, html("legend", {}, question), ...choices, said);
  const form = html("form", {}, group);
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

export function render({ model, el }) {
  const { language, texts, questions } = model.get("setup");
  open(el, language, "rk-quiz");
  const score = html("p", { class: "rk-say", role: "status" });
  const count = () => {
    const answers = model.get("answers");
    if (answers.includes(null)) return;
    const right = questions.filter((question, place) => question.right === answers[place]).length;
    score.textContent = fill(texts.score, { right, count: questions.length }, language);
  };
  const forms = questions.map((question, place) =>
    ask(question, texts, model.get("answers")[place], (option) => {
      model.set("answers", model.get("answers").map((answer, at) => (at === place ? option : answer)));
      model.save_changes();
      count();
    }),
  );
  el.append(...forms, score);
  count();
}
