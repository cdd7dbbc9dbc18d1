"""`--watch`: the same table again whenever its figures change, in its place on a terminal, block after block elsewhere."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable

from msgspec.structs import replace

from orwatch.cli import output
from orwatch.cli.events import Event, Sign, events
from orwatch.cli.session import Session
from orwatch.cli.sheet import Sheet, folded
from orwatch.core import threads
from orwatch.core.poller import Failed, Synced, next_poll_s
from orwatch.domain.foreign_text import safe
from orwatch.errors import CacheError, NoDataError
from orwatch.present import formats
from orwatch.present.palette import sgr
from orwatch.present.report import Report
from orwatch.present.writers import written
from orwatch.present.writers.json import json_document
from orwatch.present.writers.text import text_table

FEW_ROWS = 8
"""With fewer rows than these on a small terminal, what stands below the table goes first."""

STATUS_ROWS = 2
"""A blank row and the status line, below the table."""


def live(session: Session) -> int:
    """Prints what the command gives and then, until it is interrupted, every change. 130 on Ctrl+C, 0 on SIGTERM."""
    session.check_arguments()
    _ = session.form, session.market  # an empty cache is filled first, as for the command alone
    return threads.run(_live(session))


async def _live(session: Session) -> int:
    async with events(session.source, offline=session.settings.offline and not session.is_demo) as happening:
        return await follow(session, happening)


async def follow(session: Session, happening: AsyncIterator[Event]) -> int:
    """Prints the command's report now and after every event that changes its figures."""
    drawn = session.form == "table" and output.steers()
    show: Drawn | Blocks = Drawn(session, terminal_sheet()) if drawn else Blocks(session, output.write)
    try:
        show.take(report(session))
        async for event in happening:
            changed = isinstance(event, Synced) or (event is Sign.TICK and session.market.outdated())
            if isinstance(event, Synced | Failed):
                show.polled(event)
                for sentence in session.source.coordination.take_notices():
                    show.trouble(sentence)
            if changed:
                try:
                    show.take(report(session))
                except (NoDataError, CacheError) as error:
                    show.trouble(str(error))
            elif event is Sign.RESIZED:
                show.resized()
            elif event is Sign.TICK:
                show.tick()
            demo = session.source.demo_clock
            if isinstance(event, Synced) and demo is not None and demo.at_end:
                show.tick()
                break
        return 0
    finally:
        show.end()


def report(session: Session) -> Report:
    """What the command gives, from the cache as it is now."""
    session.renew()
    result: Report = session.command.function(session)
    return replace(result, rows=list(result.rows))


def figures(result: Report) -> tuple[object, ...]:
    """What makes a report another one: not the time of the source, and not how the last poll went."""
    meta = {key: value for key, value in result.meta.items() if key not in ("as_of", "citation", "warnings")}
    return list(result.rows), result.tail, meta


def terminal_sheet() -> Sheet:
    """Standard output as a sheet. screen and the Linux console cut lines where they are made narrower."""
    import shutil

    cuts = bool(os.environ.get("STY")) or os.environ.get("TERM") == "linux"

    def size() -> tuple[int, int]:
        found = shutil.get_terminal_size()
        return found.columns, found.lines

    return Sheet(lambda text: output.write([text]), size, reflows=not cuts)


class Blocks:
    """A block for every change, for pipes and files: tables and Markdown with a blank line after each, JSON a document a line,
    CSV under one head."""

    def __init__(self, session: Session, write: Callable[[list[str]], None]) -> None:
        self.session = session
        self._write = write
        self._figures: tuple[object, ...] | None = None
        self._said: str | None = None

    def take(self, result: Report) -> None:
        """Prints a report if its figures are others than those before."""
        found = figures(result)
        if found == self._figures:
            return
        first, self._figures = self._figures is None, found
        form, limit = self.session.form, self.session.limit
        if form == "json":
            self._write([json_document(result, limit), "\n"])
        elif form == "csv":
            lines = list(written(result, form, limit))
            if not first and lines:
                lines[0] = lines[0].partition("\n")[2]
            self._write(lines)
        else:
            self._write([*output.render(result, form, limit), "\n"])

    def polled(self, event: Synced | Failed) -> None:
        """Says why a poll failed, once for each cause."""
        if isinstance(event, Failed):
            self.trouble(f"{event.reason} The next try is in {formats.countdown(event.retry_in)}.")
        else:
            self._said = None

    def trouble(self, sentence: str) -> None:
        """Says what is wrong, once."""
        cause = sentence.partition(" The next try")[0]
        if cause != self._said:
            self._said = cause
            output.say(sentence)

    def resized(self) -> None:
        """Blocks are as wide as they are."""

    def tick(self) -> None:
        """Nothing moves between changes."""

    def end(self) -> None:
        """What was printed stays."""


