"""A guess to commit to before anything is shown."""

from __future__ import annotations

import traitlets

from retention_kit.widgets.twin import Fallback, Twin, texts_under


class Prediction(Twin):
    """A number box for a share; `guess` is None until the reader confirms one.

    >>> print(Prediction("How many of 100 customers stay?", "en").guess)
    None
    """

    guess = traitlets.Float(None, allow_none=True).tag(sync=True)

    files = ("prediction.js",)
    kept = ("guess",)

    def __init__(self, prompt: str, language: str) -> None:
        texts = texts_under("widget.prediction.", language=language)
        super().__init__(language, {"prompt": prompt, "texts": texts})

    def fallback(self) -> Fallback:
        """The question."""
        return Fallback(self.setup["prompt"])
