"""The screen: `orwatch` alone, and `orwatch demo`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping

from msgspec.structs import replace

from orwatch.cli.session import Session
from orwatch.core.source import DemoOptions
from orwatch.demo import DEMO_END, DEMO_FIRST
from orwatch.errors import UsageError
from orwatch.present.colours import goes_by_the_terminal
from orwatch.tui.ground import Ground

COLOUR_SYSTEMS = ("auto", "standard", "256", "truecolor")
"""What Rich draws for."""

DRIVER = "TEXTUAL_DRIVER"
"""Set where the screen goes to a browser, by `orwatch serve`, instead of to a terminal."""

_DAYS = {"d": 1.0, "w": 7.0}


def dashboard(session: Session) -> int:
    """The dashboard on the source of the settings, or on the demo where that is asked for."""
    options = demo_options(session) if session.is_demo else None
    spoken, read_only = session.settings.view.screen_reader, session.given("read_only", False)
    if spoken and read_only:
        raise UsageError("--read-only is for the drawn screen, not for --screen-reader; give one of them.")
    if not spoken:
        check_terminal(session.env)
    session.check_offline()
    query = session.query if options is None else replace(session.query, at="newest")
    session.close()
    if spoken:
        from orwatch.cli.speak import speak  # Rich, and what a drawn screen does otherwise

        return speak(session, query, options)
    if session.env.get("SSH_CONNECTION") or session.env.get("SSH_TTY"):
        # Milliseconds that Textual waits for the rest of a key's sequence: over a slow line its parts come far apart.
        os.environ.setdefault("ESCDELAY", "500")
    if not os.environ.get("NO_COLOR") or session.given("color") == "always":
        os.environ.pop("NO_COLOR", None)  # Textual takes one that is empty for one that is set
    if session.given("color") == "never":
        os.environ["NO_COLOR"] = "1"
    asks = not session.env.get(DRIVER) and goes_by_the_terminal(session.settings.view.theme, session.env)
    with Ground(asks=asks) as ground:
        from orwatch.tui.app import run  # Textual, which no other command needs

        return run(
            session.config,
            query,
            filter_=session.filter,
            ground=ground,
            demo=options,
            offline=session.settings.offline,
            read_only=read_only,
        )


demo = dashboard


def check_terminal(env: Mapping[str, str]) -> None:
    """Raises UsageError where the screen cannot be drawn: there is no terminal, or it cannot show it. In a browser it can."""
    if not env.get(DRIVER):
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            raise UsageError(
                "The dashboard needs a terminal; `orwatch top` prints the rankings, `orwatch --help` lists all commands."
            )
        if env.get("TERM") == "dumb":
            raise UsageError(
                "The dashboard needs a terminal that TERM names, and it is dumb: set it to what the terminal is, such as"
                " xterm-256color; `orwatch top` prints the rankings."
            )
        if "utf" not in sys.stdout.encoding.lower():
            raise UsageError(
                f"This locale writes {sys.stdout.encoding}, which has none of the dashboard's signs: set a UTF-8 one, such as"
                " LC_ALL=C.UTF-8; `orwatch top` prints the rankings."
            )
    colours = env.get("TEXTUAL_COLOR_SYSTEM") or "auto"
    if colours not in COLOUR_SYSTEMS:
        raise UsageError(
            f"TEXTUAL_COLOR_SYSTEM is {colours!r}; it takes {', '.join(COLOUR_SYSTEMS)}, or is left unset."
        )


def demo_options(session: Session) -> DemoOptions:
    """How the demo is played. Raises UsageError for a day outside it."""
    at = None if session.given("at") == "now" else session.day("at")
    if at is not None and not DEMO_FIRST.date() <= at <= DEMO_END.date():
        raise UsageError(f"--at is {at}; the demo runs from {DEMO_FIRST.date()} to {DEMO_END.date()}.")
    return DemoOptions(at, weeks_per_second(session.given("speed")), replay=True)


def weeks_per_second(text: str | None) -> float | None:
    """`1w/s` and `2d/s` as weeks per second. Raises UsageError for anything else."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,4}(?:\.\d{1,4})?)([wd])/s|0", text.strip())
    if not found:
        raise UsageError(f"--speed is {text!r}; it takes weeks or days per second, such as 1w/s, 2d/s or 0.")
    return float(found[1]) * _DAYS[found[2]] / 7 if found[1] else 0.0
