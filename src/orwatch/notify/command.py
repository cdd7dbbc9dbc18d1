"""A command of the user's own: its facts are in environment variables, never in a shell string."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, ClassVar, Final

import msgspec

from orwatch.domain.alerts.alert import Severity
from orwatch.domain.foreign_text import line, lines
from orwatch.domain.setting import setting, text
from orwatch.notify.channel import AlertFacts, ChannelSettings, Message, Send, Write
from orwatch.notify.program import run

LONGEST: Final = 60_000
"""Characters of one variable; the system refuses more than 128 KiB, which may be four bytes each at the worst."""


def words_of(given: object) -> tuple[str, ...]:
    """A program and its arguments, as a list or as a shell would split them. Raises ValueError."""
    if isinstance(given, list | tuple):
        words = [item if isinstance(item, str) else text(item) for item in given]
    else:
        words = shlex.split(text(given))
    if (words and not words[0].strip()) or any("\0" in word for word in words):
        raise ValueError
    return tuple(words)


class CommandSettings(ChannelSettings, frozen=True):
    """What is run for which alerts. argv: a program and its arguments; none: nothing."""

    again: ClassVar[bool] = True
    in_demo: ClassVar[bool] = False
    missing: ClassVar[str] = "No command is set: `orwatch config set notify.command.argv 'PROGRAM ARGUMENT'`."

    on: Annotated[bool, setting("Whether alerts run the command.")] = True
    severity: Annotated[Severity, setting("The least severity that it takes.")] = Severity.NOTE
    argv: Annotated[
        tuple[str, ...],
        setting(
            "What to run, without a shell, facts in ORWATCH_* variables.",
            "a list of a program and its arguments",
            reader=words_of,
        ),
    ] = ()

    def open(self, env: Mapping[str, str], write: Write | None) -> Send | None:
        return partial(run_for, self.argv) if self.argv else None


async def run_for(argv: Sequence[str], message: Message, seconds: float = 30.0) -> None:
    """Run a program and its arguments, given as they are, once for a message; another exit code than 0 is a failure."""
    await run(argv, seconds, variables(message))


def variables(message: Message) -> dict[str, str]:
    """The facts as `ORWATCH_*` variables: of the message, of its first alert, and of all of them as JSON.

    ORWATCH_ALERTS holds as many whole alerts as fit; ORWATCH_COUNT says how many there are.
    """
    found = {
        "ORWATCH_TITLE": line(message.title),
        "ORWATCH_BODY": lines(message.body)[:LONGEST],
        "ORWATCH_SEVERITY": message.severity,
        "ORWATCH_COUNT": str(len(message.alerts)),
        "ORWATCH_CITATION": line(message.citation),
        "ORWATCH_ALERTS": _as_json(message.alerts),
    }
    for facts in message.alerts[:1]:
        subject: Mapping[str, str] = facts["subject"]
        period: Mapping[str, str] = facts["period"]
        named = {
            "ID": facts["id"],
            "RULE": facts["rule"],
            "SUBJECT": subject["id"],
            "SUBJECT_KIND": subject["kind"],
            "BASIS": facts["basis"],
            "GRAIN": period["grain"],
            "PERIOD_START": period["start"],
            "PERIOD_END": period["end"],
            "FIRED_AT": facts["fired_at"],
            "MESSAGE": facts["message"],
        }
        found |= {f"ORWATCH_{name}": line(str(value)) for name, value in named.items()}
        found |= {f"ORWATCH_VALUE_{_name(key)}": line(_plain(value)) for key, value in facts["values"].items()}
    return found


def _as_json(alerts: Sequence[AlertFacts]) -> str:
    parts: list[str] = []
    length = 2
    for facts in alerts:
        part = msgspec.json.encode(facts).decode()
        length += len(part) + 1
        if length > LONGEST:
            break
        parts.append(part)
    return f"[{','.join(parts)}]"


def _name(key: str) -> str:
    return "".join(char if char.isascii() and char.isalnum() else "_" for char in key.upper())


def _plain(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
