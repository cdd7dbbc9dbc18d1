"""What is kept beside the rankings: every type of record, by the dataset that its tag names."""

from __future__ import annotations

from typing import Final

from orwatch.domain.apps import AppCategory, AppWeek
from orwatch.domain.habit import SessionCosts
from orwatch.domain.hosts import HostLists
from orwatch.domain.scores import AnalysisScores, ArenaScores, OwnScores
from orwatch.domain.tasks import ProgrammingWeek, TaskShares

MarketRecord = (
    AppWeek
    | AppCategory
    | TaskShares
    | SessionCosts
    | AnalysisScores
    | ArenaScores
    | OwnScores
    | ProgrammingWeek
    | HostLists
)

RECORDS: Final[tuple[type[MarketRecord], ...]] = (
    AppWeek,
    AppCategory,
    TaskShares,
    SessionCosts,
    AnalysisScores,
    ArenaScores,
    OwnScores,
    ProgrammingWeek,
    HostLists,
)
