"""Imported last in the process that runs are forked from: what is slow the first time has then been done once."""

from io import BytesIO

import nbformat

from retention_kit.figures.canvas import canvas
from retention_kit.language import text
from retention_kit.reports.pages import lesson_body

canvas("fa", text("report.title", "fa"))[0].savefig(BytesIO(), format="png")
lesson_body(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("$x$")]))
