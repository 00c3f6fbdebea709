"""Imported first in the process that runs are forked from: leaves out what loads slowly and no run needs."""

import sys

# Where it is installed, jsonschema builds its grammar of web addresses while nbformat is imported: a quarter of
# the whole start, for a format that no notebook has.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
