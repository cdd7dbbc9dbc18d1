"""What every alert rule is made of: its settings, and what it may look at to find alerts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct, field

from orwatch.domain.alerts.alert import Alert
from orwatch.domain.catalogue import CatalogueHistory
from orwatch.domain.leads import CountryOf, Leadership, Subject
from orwatch.domain.names import vendor_of, without_variant
from orwatch.domain.periods import Grain
from orwatch.domain.rankings import Rankings
from orwatch.domain.records import Basis, FirstDay
from orwatch.domain.scores import Scores
from orwatch.domain.setting import setting, text

if TYPE_CHECKING:
    from orwatch.domain.apps import AppRecord
from typing import Literal


def fraction(description: str, low: float = 0.0, high: float = 1.0, accepts: str = "a fraction from 0 to 1") -> Meta:
    """Metadata of a setting that is a fraction: 0.5 is 50 %."""
    return setting(description, accepts, ge=low, le=high)


def in_hours(description: str, low: float = 0.0) -> Meta:
    """Metadata of a setting in hours."""
    return setting(description, "hours", ge=low)


def subjects(description: str) -> Meta:
    """Metadata of a list of subjects.

    A subject is a permaslug, vendor, country, head to head (`CN:US`), or one of the kinds model, vendor, country, versus, total.
    """
    return setting(description, 'a list such as ["deepseek", "CN", "CN:US", "model"]')


def judged_grain(given: object) -> Grain:
    """A grain whose periods follow each other. Raises ValueError for a trailing one: flips from day to day are no alerts."""
    if (grain := Grain(text(given))).trailing:
        raise ValueError
    return grain


def names_of(alert: Alert, country_of: CountryOf) -> frozenset[str]:
    """Every name under which a user can mean the subject of an alert, in lower case.

    Its kind, its id and sides, permaslugs with and without variant, the vendors and their countries.
    """
    names = {alert.subject_kind, alert.subject}
    if alert.subject_kind == "versus":
        names |= {*alert.subject.split(":"), ":".join(reversed(alert.subject.split(":")))}
    elif alert.subject_kind == "vendor":
        names.add(country_of(alert.subject) or "")
    elif alert.subject_kind == "model":
        for slug in {alert.subject, str(alert.values.get("model", ""))}:
            vendor = vendor_of(slug)
            names |= {slug, without_variant(slug), vendor, country_of(vendor) or ""}
    return frozenset(name.lower() for name in names if name)


def holds(words: Collection[str], names: Collection[str]) -> bool:
    """Whether one of the words that a user gave is one of the names of a subject."""
    return any(word.lower() in names for word in words)


class Freshness(Struct, frozen=True):
    """How fresh the data are.

    now: the machine's clock. last_success: of the last poll that succeeded, by the same clock. server_now: the server's clock.
    as_of: of the newest figures that were asked for, by the server's. None where there was none.
    """

    now: datetime
    last_success: datetime | None
    server_now: datetime
    as_of: datetime | None


class Observed(Struct, frozen=True):
    """What rules look at: one state of the cache.

    rankings: of a rule's grain, and of its basis where it has one. leadership: who led, of a subject, in a rule's grain and basis.
    versus: the sides of the head to head. on_course: ids of the alerts that were on course when the rules were judged last.
    ranked: whether a model was ranked at a time (`Record.names_model`). favourites: pinned models, vendors and countries.
    cloaked: the first day that ranks each cloaked model. today: the day of the newest `as_of`, None in an empty cache. freshness:
    None where nobody polls, so that nothing can be stale. apps: the weeks of public apps, read when a rule asks for them; None
    where there are none. scores: what was kept of Artificial Analysis, oldest first.
    """

    rankings: Callable[[PeriodRule], Rankings]
    leadership: Callable[[BasisRule, Subject], Leadership]
    versus: tuple[str, str]
    on_course: Collection[str]
    catalogue: CatalogueHistory
    ranked: Callable[[str, datetime], bool]
    country_of: CountryOf
    favourites: Collection[str]
    cloaked: Iterable[FirstDay]
    apps: Callable[[], AppRecord | None]
    scores: Callable[[], Sequence[Scores]]
    today: date | None
    freshness: Freshness | None


class Rule(Struct, frozen=True):
    """The settings that every rule has. A subclass adds its own, and finds its alerts."""

    on: Annotated[bool, setting("Whether the rule fires.")] = True
    favourites_only: Annotated[bool, setting("Whether it fires for view.favourites alone.")] = False
    only: Annotated[
        tuple[str, ...],
        subjects("The models, vendors, countries, head to heads or kinds of these that it fires for; empty: all."),
    ] = ()
    muted: Annotated[tuple[str, ...], subjects("Those that it never fires for.")] = field(default=(), name="not")

    def find(self, observed: Observed) -> Iterator[Alert]:
        """Every alert that the record supports, confirmed ones oldest first, and on course."""
        raise NotImplementedError

    @property
    def active(self) -> bool:
        """Whether it fires: it is on, and has what it needs."""
        return self.on

    def lets_through(self, alert: Alert, observed: Observed) -> bool:
        """Whether the settings let an alert of this rule through, by its subject."""
        if not (self.only or self.muted or self.favourites_only):
            return True
        names = names_of(alert, observed.country_of)
        return (
            (not self.favourites_only or holds(observed.favourites, names))
            and (not self.only or holds(self.only, names))
            and not holds(self.muted, names)
        )


class PeriodRule(Rule, frozen=True):
    """A rule about periods. grain: None: that of the view."""

    grain: Annotated[
        Grain | None,
        setting(
            "The length of its periods.",
            f"{', '.join(grain for grain in Grain if not grain.trailing)} or view",
            unset="view",
            reader=judged_grain,
        ),
    ] = Grain.WEEK


class BasisRule(PeriodRule, frozen=True):
    """A rule about the rows of a basis. basis: None: that of the view."""

    basis: Annotated[
        Basis | None,
        setting("The rows that count; view: as view.basis says.", "chart, top10, top50 or view", unset="view"),
    ] = None


Scope = Annotated[
    Literal["ranked", "pinned", "all"],
    setting(
        "Whose news it tells: of the models that the rankings of the time name and of those in view.favourites, of these "
        "alone, or of all that are listed. A model, vendor or country that `only` names is told in any case.",
    ),
]


class ListedRule(Rule, frozen=True):
    """A rule about the prices and listings of models, of which there are hundreds that nobody uses."""

    scope: Scope = "ranked"

    def lets_through(self, alert: Alert, observed: Observed) -> bool:
        """Whether the settings let an alert through. `only` narrows by itself, so that the scope has no say beside it."""
        if not super().lets_through(alert, observed):
            return False
        if self.scope == "all" or self.only or holds(observed.favourites, names_of(alert, observed.country_of)):
            return True
        return self.scope == "ranked" and observed.ranked(str(alert.values["model"]), alert.fired_at)
