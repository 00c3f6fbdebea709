"""On paper nothing can be scrolled: what is wider than the page is lost. On a phone charts and words can be read.

On a dark screen nothing dazzles.
"""

import re
import zlib
from pathlib import Path
from typing import Any

import nbformat
import pytest
from markupsafe import Markup

from retention_kit import Lab, reports
from retention_kit.language import text
from retention_kit.lessons.layout import table
from retention_kit.reports.pages import lesson_body
from retention_kit.reports.rendering import render
from retention_kit.tables import RESULT_MIME
from tests.browser import in_chromium, visit

# A4 without its margins, as a browser counts.
_A4 = 673
_TOO_WIDE = """() => [...document.querySelectorAll("main table, main pre, main img, main div")]
  .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
  .map(one => one.outerHTML.slice(0, 200))"""


@in_chromium
def test_no_table_is_wider_than_the_paper(tmp_path: Path) -> None:
    made = reports.run("revenue_churn", {"language": "fa"}, tmp_path)
    with visit("file://", width=_A4) as window:
        window.page.emulate_media(media="print")
        window.page.goto(made.page.as_uri())
        assert window.page.locator("main table").count() > 3
        assert window.page.evaluate(_TOO_WIDE) == []
        assert window.page.evaluate("document.documentElement.scrollWidth") <= _A4


def page_of(body: str, language: str = "fa") -> str:
    return render("lesson", language, "", lesson={"body": Markup(body), "stop": None})  # noqa: S704 no founder's


def runs_on_the_last_page(printed: bytes) -> int:
    """How many runs of letters Chromium sets on the last page."""
    contents = re.findall(rb"/Type /Page\b.*?/Contents (\d+) 0 R", printed, re.DOTALL)
    stream = re.search(rb"\n%b 0 obj\n.*?stream\n(.*?)\nendstream" % contents[-1], printed, re.DOTALL)
    assert stream is not None
    return len(re.findall(rb"T[jJ]\b", zlib.decompress(stream[1])))


@in_chromium
def test_the_footer_never_stands_alone_on_the_last_page() -> None:
    """Whatever fills the page before it: one line after the other is pushed over its edge."""
    with visit("file://") as window:

        def printed(body: str) -> int:
            window.page.set_content(page_of(body))
            return runs_on_the_last_page(window.page.pdf(prefer_css_page_size=True))

        alone = printed("")
        heights = range(800, 1000, 20)
        last_pages = [printed(f'<div style="height: {height}px"></div><p>سطر آخر</p>') for height in heights]
        assert min(last_pages) > alone


_A_WHITE_CHART = """<img alt="" src="data:image/svg+xml,
<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9' fill='white'/></svg>">"""
_BRIGHTNESS = """async bytes => {
  const picture = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
  const drawn = new OffscreenCanvas(1, 1).getContext("2d");
  drawn.drawImage(picture, 0, 0, 1, 1);
  return drawn.getImageData(0, 0, 1, 1).data[0];
}"""


@in_chromium
def test_a_chart_is_dark_on_a_dark_screen_alone() -> None:
    with visit("file://") as window:
        window.page.set_content(page_of(_A_WHITE_CHART))

        def brightness(**seen_on: Any) -> int:
            window.page.emulate_media(**seen_on)
            picture = window.page.locator("img").screenshot()
            found: int = window.page.evaluate(_BRIGHTNESS, list(picture))
            return found

        assert brightness(media="screen", color_scheme="light") == 255
        assert brightness(media="screen", color_scheme="dark") < 40
        assert brightness(media="print", color_scheme="dark") == 255


# A phone, and its width without the margins of the page.
_PHONE, _COLUMN = 390, 358


def figure_of(*results: str) -> str:
    """A wide picture as the page of a lesson shows it, in one cell with these results."""
    outputs = [nbformat.v4.new_output("display_data", {"image/png": "", "text/plain": ""})]
    outputs += [
        nbformat.v4.new_output("display_data", {RESULT_MIME: {"name": name}, "text/html": ""}) for name in results
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)])
    return lesson_body(notebook).replace("data:image/png;base64,", _WIDE)


_WIDE = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='880' height='462'/>"
_EDGES = """() => {
  const [box, picture] = [".figure", ".figure img"]
    .map(one => document.querySelector(one).getBoundingClientRect());
  return { width: picture.width, left: picture.left - box.left, right: picture.right - box.right };
}"""


@in_chromium
@pytest.mark.parametrize(
    ("language", "results", "first_seen"),
    [
        ("en", ["churn"], "right"),
        ("fa", ["churn"], "right"),
        ("en", ["cohorts"], "left"),
        ("fa", ["cohorts"], "right"),
        ("en", [], "left"),
    ],
)
def test_on_a_phone_a_chart_can_be_read_and_shows_its_latest_end_first(
    language: str, results: list[str], first_seen: str
) -> None:
    with visit("file://", width=_PHONE) as window:
        window.page.set_content(page_of(figure_of(*results), language))
        found = window.page.evaluate(_EDGES)
        assert found["width"] > 1.5 * _COLUMN
        assert found[first_seen] == 0
        assert window.page.evaluate("document.documentElement.scrollWidth") == _PHONE


_TRAPS = table("", ["trap", "a", "b", "why"], [["the trap", "50%", "40%", "a long reason " * 8]] * 2, "fa")
_PLACES = """() => [...document.querySelectorAll("tbody tr:first-child > *")].map(cell => {
  const { top, bottom, left, width } = cell.getBoundingClientRect();
  return { top, bottom, left, width };
})"""


@in_chromium
def test_on_a_phone_a_long_text_stands_below_its_row_and_beside_it_where_there_is_room() -> None:
    with visit("file://", width=_PHONE) as window:
        window.page.set_content(page_of(_TRAPS))
        name, tempting, right, why = window.page.evaluate(_PLACES)
        assert name["top"] == tempting["top"] == right["top"]
        assert why["top"] >= name["bottom"]
        assert why["width"] == _COLUMN
        assert window.page.evaluate(_TOO_WIDE) == []
        window.page.set_viewport_size({"width": 800, "height": 600})
        name, *_, why = window.page.evaluate(_PLACES)
        assert why["top"] == name["top"]


@in_chromium
@pytest.mark.parametrize("language", ["en", "fa"])
def test_on_paper_one_line_stands_in_the_place_of_a_lab(language: str) -> None:
    with visit("file://") as window:
        window.page.set_content(page_of(Lab("churn", language=language).twin(), language))
        seen = window.page.locator(".rk-twin > *:visible")
        assert seen.count() > 0
        window.page.emulate_media(media="print")
        assert seen.count() == 0
        said = "getComputedStyle(document.querySelector('.rk-twin'), '::before').content"
        assert window.page.evaluate(said) == f'"{text("report.lab_on_paper", language)}"'


@in_chromium
def test_words_that_lead_to_a_table_stay_with_it_on_paper() -> None:
    """The words would be the last of the first page, and the table is on the second."""
    lead = '<div class="cell text_cell"><p>سطر آخر:</p></div>'
    rows = "".join(f"<tr><td>{count}</td></tr>" for count in "۱۲۳")
    rows = f'<div class="cell code_cell"><table>{rows}</table></div>'
    with visit("file://") as window:

        def last_page(after: str) -> int:
            window.page.set_content(page_of(f'<div style="height: 845px"></div>{lead}{after}'))
            return runs_on_the_last_page(window.page.pdf(prefer_css_page_size=True))

        assert last_page(rows) > last_page(f"<div>{rows}</div>")
