"""`benchmark-leader`: another model has the highest score of a benchmark than in the snapshot before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from orwatch.domain.alerts.alert import Alert, Severity, Value, day_alert
from orwatch.domain.alerts.rule import Observed, Rule
from orwatch.domain.scores import Score
from orwatch.domain.setting import setting


class BenchmarkLeader(Rule, frozen=True):
    """Another model is first on an index of Artificial Analysis. A tie keeps the one that was first before."""

    benchmarks: Annotated[
        tuple[str, ...], setting("The indices it is about.", "names out of intelligence, coding, agentic")
    ] = ("intelligence", "coding", "agentic")

    def find(self, observed: Observed) -> Iterator[Alert]:
        """Oldest first. Snapshots are compared with the one before that came the same way: others name other models."""
        before: dict[tuple[str, str], Score] = {}
        for snapshot in observed.scores():
            for benchmark in self.benchmarks:
                known = before.get((snapshot.whence, benchmark))
                was = known.model if known else None
                scores = [score for score in snapshot.scores if score.benchmark == benchmark]
                first = max(scores, key=lambda score: (score.value, score.model == was), default=None)
                if first is None:
                    continue
                before[snapshot.whence, benchmark] = first
                if known is not None and first.model != known.model:
                    values: dict[str, Value] = {
                        "model": first.model,
                        "passed": known.model,
                        "name": first.name,
                        "passed_name": known.name,
                        "benchmark": benchmark,
                        "score": first.value,
                        "passed_score": max((one.value for one in scores if one.model == known.model), default=None),
                    }
                    yield day_alert("benchmark-leader", Severity.NOTE, first.model, snapshot.as_of, values, benchmark)
