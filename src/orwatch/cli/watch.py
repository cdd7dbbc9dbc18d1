"""`watch`: alerts without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orwatch.cli.session import Session


def watch(session: Session) -> int:
    """Polls without a screen, tells each alert as it fires, and delivers it.

    A line an alert on a terminal: mark, date, rule, sentence; JSON lines when piped (or --format). Where alerts go is
    set below `notify`: see `orwatch config template`. --until RULE ends with exit code 10 when one fires. --once, for
    cron, polls once if it is due and ends: with 10 if anything fired since the last such run. --demo replays the
    spring of 2026, --at DATE and --speed 1w/s as in `orwatch demo`; it serves no webhook, no command and no desktop."""
    from orwatch.cli.watch_run import run  # `--help` reads this module without the poller and the store

    return run(session)
