"""On paper nothing can be scrolled: what is wider than the page is lost."""

from pathlib import Path

from retention_kit import reports
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