class Drawn:
    """The table in its place, and one line below it: how old it is, and when it is asked for again."""

    def __init__(self, session: Session, sheet: Sheet) -> None:
        self.session = session
        self.sheet = sheet
        self._result: Report | None = None
        self._lines: list[str] = []
        self._status = ""
        self._failed: Failed | None = None
        self._trouble: str | None = None
        self._due: float | None = None

    def take(self, result: Report) -> None:
        """Draws a report, if it reads otherwise than the one before."""
        self._result, self._trouble = result, None
        lines = self._laid(result)
        if lines != self._lines:
            self._lines = lines
            self._draw()
        else:
            self.tick()

    def resized(self) -> None:
        """Draws anew for another size."""
        if self._result is not None:
            self._lines = self._laid(self._result)
            self._draw()

    def polled(self, event: Synced | Failed) -> None:
        """Notes how a poll went."""
        self._failed = event if isinstance(event, Failed) else None
        wait = event.retry_in if isinstance(event, Failed) else event.next_s
        self._due = self._clock() + wait
        if self._failed:
            self.tick()

    def trouble(self, sentence: str) -> None:
        """Says in the status line what is wrong."""
        self._trouble = sentence
        self.tick()

    def tick(self) -> None:
        """Draws the status line anew, if it reads otherwise."""
        status = self._status_line()
        if status != self._status and self._lines:
            self._status = status
            self.sheet.draw_last(status)

    def end(self) -> None:
        """Leaves the table, without the status line."""
        self.sheet.drop_last()

    def _draw(self) -> None:
        self._status = self._status_line()
        self.sheet.draw([*self._lines, self._status])

    def _laid(self, result: Report) -> list[str]:
        """The lines of the table and a blank one, no more than there is room for: rows are left out, and their number is said."""
        width, room = self.sheet.width, self.sheet.room - STATUS_ROWS
        limit = self.session.limit or result.first or len(list(result.rows))
        codes = sgr(self.session.settings.view.theme, os.environ) if output.coloured() else {}

        def laid(result: Report) -> tuple[int, list[str]]:
            """Rows that fit, and the lines."""
            rows = min(limit, len(list(result.rows)))
            while True:
                text = "".join(text_table(result, rows, width, codes))
                lines = [part for line in text.splitlines() for part in folded(line, width)]
                over = len(lines) - room
                if over <= 0 or rows <= 1:
                    return rows, lines
                rows = max(1, rows - over)

        rows, lines = laid(result)
        if rows < min(limit, FEW_ROWS):
            _, lines = laid(replace(result, notes=(), meta={**result.meta, "warnings": [], "citation": None}))
        return [*lines[: max(0, room)], ""]

    def _status_line(self) -> str:
        """`polled 12 s ago · next poll in 4:48 · Ctrl+C ends`; where there is trouble its cause, cut so that the rest has room."""
        source = self.session.source
        wait = next_poll_s(source) if self._due is None else max(0.0, self._due - self._clock())
        cause, parts = self._trouble, []
        if self._failed is not None:
            cause, parts = self._failed.reason, [f"next try in {formats.countdown(wait)}"]
        elif source.demo_clock is not None:
            parts.append(f"demo clock {source.demo_clock.now():%d %b %Y %H:%M}Z")
        else:
            last = source.coordination.last_success
            if last is not None:
                parts.append(f"polled {formats.age((source.machine() - last).total_seconds())} ago")
            parts.append("offline" if self.session.settings.offline else f"next poll in {formats.countdown(wait)}")
        text = " · ".join([*parts, "Ctrl+C ends"])
        room = self.sheet.width - 1
        if cause:
            left = room - formats.cell_width(text) - 5
            text = f"! {formats.middle_cut(safe(cause), left)} · {text}" if left >= 10 else f"! {text}"
        text = formats.middle_cut(text, room)
        return f"\x1b[2m{text}\x1b[0m" if output.coloured() else text

    def _clock(self) -> float:
        return asyncio.get_running_loop().time()
