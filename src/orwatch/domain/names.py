"""From a ranked permaslug to its catalogue entry and a name for people.

Join: the permaslug without its variant is the entry's `canonical_slug`; the variant picks the id. Some ranked slugs are not listed
at all (cloaked models, embeddings, delisted variants); then the name is made from the slug.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from orwatch.domain.catalogue import CatalogueModel

_DATE_SUFFIX = re.compile(r"-(?:20\d{6}|20\d\d-\d\d-\d\d)$")
_VARIANT_SUFFIX = re.compile(r"\s*\((?:free|thinking|extended|beta|exacto|nitro|batch)\)$", re.IGNORECASE)


class Catalogue:
    """The catalogue's entries, found by permaslug or id."""

    def __init__(self, models: Iterable[CatalogueModel]) -> None:
        self.models = tuple(models)
        self.by_id = {model.id: model for model in self.models}
        self._by_slug: dict[tuple[str, str], CatalogueModel] = {}
        self._kin: dict[str, CatalogueModel] = {}
        for model in self.models:
            self._by_slug.setdefault((model.canonical_slug, variant_of(model.id)), model)
            self._kin.setdefault(model.canonical_slug, model)

    def entry(self, permaslug: str) -> CatalogueModel | None:
        """The entry of a ranked row or an id; None where it is not listed."""
        base, _, variant = permaslug.partition(":")
        return self._by_slug.get((base, variant)) or self.by_id.get(permaslug)

    def kin(self, permaslug: str) -> CatalogueModel | None:
        """The entry, or that of any variant of the same model: for facts that variants share, never for prices."""
        return self.entry(permaslug) or self._kin.get(permaslug.partition(":")[0])

    def name(self, permaslug: str) -> str:
        """The model's name without vendor and variant; from the slug where it is not listed."""
        entry = self.kin(permaslug)
        return short_name(entry.name) if entry else slug_name(permaslug)


def variant_of(slug: str) -> str:
    """The part after the colon, empty where there is none."""
    return slug.partition(":")[2]


def short_name(name: str) -> str:
    """`DeepSeek: DeepSeek V4 Flash (free)` → `DeepSeek V4 Flash`."""
    _, colon, rest = name.partition(": ")
    whole = rest if colon and rest else name
    return _VARIANT_SUFFIX.sub("", whole) or name


def slug_name(permaslug: str) -> str:
    """`minimax/minimax-m2.5-20260211:free` → `minimax-m2.5`."""
    slug = permaslug.partition(":")[0].rpartition("/")[2]
    return _DATE_SUFFIX.sub("", slug) or slug
