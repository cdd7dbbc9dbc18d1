"""The screen: `orwatch` alone, and `orwatch demo`. Textual is imported here, once it is known that there is a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from orwatch.errors import UsageError

if TYPE_CHECKING:
    from orwatch.cli.session import Session
    from orwatch.core.source import DemoOptions

_DAYS = {"d": 1.0, "w": 7.0}


def dashboard(session: Session) -> int:
    """The market of AI models, live: OpenRouter's rankings by model, vendor and country, prices, and alerts.

    Without a command this is the dashboard; options set its first state. Every figure on it is also a command, for
    programs with --format json. No key is needed: one adds the history from 2025 on and the running day (`orwatch key
    set`). With --screen-reader it speaks in plain lines instead, and takes commands from the keyboard."""
    return _show(session, demo_options(session) if session.is_demo else None)


def demo(session: Session) -> int:
    """The dashboard on the built-in dataset: the spring of 2026, replayed.

    It needs no network and no key. Published figures are met exactly, what lies between is interpolated. --at DATE is
    where its clock starts, --speed 1w/s or 2d/s how fast it runs; 0 stands still."""
    return _show(session, demo_options(session))


def _show(session: Session, options: DemoOptions | None) -> int:
    import os
    import sys

    from msgspec.structs import replace

    if session.settings.view.screen_reader:
        session.check_arguments()
        session.check_filter_offline()
        query = session.query if options is None else replace(session.query, at="newest")
        session.close()

        from orwatch.cli.spoken import speak

        return speak(session, query, options)
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") == "dumb":
        raise UsageError(
            "The dashboard needs a terminal; `orwatch top` prints the rankings, `orwatch --help` lists all commands."
        )
    session.check_arguments()
    session.check_filter_offline()
    query = session.query if options is None else replace(session.query, at="newest")
    offline = session.settings.offline
    session.close()

    from orwatch.tui.app import run

    return run(session.config, query, filter_=session.filter, demo=options, offline=offline)


def demo_options(session: Session) -> DemoOptions:
    """How the demo is played. Raises UsageError for a day outside it."""
    from orwatch.core.source import DemoOptions
    from orwatch.demo import DEMO_END, DEMO_START

    at = None if session.given("at") == "now" else session.day("at")
    if at is not None and not DEMO_START.date() <= at <= DEMO_END.date():
        raise UsageError(f"--at is {at}; the demo runs from {DEMO_START.date()} to {DEMO_END.date()}.")
    return DemoOptions(at, weeks_per_second(session.given("speed")), replay=True)


def weeks_per_second(text: str | None) -> float | None:
    """`1w/s` and `2d/s` as weeks per second. Raises UsageError for anything else."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,4}(?:\.\d{1,4})?)([wd])/s|0", text.strip())
    if not found:
        raise UsageError(f"--speed is {text!r}; it takes weeks or days per second, such as 1w/s, 2d/s or 0.")
    return float(found[1]) * _DAYS[found[2]] / 7 if found[1] else 0.0
