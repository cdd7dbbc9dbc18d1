"""Countries that the user assigns to vendors: which are accepted, and what is said of the others."""

from __future__ import annotations

from orwatch.domain.names import nearest
from orwatch.domain.records import OTHER
from orwatch.domain.vendors import COUNTRIES, is_cloaked
from orwatch.errors import UsageError

_COMMON_SLIPS = {"UK": "GB"}
"""Codes that the standard reserves and never assigned, and that people do type."""


def assignment(author: str, code: str) -> tuple[str, str]:
    """The author in lower case and the alpha-2 code in capitals.

    Raises UsageError for a code that is none, with the nearest ones, for a cloaked vendor, and for what cannot be an author.
    """
    slug, country = author.strip().lower(), code.strip().upper()
    if is_cloaked(slug):
        raise UsageError(f"{author!r} carries routers and cloaked models, which are never attributed to a country.")
    if slug == OTHER:
        raise UsageError(f"{author!r} is everything outside the top 50, which is never attributed to a country.")
    if not slug or "/" in slug:
        raise UsageError(f"{author!r} is no vendor: a country is assigned to the author part alone, as in 'deepseek'.")
    if country not in COUNTRIES:
        hint = nearest_countries(country) or "give two letters, such as CN, US or FR"
        raise UsageError(f"{code!r}, assigned to {slug}, is no ISO 3166-1 country code; {hint}.")
    return slug, country


def seat_assignment(host: str, code: str) -> tuple[str, str]:
    """A host's name and the alpha-2 code of its seat in capitals. Raises UsageError for no name, and for a code that is none."""
    name, country = host.strip(), code.strip().upper()
    if not name:
        raise UsageError("A seat is given to a host by its name, as in 'DeepInfra'.")
    if country not in COUNTRIES:
        hint = nearest_countries(country) or "give two letters, such as CN, US or FR"
        raise UsageError(f"{code!r}, assigned to {name}, is no ISO 3166-1 country code; {hint}.")
    return name, country


def nearest_countries(code: str) -> str:
    """`nearest: GB (United Kingdom), …`, searched among codes and names; empty where nothing is near."""
    code_of = {name.upper(): known for known, name in COUNTRIES.items()}
    sure = _COMMON_SLIPS.get(code) or code_of.get(code)
    hits = (sure,) if sure else nearest(code, (*COUNTRIES, *code_of))
    codes = dict.fromkeys(code_of.get(hit, hit) for hit in hits)
    return "nearest: " + ", ".join(f"{known} ({COUNTRIES[known]})" for known in codes) if codes else ""
