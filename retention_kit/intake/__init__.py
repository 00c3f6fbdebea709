"""From a file to a checked log: find the columns, parse every row in the engine, refuse what cannot be used.

Only this room meets the names and values of a file. Names are quoted as identifiers or replaced by numbered ones,
paths travel as bound parameters, values never enter the text of a query.
"""

from retention_kit.intake.keeping import reading_once
from retention_kit.intake.reading import Preview, preview, read
from retention_kit.intake.sharing import write_refused
from retention_kit.intake.sources import at_home, files_of, sheet_named, sheets_of

__all__ = [
    "Preview",
    "at_home",
    "files_of",
    "preview",
    "read",
    "reading_once",
    "sheet_named",
    "sheets_of",
    "write_refused",
]
