"""The models of the demo: permaslugs, names and listing dates, and how deep each stands in the tail below the nine.

The table is `models.csv`; where a listing date was not published, it is from memory, the slug or the first week in the record
of the nine. A blank `depth` marks a model that is in the tail only around its weeks among the nine.
"""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

from msgspec import Struct

COUNTRIES = {
    **dict.fromkeys(("anthropic", "arcee-ai", "google", "meta-llama", "nvidia", "openai", "poolside", "x-ai"), "US"),
    **dict.fromkeys(("deepseek", "minimax", "moonshotai", "qwen", "stepfun", "tencent", "xiaomi", "z-ai"), "CN"),
}
"""Country of the vendors that the published country sums count. A table of the dataset's own: what was published does not
change when a user assigns a country to a vendor."""


class Model(Struct, frozen=True):
    """One row name of the demo.

    permaslug: with its variant. id: what the catalogue lists it under, with its variant. listed: the day it came into the
    catalogue. until: the last day it was served, None while it is. depths: its depth below the ninth row in the first and
    the last week, as a natural logarithm; None for a model that only the record of the nine places. context: tokens,
    None where unknown. weights: where open weights are published, None where they are not.
    """

    permaslug: str
    id: str
    name: str
    listed: date
    until: date | None
    depths: tuple[float, float] | None
    context: int | None
    weights: str | None

    @property
    def free(self) -> bool:
        """Whether it is a `:free` variant."""
        return self.permaslug.endswith(":free")


def country_of(permaslug: str) -> str | None:
    """`CN` or `US` by the vendor; None for any other country and for the unattributed."""
    return COUNTRIES.get(permaslug.partition("/")[0])


@cache
def models() -> dict[str, Model]:
    """Every model of the dataset by permaslug, in the order of the table."""
    text = Path(__file__).with_name("models.csv").read_text(encoding="utf-8")
    found: dict[str, Model] = {}
    for line in csv.DictReader(text.splitlines()):
        free = line["permaslug"].endswith(":free")
        depths = (float(line["depth_first"]), float(line["depth_last"])) if line["depth_first"] else None
        found[line["permaslug"]] = Model(
            permaslug=line["permaslug"],
            id=line["id"] + (":free" if free else ""),
            name=line["name"] + (" (free)" if free else ""),
            listed=date.fromisoformat(line["listed"]),
            until=date.fromisoformat(line["until"]) if line["until"] else None,
            depths=depths,
            context=int(line["context"]) if line["context"] else None,
            weights=line["weights"] or None,
        )
    return found
