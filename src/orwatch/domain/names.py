"""The parts of a permaslug, and the name of a model for people."""

from __future__ import annotations

import re

_DATE_SUFFIX = re.compile(r"-(?:20\d{6}|20\d\d-\d\d-\d\d)$")
_VARIANT_SUFFIX = re.compile(r"\s*\((?:free|thinking|extended|beta|exacto|nitro|batch)\)$", re.IGNORECASE)


def vendor_of(permaslug: str) -> str:
    """The author part of a permaslug or id."""
    return permaslug.partition("/")[0]


def variant_of(slug: str) -> str:
    """The part after the colon, empty where there is none."""
    return slug.partition(":")[2]


def without_variant(slug: str) -> str:
    """`author/slug`."""
    return slug.partition(":")[0]


def is_free(slug: str) -> bool:
    """Whether it is a `:free` variant."""
    return variant_of(slug) == "free"


def short_name(name: str) -> str:
    """`DeepSeek: DeepSeek V4 Flash (free)` → `DeepSeek V4 Flash`."""
    _, colon, rest = name.partition(": ")
    whole = rest if colon and rest else name
    return (_VARIANT_SUFFIX.sub("", whole) if whole.endswith(")") else whole) or name


def slug_name(permaslug: str) -> str:
    """`minimax/minimax-m2.5-20260211:free` → `minimax-m2.5`."""
    slug = without_variant(permaslug).rpartition("/")[2]
    return _DATE_SUFFIX.sub("", slug) or slug
