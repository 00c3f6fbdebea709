// A prebuilt JupyterLab extension, written by hand so that no Node build stands between a change and the reader.
// It does two things: Persian Markdown reads from right to left, by its content; and a lab whose kernel is gone
// shows its twin, which needs none, in place of "model not found".
(() => {
  "use strict";
  const here = document.currentScript.src;
  const NOT_PROSE = "pre, code, math, mjx-container, .MathJax, .MathJax_Preview";
  const LOST_WIDGET = "Error displaying widget: model not found";

  const count = (text, letters) => (text.match(letters) ?? []).length;

  function isPersian(markdown) {
    const copy = markdown.cloneNode(true);
    for (const part of copy.querySelectorAll(NOT_PROSE)) part.remove();
    // Formulas are text until they are typeset.
    const prose = copy.textContent.replace(/\$[^$]*\$/g, "");
    return count(prose, /[\u0620-\u06ff]/g) > count(prose, /[A-Za-z]/g);
  }

  function turn(markdown) {
    if (isPersian(markdown)) {
      markdown.dir = "rtl";
      markdown.lang = "fa";
    } else {
      markdown.removeAttribute("dir");
      markdown.removeAttribute("lang");
    }
  }

  // The saved output of a lab holds its twin beside the widget; JupyterLab's own renderer keeps the rules of trust.
  async function revive(app, lost) {
    for (const panel of app.shell.widgets("main")) {
      for (const cell of panel.content?.widgets ?? []) {
        const place = cell.outputArea?.widgets.findIndex((output) => output.node.contains(lost)) ?? -1;
        if (place < 0) continue;
        const output = cell.outputArea.model.get(place);
        if (!String(output.data["text/html"]).includes('class="rk-twin"')) continue;
        const twin = panel.content.rendermime.createRenderer("text/html");
        await twin.renderModel(output);
        lost.replaceChildren(twin.node);
      }
    }
  }

  const within = (node, selector) =>
    node instanceof HTMLElement ? [...(node.matches(selector) ? [node] : []), ...node.querySelectorAll(selector)] : [];

  function look(app, { target, addedNodes }) {
    const markdown = target.closest(".jp-RenderedMarkdown");
    if (markdown) {
      turn(markdown);
      return;
    }
    for (const added of addedNodes) within(added, ".jp-RenderedMarkdown").forEach(turn);
    const widgets = [...addedNodes].flatMap((added) => within(added, ".jupyter-widgets"));
    for (const widget of [target, ...widgets])
      if (widget.matches(".jupyter-widgets") && widget.textContent === LOST_WIDGET) revive(app, widget);
  }

  function activate(app) {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = new URL("rtl.css", here).href;
    document.head.append(style);
    const observer = new MutationObserver((changes) => changes.forEach((change) => look(app, change)));
    observer.observe(document.body, { childList: true, subtree: true });
  }

  const plugin = { id: "retention-kit:right-to-left", autoStart: true, activate };
  const modules = { "./extension": () => ({ __esModule: true, default: plugin }) };
  (window._JUPYTERLAB ??= {})["retention-kit"] = { init: () => {}, get: async (name) => modules[name] };
})();
