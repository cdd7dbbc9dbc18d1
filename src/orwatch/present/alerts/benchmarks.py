"""Words of `benchmark-leader`."""

from __future__ import annotations

from typing import Final

from orwatch.present.alerts.words import Told, Words


def _message(told: Told) -> str:
    then = told["passed_score"]
    against = "" if then is None else f" to {then:.1f}"
    index = f"Artificial Analysis' {told['benchmark']} index"
    return f"{told['name']} passes {told['passed_name']} as first on {index}: {told['score']:.1f}{against}, {told.seen}"


WORDS: Final = {
    "benchmark-leader": Words(
        "index",
        _message,
        lambda told: f"{told['score']:.1f}",
        lambda told: ((told["name"], "text"), (f" first, {told['benchmark']}", "dim")),
        own=lambda told, _: f"first on the {told['benchmark']} index",
        title="First on a benchmark",
    ),
}
