"""Countries that the user gives to vendors and to hosts: which are accepted, and what is said of the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from orwatch.domain.names import nearest
from orwatch.domain.records import OTHER
from orwatch.domain.vendors import COUNTRIES, is_cloaked
from orwatch.errors import UsageError

COUNTRY_HINT: Final = "give two letters, such as CN, US or FR"
_COMMON_SLIPS: Final = {"UK": "GB"}
"""Codes that the standard reserves and never assigned, and that people do type."""


class Assignments(Struct, frozen=True):
    """A table of the config file, `name = "CC"`. named: a name as it is written there; raises UsageError for what is none."""

    table: str
    named: Callable[[str], str]

    def check(self, name: str, code: str) -> tuple[str, str]:
        """The name and the alpha-2 code as they are written. Raises UsageError, for a code with the nearest ones."""
        known, country = self.named(name), code.strip().upper()
        if country not in COUNTRIES:
            hint = nearest_countries(country) or COUNTRY_HINT
            raise UsageError(f"{code!r}, assigned to {known}, is no ISO 3166-1 country code; {hint}.")
        return known, country

    def of(self, document: Mapping[str, Any], path: Path) -> dict[str, str]:
        """Those of a config file. Raises UsageError, which names the place, for a name and a code that are none."""
        codes: Mapping[str, Any] = document.get(self.table, {})
        for name, code in codes.items():
            if not isinstance(code, str):
                raise UsageError(
                    f"{path}: {self.table}.{name} is {code!r}; it takes a country code such as CN, US or FR."
                )
            try:
                self.check(name, code)
            except UsageError as error:
                raise UsageError(f"{path}, table {self.table}: {error}") from None
        return dict(codes)


def _vendor(author: str) -> str:
    slug = author.strip().lower()
    if is_cloaked(slug):
        raise UsageError(f"{author!r} carries routers and cloaked models, which are never attributed to a country.")
    if slug == OTHER:
        raise UsageError(f"{author!r} is everything outside the top 50, which is never attributed to a country.")
    if not slug or "/" in slug:
        raise UsageError(f"{author!r} is no vendor: a country is assigned to the author part alone, as in 'deepseek'.")
    return slug


def _host(host: str) -> str:
    if not host.strip():
        raise UsageError("A seat is given to a host by its name, as in 'DeepInfra'.")
    return host.strip()


VENDORS: Final = Assignments("vendors", _vendor)
"""Countries of vendors, by their authors in lower case."""
SEATS: Final = Assignments("seats", _host)
"""Countries in which hosts have their seat, by their names."""


def nearest_countries(code: str) -> str:
    """`nearest: GB (United Kingdom), …`, searched among codes and names; empty where nothing is near."""
    code_of = {name.upper(): known for known, name in COUNTRIES.items()}
    sure = _COMMON_SLIPS.get(code) or code_of.get(code)
    hits = (sure,) if sure else nearest(code, (*COUNTRIES, *code_of))
    codes = dict.fromkeys(code_of.get(hit, hit) for hit in hits)
    return "nearest: " + ", ".join(f"{known} ({COUNTRIES[known]})" for known in codes) if codes else ""
