"""Builds the lessons: one bilingual source in, one executed notebook a language and the facilitator's guide out.

`notebooks/source/*.md` is the only form people edit. `docs/writing-lessons.md` says how.
"""
