"""`--watch`: the same table again whenever its figures change, in its place on a terminal, block after block elsewhere."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import AsyncIterator
from contextlib import nullcontext
from typing import Self

from msgspec.structs import replace
from rich.console import Console
from rich.live import Live
from rich.text import Text

from orwatch import threads
from orwatch.cli import output
from orwatch.cli.emit import render
from orwatch.cli.events import Event, Sign, events
from orwatch.cli.session import Session
from orwatch.core.poller import Failed, Synced
from orwatch.domain.foreign_text import safe
from orwatch.errors import CacheError, NoDataError
from orwatch.present import formats
from orwatch.present.report import Report
from orwatch.present.writers import written
from orwatch.present.writers.json import json_document
from orwatch.present.writers.text import text_table

FEW_ROWS = 8
"""Below this number of rows, a small terminal loses the notes before more rows."""

STATUS_ROWS = 3
"""A blank row, the status line, and one that stays free, below the table."""


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
    screen = Drawn(session, Console(file=output.lenient(), highlight=False)) if drawn else nullcontext(Blocks(session))
    with screen as show:
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
            elif event in (Sign.TICK, Sign.RESIZED):
                show.tick()
            if isinstance(event, Synced) and session.source.at_rest:
                show.tick()
                break
    return 0


def report(session: Session) -> Report:
    """What the command gives, from the cache as it is now."""
    session.market = session.market.renewed()
    result: Report = session.command.function(session)
    return replace(result, rows=list(result.rows))


class Blocks:
    """A block for every change, for pipes and files: tables and Markdown with a blank line after each, JSON a document a line,
    CSV under one head."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._figures: tuple[object, ...] | None = None
        self._said: str | None = None

    def take(self, result: Report) -> None:
        """Prints a report if its figures are others: the time of the source and how the last poll went are none of them."""
        meta = {key: value for key, value in result.meta.items() if key not in ("as_of", "citation", "warnings")}
        found = (result.rows, result.tail, meta)
        if found == self._figures:
            return
        first, self._figures = self._figures is None, found
        form, limit = self.session.form, self.session.limit
        if form == "json":
            output.write([json_document(result, limit), "\n"])
        elif form == "csv":
            lines = list(written(result, form, limit))
            if not first and lines:
                lines[0] = lines[0].partition("\n")[2]
            output.write(lines)
        else:
            output.write([*render(result, form, limit), "\n"])

    def polled(self, event: Synced | Failed) -> None:
        """Says why a poll failed, once for each cause."""
        if isinstance(event, Failed):
            self.trouble(event.reason, f" The next try is in {formats.countdown(event.retry_in)}.")
        else:
            self._said = None

    def trouble(self, cause: str, more: str = "") -> None:
        """Says what is wrong, once."""
        if cause != self._said:
            self._said = cause
            output.warn(f"{cause}{more}")

    def tick(self) -> None:
        """Nothing moves between changes."""


class Drawn:
    """The table in its place, and one line below it: how old it is, and when it is asked for again. Leaving it keeps the table."""

    def __init__(self, session: Session, console: Console) -> None:
        self.session = session
        self.console = console
        self._live = Live(console=console, auto_refresh=False, redirect_stdout=False, vertical_overflow="crop")
        self._report: Report | None = None
        self._table = Text()
        self._size = console.size
        self._failed: Failed | None = None
        self._trouble: str | None = None
        self._due: float | None = None

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.update(self._table)
        self._live.stop()

    def take(self, report: Report) -> None:
        """Draws a report."""
        self._report, self._trouble = report, None
        self._table = self._laid(report)
        self._draw()

    def polled(self, event: Synced | Failed) -> None:
        """Notes how a poll went."""
        self._failed = event if isinstance(event, Failed) else None
        wait = event.retry_in if isinstance(event, Failed) else event.next_s
        self._due = asyncio.get_running_loop().time() + wait
        self._draw()

    def trouble(self, sentence: str) -> None:
        """Says in the status line what is wrong."""
        self._trouble = sentence
        self._draw()

    def tick(self) -> None:
        """Draws the status line anew, and the table for a terminal of another size."""
        if self._report is not None and self.console.size != self._size:
            self._step_back()
            self._size = self.console.size
            self._table = self._laid(self._report)
        self._draw()

    def _draw(self) -> None:
        status = Text(self._status_line(), style="dim" if output.coloured() else "", no_wrap=True)
        self._live.update(Text("\n").join([self._table, Text(), status]), refresh=True)

    def _step_back(self) -> None:
        """A terminal that was made narrower has broken the lines anew: up by as many rows as it has made of them.

        screen and the Linux console cut them instead.
        """
        width = self.console.width
        lines = [line.cell_len for line in self._table.split("\n")] + [len(self._status_line())]
        more = sum(max(0, math.ceil(length / width) - 1) for length in lines)
        if more and not os.environ.get("STY") and os.environ.get("TERM") != "linux":
            self.console.file.write(f"\x1b[{more}A\r\x1b[J")

    def _laid(self, report: Report) -> Text:
        """The lines of the table, no more than there is room for: rows are left out, and their number is said."""
        room = max(1, self.console.height - STATUS_ROWS)
        count = len(list(report.rows))
        limit = min(self.session.limit or report.first or count, count)
        codes = self.session.codes

        def laid(report: Report) -> tuple[int, list[Text]]:
            """Rows that fit, and the lines."""
            rows = limit
            while True:
                told = self.session.told(text_table(report, rows, self.console.width, codes))
                text = Text.from_ansi("".join(told).rstrip("\n"))
                lines = [*text.wrap(self.console, self.console.width)]
                over = len(lines) - room
                if over <= 0 or rows <= 1:
                    return rows, lines
                rows = max(1, rows - over)

        rows, lines = laid(report)
        if rows < min(limit, FEW_ROWS):
            _, lines = laid(replace(report, notes=(), sums={}, meta={**report.meta, "warnings": [], "citation": None}))
        return Text("\n").join(lines[:room])

    def _status_line(self) -> str:
        """`polled 12 s ago · next poll in 4:48 · Ctrl+C ends`; where there is trouble its cause, cut so that the rest has room."""
        source = self.session.source
        now = asyncio.get_running_loop().time()
        wait = source.next_poll_s() if self._due is None else max(0.0, self._due - now)
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
        room = self.console.width - 1
        if cause:
            left = room - formats.cell_width(text) - 5
            text = f"! {formats.middle_cut(safe(cause), left)} · {text}" if left >= 10 else f"! {text}"
        return formats.middle_cut(text, room)
