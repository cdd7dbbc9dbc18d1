"""What a mistyped word most likely stands for."""

from __future__ import annotations

from collections.abc import Iterable


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
