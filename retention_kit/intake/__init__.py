"""From a file to a checked log: find the columns, parse every row in the engine, refuse what cannot be used.

Only this room meets the names and values of a file. Names are quoted as identifiers or replaced by numbered ones,
paths travel as bound parameters, values never enter the text of a query.
"""

from retention_kit.intake.keeping import reading_once
from retention_kit.intake.reading import Preview, preview, read
from retention_kit.intake.sharing import write_refused
from retention_kit.intake.sources import files_of

__all__ = ["Preview", "files_of", "preview", "read", "reading_once", "write_refused"]
