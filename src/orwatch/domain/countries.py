"""ISO 3166-1: the codes a vendor's country is given in, and the English names in common use. The table is `countries.csv`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

UNATTRIBUTED = "??"
"""Stands for the country of rows whose country is not known."""

with Path(__file__).with_name("countries.csv").open(encoding="utf-8", newline="") as _file:
    COUNTRIES: Mapping[str, str] = MappingProxyType({code: name for code, name in csv.reader(_file) if code != "code"})
"""Every officially assigned alpha-2 code, and the short name of what it stands for."""


def country_name(code: str) -> str:
    """The name of a country, or the code itself where it is none of the standard's. Case-insensitive."""
    return COUNTRIES.get(code.upper(), code)
