"""The parts of a permaslug, the name of a model for people, and what a mistyped name most likely stands for."""

from __future__ import annotations

import re
from collections.abc import Iterable

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


def nearest(word: str, known: Iterable[str], n: int = 3) -> tuple[str, ...]:
    """The up to `n` known names that a mistyped word most likely stands for, best first, whatever their case.

    Names that begin with the word, or that it begins with, come first; then names that hold it; then similar ones.
    """
    wanted = word.strip().casefold()
    if not wanted or n < 1:
        return ()
    names: dict[str, str] = {}
    for name in known:
        names.setdefault(name.casefold(), name)
    names.pop("", None)

    def by_length(folded: Iterable[str]) -> list[str]:
        return sorted(folded, key=lambda name: (abs(len(name) - len(wanted)), name))

    # "China" begins with the code of Switzerland: two letters are too few to be what was meant.
    found = by_length(name for name in names if name.startswith(wanted) or (len(name) > 2 and wanted.startswith(name)))
    found += by_length(name for name in names if wanted in name and name not in found)
    if len(found) < n:
        from difflib import get_close_matches  # the help, and a command without a mistake, do without

        # Of a two-letter code, one wrong letter is already half of the word.
        cutoff = 0.6 if len(wanted) > 3 else 0.5
        found += get_close_matches(wanted, [name for name in names if name not in found], n, cutoff)
    return tuple(names[name] for name in found[:n])


def near(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """`nearest: --period, --prices`; where nothing is near, `otherwise` or all known names."""
    known = list(known)
    found = nearest(word, known)
    return f"nearest: {', '.join(found)}" if found else otherwise or f"there are {', '.join(known)}"
