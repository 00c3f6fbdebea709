"""report.pdf, as Chromium prints it."""

import re
from pathlib import Path

from retention_kit import reports
from tests.browser import in_chromium
from tests.reports.companies import write_orders

# A4 in points: 210 mm by 297 mm.
WIDTH, HEIGHT = 595, 842


@in_chromium
def test_the_printed_report_is_on_a4_and_in_persian_with_its_own_font(tmp_path: Path) -> None:
    given = {"orders": str(write_orders(tmp_path / "orders.csv")), "language": "fa"}
    made = reports.report(given, tmp_path / "گزارش", pdf=True)
    assert made.pdf == tmp_path / "گزارش" / "report.pdf"
    printed = made.pdf.read_bytes()
    assert printed.startswith(b"%PDF")
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert len(boxes) > 1
    assert all(abs(float(wide) - WIDTH) < 1 and abs(float(high) - HEIGHT) < 1 for wide, high in boxes)
    assert b"/Lang (fa)" in printed
    assert b"Vazirmatn-Regular" in printed
