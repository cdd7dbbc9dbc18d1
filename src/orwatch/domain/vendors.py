"""Whose models they are: the company and country of each vendor, shipped or assigned by the user.

Country of a vendor: where the company that trained the model has its headquarters. Unknown vendors and cloaked models
stay unattributed and are never guessed: "What every number means" in the README.

The table is `vendors.csv`, sorted by slug. company: empty for individuals and communities. country: ISO 3166-1 alpha-2; empty where
company or headquarters are not certain. evidence: the place, or why there is none. `openrouter` and `stealth` carry cloaked
models and are never attributed. `~author` holds OpenRouter's "latest" aliases. `countries.csv` has the codes of ISO 3166-1 that a
country is given in, and the English names in common use.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from orwatch.domain.names import vendor_of

UNATTRIBUTED = "??"
"""Stands for the country of rows whose country is not known."""

with Path(__file__).with_name("countries.csv").open(encoding="utf-8", newline="") as _file:
    COUNTRIES: Mapping[str, str] = MappingProxyType({code: name for code, name in csv.reader(_file) if code != "code"})
"""Every officially assigned alpha-2 code, and the short name of what it stands for."""


def country_name(code: str) -> str:
    """The name of a country, or the code itself where it is none of the standard's. Case-insensitive."""
    return COUNTRIES.get(code.upper(), code)


NEVER_ATTRIBUTED = frozenset({"openrouter", "stealth"})
"""Authors of routers and cloaked models: who trained these is not public, so no country may be given to them."""

NOT_IN_TABLE = "not in the table"
"""Evidence of a vendor that nobody has looked at."""

ASSIGNED = "assigned by the user"
"""Evidence of a country that comes from the user's own assignments."""


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
        """Attribution with the user's assignments, `{author: alpha-2 code}`, which the config has checked."""
        self._vendors = dict(_SHIPPED)
        for author, code in (assignments or {}).items():
            slug, country = author.strip().lower(), code.strip().upper()
            self._vendors[slug] = replace(self.vendor(slug), country=country, evidence=ASSIGNED, assigned="user")
        self.country: Callable[[str], str | None] = cache(self._country)
        """The country of an author, or of a permaslug's or id's, that of what an alias (`~`) stands for too; None: unattributed.

        A record names the same few hundred for years.
        """

    def vendor(self, slug: str) -> Vendor:
        """What is known of an author; for one not in the table a vendor without company and country."""
        key = slug.lower()
        return self._vendors.get(key) or Vendor(key, None, None, NOT_IN_TABLE, None)

    def _country(self, slug: str) -> str | None:
        vendor = vendor_of(slug).lower()
        known = self._vendors.get(vendor) or self._vendors.get(vendor.lstrip("~"))
        return known.country if known else None

    def known(self) -> tuple[Vendor, ...]:
        """Every vendor of the table and of the assignments, sorted by slug."""
        return tuple(self._vendors[slug] for slug in sorted(self._vendors))


def is_cloaked(slug: str) -> bool:
    """Whether an author, or the author of a permaslug, is one whose models are never attributed."""
    return vendor_of(slug).lower().removeprefix("~") in NEVER_ATTRIBUTED
