"""On paper nothing can be scrolled: what is wider than the page is lost. On a dark screen nothing dazzles."""

import re
import zlib
from pathlib import Path
from typing import Any

from markupsafe import Markup

from retention_kit import reports
from retention_kit.reports.rendering import render
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


def page_of(body: str) -> str:
    return render("lesson", "fa", "", lesson={"body": Markup(body), "stop": None})  # noqa: S704 no founder's


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
