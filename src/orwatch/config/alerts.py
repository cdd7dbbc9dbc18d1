"""The settings of the alert rules: a table `[alerts.RULE]` for each, made from one table of what they take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from orwatch.config import readers
from orwatch.domain.alerts.registry import AlertRules, rule_name
from orwatch.domain.records import Basis, Grain

FRACTION: Final = "a fraction from 0 to 1"
SUBJECTS: Final = 'a list such as ["deepseek", "CN", "CN:US", "model"]'
_ONE = readers.number(0, 1)


class Entry(Struct, frozen=True):
    """What a field of a rule takes. accepts: in words, with the unit. help: one sentence. key: as users name it."""

    read: readers.Reader
    accepts: str
    help: str
    key: str = ""


COMMON: Final = {
    "on": Entry(readers.flag, "true or false", "Whether the rule fires."),
    "favourites_only": Entry(readers.flag, "true or false", "Whether it fires for view.favourites alone."),
    "only": Entry(
        readers.words,
        SUBJECTS,
        "The models, vendors, countries, head to heads or kinds of these that it fires for; empty: all.",
    ),
    "muted": Entry(readers.words, SUBJECTS, "Those that it never fires for.", key="not"),
    "grain": Entry(readers.choice_or_view(Grain), "day, week, month or view", "The length of its periods."),
    "basis": Entry(
        readers.choice_or_view(Basis), "chart, top10, top50 or view", "The rows that count; view: as view.basis says."
    ),
}
"""Fields that mean the same in every rule that has them."""

OWN: Final = {
    ("lead_flip", "band"): Entry(
        _ONE,
        FRACTION,
        "How far ahead, of the old leader's tokens, a new one must be over the running period's complete days to come on course; "
        "it stays so until it is behind.",
    ),
    ("streak", "marks"): Entry(readers.wholes(2, 999), "a list of periods", "The lengths of a lead that are told."),
    ("streak", "ended"): Entry(
        readers.whole(1, 999),
        "periods",
        "The shortest lead of a head to head whose end is told; of models, vendors and countries it is the first mark.",
    ),
    ("growth_streak", "marks"): Entry(
        readers.wholes(2, 999), "a list of periods", "The lengths of a growth of all tokens that are told."
    ),
    ("new_entrant", "top"): Entry(
        readers.whole(1, 50), "a number of models", "How many models are the largest; at most the rows of the basis."
    ),
    ("rank_jump", "places"): Entry(readers.whole(1, 49), "a number of places", "The smallest move, up or down."),
    ("surge", "change"): Entry(
        readers.number(0.01, 20),
        "a fraction from 0.01 to 20 (0.5 is 50 %)",
        "The smallest growth on the period before.",
    ),
    ("surge", "share"): Entry(_ONE, FRACTION, "The smallest share of all tokens, in this period."),
    ("plunge", "change"): Entry(readers.number(0.01, 1), FRACTION, "The smallest loss on the period before."),
    ("plunge", "share"): Entry(_ONE, FRACTION, "The smallest share of all tokens, in the period before."),
    ("share_crosses", "marks"): Entry(
        readers.numbers(0.01, 1), "a list of fractions", "Shares of attributed tokens whose crossing is told."
    ),
    ("share_crosses", "band"): Entry(
        _ONE, FRACTION, "How far past a mark the running period's complete days must be to come on course."
    ),
    ("ratio_crosses", "marks"): Entry(
        readers.numbers(1), "a list of ratios", "Ratios of the head to head, to 1, whose crossing is told."
    ),
    ("ratio_crosses", "band"): Entry(
        _ONE,
        FRACTION,
        "How far past a mark, of the mark, the running period's complete days must be to come on course.",
    ),
    ("price_change", "change"): Entry(_ONE, FRACTION, "The smallest difference from the price told last."),
    ("price_change", "hours"): Entry(readers.number(0), "hours", "How long a new price must have stood."),
    ("discount", "points"): Entry(_ONE, FRACTION, "The smallest change of a discount, of the list price."),
    ("discount", "hours"): Entry(readers.number(0), "hours", "How long a new discount must have stood."),
    ("free", "hours"): Entry(readers.number(0), "hours", "How long the change must have stood."),
    ("expiring", "days"): Entry(readers.whole(1, 366), "days", "How long before a model is taken off."),
    ("stale", "hours"): Entry(readers.number(0.1), "hours", "How long no poll may have succeeded."),
    ("stale", "source_hours"): Entry(
        readers.number(1), "hours", "How old the newest figures of a source that answers may be."
    ),
}
"""Fields of one rule."""


def entries() -> Iterator[tuple[str, str, Entry]]:
    """The dotted name of each setting, its field in the settings, dotted too, and what it takes; rule by rule."""
    for rule in AlertRules.__struct_fields__:
        for field in getattr(AlertRules(), rule).__struct_fields__:
            entry = OWN.get((rule, field)) or COMMON[field]
            yield f"alerts.{rule_name(rule)}.{entry.key or field}", f"alerts.{rule}.{field}", entry
