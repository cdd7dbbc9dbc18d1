"""Alerts in words: a sentence, a row of a table, a message of several, and the facts that programs read.

The words of a family of rules stand in the module of its name, as `Words` by rule; `registry` lists them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from orwatch.domain.alerts.alert import Alert, Severity, Standing
from orwatch.domain.names import without_variant
from orwatch.domain.periods import Grain
from orwatch.present.alerts.registry import LISTED, WORDS
from orwatch.present.alerts.words import Names, Phrase, Told
from orwatch.present.citation import APPS, URL, citation, cited, models_citation
from orwatch.present.formats import moment

MARKS: Final = {Severity.MAJOR: "◆", Severity.NOTABLE: "•", Severity.NOTE: "·"}
ON_COURSE: Final = "◇"


def mark(alert: Alert) -> str:
    """The mark of an alert: its severity, or that it is on course."""
    return ON_COURSE if alert.state is Standing.ON_COURSE else MARKS[alert.severity]


def message(alert: Alert, names: Names) -> str:
    """`CN passes US on chart: 7.93T to 3.25T, week of 27 April; US had led 2 weeks`."""
    return WORDS[alert.rule].message(Told(alert, names))


def rule_word(alert: Alert) -> str:
    """`flip`, `top 10`, `ends`. Entering the nine of the chart is called `top 10` too."""
    top = alert.values.get("top")
    return f"top {top}" if isinstance(top, int) and top not in (9, 10) else WORDS[alert.rule].short


def rule_title(alert: Alert) -> str:
    """`Lead flip`, `Streak`: the title of what an alert rests on."""
    return WORDS[alert.rule].title or rule_word(alert).capitalize()


def subject_phrase(alert: Alert, names: Names) -> Phrase:
    """`CN passes US`, `CN leads US, ended`, `CN, of attributed`, `Hy3 preview free leads`."""
    return WORDS[alert.rule].phrase(Told(alert, names))


def own_phrase(alert: Alert, own: str, names: Names) -> str:
    """What an alert says of its own subject, where that is named above: `lost to Hy3`, `leads`, `input 0.098 → 0.14`."""
    words = WORDS[alert.rule].own
    return words if isinstance(words, str) else words(Told(alert, names), own)


def own_value(alert: Alert, names: Names) -> str:
    """The value beside `own_phrase`: tokens of a new leader, the change alone of a price, a crossing without its mark."""
    words, told = WORDS[alert.rule], Told(alert, names)
    return words.own_value(told) if words.own_value else words.value(told).partition(",")[0]


def value_text(alert: Alert, names: Names, *, short: bool = False) -> str:
    """`2.4 : 1`, `3.03T`, `6 weeks`, `47 → 71%, above 50`, `new at 1`, `−36% to 0.09`, `on 10 Aug`.

    short: of a mark that was crossed only the mark, `above 50%`, `below 2 : 1`.
    """
    words, told = WORDS[alert.rule], Told(alert, names)
    return words.brief(told) if short and words.brief else words.value(told)


def command(alert: Alert, source: str) -> str:
    """The command that lists an alert: `orwatch alerts --rule lead-flip --at 2026-06-01 --basis chart`. source: of a market."""
    grain, basis = alert.period.grain, alert.basis
    parts = ["orwatch alerts", f"--rule {alert.rule}", f"--at {alert.period.day.isoformat()}"]
    parts += [f"--period {grain}"] if grain is not Grain.WEEK else []
    parts += [f"--basis {basis}"] if basis is not None else []
    return " ".join([*parts, *(["--demo"] if source == "demo" else [])])


def page(alert: Alert) -> str:
    """The address of OpenRouter's page about an alert: that of the model, or the rankings."""
    return f"https://openrouter.ai/{without_variant(alert.subject)}" if alert.subject_kind == "model" else URL


def citations(found: Collection[Alert], source: str, as_of: datetime) -> list[str]:
    """Where the figures of alerts are from, each source once: the rankings, the catalogue as it was seen, the apps."""
    seen = [alert.at or alert.fired_at for alert in found if alert.rule in LISTED]
    of_apps = [alert for alert in found if alert.subject_kind == "app"]
    return [
        *([citation(source, as_of)] if len(seen) + len(of_apps) < len(found) else []),
        *([models_citation(source, max(seen))] if seen else []),
        *([cited(APPS, as_of)] if of_apps else []),
    ]


def facts_of(alert: Alert, names: Names) -> dict[str, Any]:
    """An alert as programs read it; nothing in it is markup."""
    period = alert.period
    return {
        "id": alert.id,
        "rule": alert.rule,
        "severity": alert.severity.value,
        "subject": {"kind": alert.subject_kind, "id": alert.subject},
        "basis": None if alert.basis is None else alert.basis.value,
        "period": {"grain": period.grain.value, "start": period.start.isoformat(), "end": period.end.isoformat()},
        "state": alert.state.value,
        "fired_at": moment(alert.fired_at),
        "observed_at": None if alert.at is None else moment(alert.at),
        "message": message(alert, names),
        "values": dict(alert.values),
    }
