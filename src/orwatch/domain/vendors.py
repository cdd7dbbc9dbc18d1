"""Whose models they are: the company and country of each vendor, shipped or assigned by the user.

Country of a vendor: where the company that trained the model has its headquarters. Unknown vendors and cloaked models
stay unattributed and are never guessed: "What every number means" in the README.

The table is `vendors.csv`, sorted by slug. company: empty for individuals and communities. country: ISO 3166-1 alpha-2; empty where
company or headquarters are not certain. evidence: the place, or why there is none. `openrouter` and `stealth` carry cloaked
models and are never attributed. `~author` holds OpenRouter's "latest" aliases.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.countries import COUNTRIES, is_country
from orwatch.domain.names import vendor_of
from orwatch.domain.nearest import nearest
from orwatch.domain.records import OTHER
from orwatch.errors import UsageError

NEVER_ATTRIBUTED = frozenset({"openrouter", "stealth"})
"""Authors of routers and cloaked models: who trained these is not public, so no country may be given to them."""

NOT_IN_TABLE = "not in the table"
"""Evidence of a vendor that nobody has looked at."""

ASSIGNED = "assigned by the user"
"""Evidence of a country that comes from the user's own assignments."""

_COMMON_SLIPS = {"UK": "GB"}
"""Codes that the standard reserves and never assigned, and that people do type."""


class Vendor(Struct, frozen=True):
    """A company as the source of models, and where its country is known from.

    slug: the author part of its permaslugs, in lower case.
    company: the company, institute or project; None for individuals, communities and unknown vendors.
    country: ISO 3166-1 alpha-2, or None: unattributed.
    evidence: the place of its headquarters, or why it has no country.
    assigned: who gave the country: the table shipped with orwatch or the user; None where there is none.
    """

    slug: str
    company: str | None
    country: str | None
    evidence: str
    assigned: Literal["shipped", "user"] | None


def _read_shipped() -> dict[str, Vendor]:
    """The table shipped with orwatch, by slug."""
    with Path(__file__).with_name("vendors.csv").open(encoding="utf-8", newline="") as file:
        return {
            slug: Vendor(slug, company or None, country or None, evidence, "shipped" if country else None)
            for slug, company, country, evidence in list(csv.reader(file))[1:]
        }


_SHIPPED = _read_shipped()


class Attribution:
    """Which vendor belongs to which country: the shipped table, overridden by the user's own assignments.

    Authors are looked up whatever their case.
    """

    def __init__(self, assignments: Mapping[str, str] | None = None) -> None:
        """Attribution with the user's assignments, `{author: alpha-2 code}`.

        Raises UsageError for a code that is none, for a cloaked vendor, and for what cannot be an author.
        """
        self._vendors = dict(_SHIPPED)
        for author, code in (assignments or {}).items():
            slug = _author(author)
            country = _code(slug, code)
            self._vendors[slug] = replace(self.vendor(slug), country=country, evidence=ASSIGNED, assigned="user")

    def vendor(self, slug: str) -> Vendor:
        """What is known of an author; for one not in the table a vendor without company and country."""
        key = slug.lower()
        return self._vendors.get(key) or Vendor(key, None, None, NOT_IN_TABLE, None)

    def country(self, slug: str) -> str | None:
        """The country of an author, or None: unattributed."""
        known = self._vendors.get(slug.lower())
        return known.country if known else None

    def known(self) -> tuple[Vendor, ...]:
        """Every vendor of the table and of the assignments, sorted by slug."""
        return tuple(self._vendors[slug] for slug in sorted(self._vendors))


def is_cloaked(slug: str) -> bool:
    """Whether an author, or the author of a permaslug, is one whose models are never attributed."""
    return vendor_of(slug).lower().removeprefix("~") in NEVER_ATTRIBUTED


def _author(author: str) -> str:
    """The author as the table writes it; UsageError where no country can be assigned to it."""
    slug = author.strip().lower()
    if is_cloaked(slug):
        raise UsageError(f"{author!r} carries routers and cloaked models, which are never attributed to a country.")
    if slug == OTHER:
        raise UsageError(f"{author!r} is everything outside the top 50, which is never attributed to a country.")
    if not slug or "/" in slug:
        raise UsageError(f"{author!r} is no vendor: a country is assigned to the author part alone, as in 'deepseek'.")
    return slug


def _code(slug: str, code: str) -> str:
    """The alpha-2 code in capitals; UsageError with the nearest known ones where it is none."""
    capitals = code.strip().upper()
    if is_country(capitals):
        return capitals
    raise UsageError(
        f"{code!r}, assigned to {slug}, is no ISO 3166-1 country code; "
        f"{nearest_countries(capitals) or 'give two letters, such as CN, US or FR'}."
    )


def nearest_countries(code: str) -> str:
    """`nearest: GB (United Kingdom), …`, searched among codes and names; empty where nothing is near."""
    code_of = {name.upper(): known for known, name in COUNTRIES.items()}
    sure = _COMMON_SLIPS.get(code) or code_of.get(code)
    hits = (sure,) if sure else nearest(code, (*COUNTRIES, *code_of))
    codes = dict.fromkeys(code_of.get(hit, hit) for hit in hits)
    return "nearest: " + ", ".join(f"{known} ({COUNTRIES[known]})" for known in codes) if codes else ""
