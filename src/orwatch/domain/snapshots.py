"""What is kept beside the rankings: every type of record, by the dataset that its tag names."""

from __future__ import annotations

from typing import Final

from orwatch.domain.apps import AppCategory, AppWeek
from orwatch.domain.hosts import HostLists
from orwatch.domain.programming import ProgrammingWeek
from orwatch.domain.scores import AnalysisScores, ArenaScores, OwnScores
from orwatch.domain.session_cost import SessionCosts
from orwatch.domain.tasks import TaskShares

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
