"""What the outputs of a lesson say."""

import re
from html import unescape
from typing import Any


def words(outputs: list[dict[str, Any]]) -> str:
    """All that the outputs say, without their tags."""
    html = " ".join(output.get("text/html", "") for output in outputs)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
