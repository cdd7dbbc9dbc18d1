"""Words of `benchmark-leader`."""

from __future__ import annotations

from typing import Final

from orwatch.domain.alerts.alert import Alert
from orwatch.present.alerts.words import Names, Phrase, Words, number, seen


def _message(alert: Alert, _: Names) -> str:
    values, then = alert.values, alert.values["passed_score"]
    against = f" to {then:.1f}" if isinstance(then, float) else ""
    return (
        f"{values['name']} passes {values['passed_name']} as first on Artificial Analysis' {values['benchmark']} index:"
        f" {number(alert, 'score'):.1f}{against}, {seen(alert)}"
    )


def _phrase(alert: Alert, _: Names) -> Phrase:
    return (str(alert.values["name"]), "text"), (f" first, {alert.values['benchmark']}", "dim")


WORDS: Final = {
    "benchmark-leader": Words(
        "index",
        _message,
        lambda alert, _: f"{number(alert, 'score'):.1f}",
        _phrase,
        own=lambda alert, _, __: f"first on the {alert.values['benchmark']} index",
        title="First on a benchmark",
    ),
}
