"""Which column of a file is which of ours: asked for, by a ready profile, or by the names a column goes by."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from retention_kit.errors import RetentionError, check_choice, check_kind
from retention_kit.tables import Column, Contract, Mapped, contract, fold

_SIMILAR = 0.86
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")


@dataclass(frozen=True)
class Profile:
    """How the export of a well-known program is laid out."""

    name: str
    contract: str
    says: Mapping[str, str]
    needs: tuple[str, ...]
    columns: Mapping[str, str]
    zone: str | None = None
    formats: Mapping[str, str] = field(default_factory=dict)

    def fits(self, contract_name: str, headers: Sequence[str]) -> bool:
        """Whether a file is such an export."""
        return self.contract == contract_name and set(map(fold, self.needs)) <= set(map(fold, headers))


@cache
def profiles() -> tuple[Profile, ...]:
    """All ready profiles."""
    written = tomllib.loads((resources.files("retention_kit") / "profiles.toml").read_text("utf-8"))
    return tuple(
        Profile(name, **{key: _plain(value) for key, value in row.items()}) for name, row in written.items()
    )


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def find_profile(contract_name: str, headers: Sequence[str]) -> Profile | None:
    """The profile that fits a header, if one does."""
    return next((profile for profile in profiles() if profile.fits(contract_name, headers)), None)


def map_columns(
    headers: Sequence[str], rules: Contract, asked: Mapping[str, str], profile: Profile | None
) -> tuple[Mapped, ...]:
    """Our columns with theirs and the reason; what is ambiguous or missing is asked for, never taken.

    Args:
        headers: the names in the file.
        rules: the contract.
        asked: our name to theirs, as the reader said.
        profile: the export it is, if it is a known one.
    """
    check_kind("columns", asked, Mapping, repr({"customer": "Buyer"}))
    there = {fold(header): header for header in reversed(headers)}
    chosen = [_asked(ours, theirs, headers, rules) for ours, theirs in asked.items()]
    taken = {mapped.ours for mapped in chosen}
    if profile is not None:
        ready = [(ours, theirs) for ours, theirs in profile.columns.items() if ours not in taken]
        chosen += [Mapped(ours, there[fold(theirs)], "profile") for ours, theirs in ready if fold(theirs) in there]
    else:
        free = [header for header in headers if header not in {mapped.theirs for mapped in chosen}]
        guesses = [_guess(column, free) for column in rules.columns if column.name not in taken]
        chosen += [guess for guess in guesses if guess is not None]
    _require(rules, {mapped.ours for mapped in chosen}, headers)
    if rules.unlike and profile is None:
        _ask_whether_other(rules, chosen)
    order = {column.name: place for place, column in enumerate(rules.columns)}
    return tuple(sorted(chosen, key=lambda mapped: order[mapped.ours]))


def _asked(ours: str, theirs: str, headers: Sequence[str], rules: Contract) -> Mapped:
    check_choice("columns", ours, tuple(column.name for column in rules.columns))
    if theirs in headers:
        return Mapped(ours, theirs, "asked")
    alike = [header for header in headers if fold(header) == fold(theirs)]
    if len(alike) == 1:
        return Mapped(ours, alike[0], "asked")
    facts = {"ours": ours, "theirs": theirs, "there": _listed(headers)}
    near = get_close_matches(theirs, headers, n=1, cutoff=0.4)
    if near:
        raise RetentionError("column_not_in_file_near", near=near[0], **facts)
    raise RetentionError("column_not_in_file", **facts)


def _guess(column: Column, headers: Sequence[str]) -> Mapped | None:
    """The one column of the file that goes by our name, or by one of its names, or by one much like them.

    Where several do, a required column is asked for; one that can be missing stays missing.
    """
    own = [header for header in headers if _spelt(header) == fold(column.name)]
    known = set(map(fold, column.names))
    by_name = [header for header in headers if _spelt(header) in known]
    for found, why in ((own, "same_name"), (by_name, "known_name")):
        if len(found) > 1 and not column.required:
            return None
        if len(found) > 1:
            raise RetentionError("ambiguous_column", ours=column.name, found=_listed(found), first=found[0])
        if found:
            return Mapped(column.name, found[0], why)
    if not column.required:
        return None
    similar = [header for header in headers if get_close_matches(_spelt(header), known, n=1, cutoff=_SIMILAR)]
    return Mapped(column.name, similar[0], "similar_name") if len(similar) == 1 else None


def _spelt(header: str) -> str:
    """A header folded, without what stands in brackets: a unit, a remark."""
    return fold(_BRACKETS.sub("", header))


def _require(rules: Contract, chosen: set[str], headers: Sequence[str]) -> None:
    for column in rules.columns:
        computed = column.product_of and set(column.product_of) <= chosen
        if column.required and column.name not in chosen and not computed:
            raise RetentionError("missing_column", ours=column.name, there=_listed(headers))


def _ask_whether_other(rules: Contract, chosen: Sequence[Mapped]) -> None:
    """A file of orders read as a ledger of subscriptions would give numbers, and all of them wrong."""
    other = {fold(name) for column in contract(rules.unlike).columns for name in (column.name, *column.names)}
    guessed = [mapped for mapped in chosen if mapped.ours != "customer"]
    if all(mapped.why != "asked" and _spelt(mapped.theirs) in other for mapped in guessed):
        start = next(mapped for mapped in guessed if rules.column(mapped.ours).kind == "time")
        raise RetentionError("perhaps_orders", ours=start.ours, theirs=start.theirs)


def _listed(headers: Sequence[str]) -> tuple[str, ...]:
    """Names for a sentence: not more than can be read, none longer than a line."""
    shown = [header if len(header) <= 40 else header[:39] + "…" for header in headers[:12]]
    return (*shown, *(["…"] if len(headers) > len(shown) else []))
