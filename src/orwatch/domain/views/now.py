"""A complete period in a few figures, and the one in progress: where it stands, where it is heading, what it may turn."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from orwatch.domain.leads import Flip, Subject
from orwatch.domain.outlook import Outlook
from orwatch.domain.periods import Period, State
from orwatch.domain.views.overview import Standoff


class Headline(Struct, frozen=True):
    """A period in a few figures, as its snapshot has them.

    total: tokens. total_change: fraction, like for like in a running period. days: complete days and length. standoff: of the
    two sides of versus, on the basis of the query.
    """

    period: Period
    state: State
    days: tuple[int, int]
    total: int
    total_change: float | None
    versus: tuple[str, str]
    standoff: Standoff


class Now(Struct, frozen=True):
    """The period in progress.

    headline: None where the record has nothing of it. begun: whether a day of it is over. outlook: None where it cannot be told.
    flip: the first lead that its complete days would turn, if they do, and subject: whose. names: of its models, by permaslug.
    """

    period: Period
    begun: bool
    headline: Headline | None
    outlook: Outlook | None = None
    flip: Flip | None = None
    subject: Subject | None = None
    names: Mapping[str, str] = {}
