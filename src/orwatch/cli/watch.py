"""`watch`: alerts without a screen. Polls, tells each as it fires, and delivers it."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from orwatch import threads
from orwatch.cli import output
from orwatch.cli.alerts import check_rule, terminal
from orwatch.cli.dashboard import demo_options
from orwatch.cli.session import Session
from orwatch.core import watch as watching
from orwatch.core.alerting import AlertService
from orwatch.core.outbox import Undelivered, deliver_once
from orwatch.core.poller import Failed, Synced
from orwatch.core.source import Source, open_source
from orwatch.core.watch import Ended, Fired, look_once, note_told, since
from orwatch.domain.foreign_text import safe
from orwatch.errors import UsageError
from orwatch.listening import address_of
from orwatch.present.alerts import mark, message
from orwatch.present.citation import citation
from orwatch.present.formats import moment, plural
from orwatch.present.tables.alerts import AlertRow, facts
from orwatch.present.writers.json import json_line

if TYPE_CHECKING:
    from orwatch.metrics import MetricsServer

FIRED = 10
"""Exit code: the awaited alert fired."""

ANY = "any"
"""What `--until` takes for any rule."""


def watch(session: Session) -> int:
    """Watches until a signal, the awaited alert or the end of the demo; the exit code.

    Raises UsageError for options that do not go together.
    """
    until = session.given("until")
    if until is not None and until != ANY:
        check_rule("--until", until)
    for option in ("at", "speed"):
        if session.given(option) is not None and not session.is_demo:
            raise UsageError(f"--{option} steers the demo's clock; it belongs to --demo.")
    address, once = session.given("metrics"), session.given("once")
    if address is not None and once:
        raise UsageError("--metrics serves for as long as a watch runs; it does not go with --once.")
    lines = session.form == "lines" and (session.given("format") is not None or sys.stdout.isatty())
    session.check_arguments()
    if address is not None:
        from orwatch.metrics import Metrics, serving  # of an extra

        host, port = address_of("--metrics", address, 9464)
    demo = demo_options(session) if session.is_demo else None
    with session.source if demo is None else open_source(session.config, demo=demo) as source:
        run = WatchRun(session, source, until, lines=lines)
        if address is None:
            return threads.run(run.once() if once else run.forever())
        with serving(Metrics(run.service), host, port) as run.served:
            return threads.run(run.forever())


class WatchRun:
    """One run: its alerts, its channels, and what it has said. served: what serves its metrics, if anything does."""

    served: MetricsServer | None = None

    def __init__(self, session: Session, source: Source, until: str | None, *, lines: bool) -> None:
        self.session = session
        self.source = source
        self.until = until
        self.lines = lines
        self.offline = session.settings.offline and not session.is_demo
        self.service = AlertService(source)
        self.service.serve(session.env, terminal())
        self._trouble: str | None = None
        self._printed = 0

    async def forever(self) -> int:
        """Until a signal, the awaited alert or the end of the demo."""
        task = asyncio.current_task()
        assert task is not None
        stopped = _end_on_signals(task)
        channels = ", ".join(sink.terms.channel for sink in self.service.sinks) or "no channel"
        where = "the demo" if self.session.is_demo else self.source.origin.partition("://")[2]
        pace = "offline" if self.offline else f"every {self.source.interval:g} s"
        at = f" · metrics on {self.served.url}" if self.served else ""
        ends = f"; ends when {self.until} fires" if self.until else ""
        self._say_idle()
        output.say(f"watching {where} {pace} · {self.service.rules.summary} · to {channels}{at}{ends}")
        code: int | None = None
        try:
            looked = self.served.metrics.renew if self.served else lambda: None
            events = watching.watch(self.service, offline=self.offline, looked=looked)
            async with aclosing(events):
                async for event in events:
                    # In a thread: a reader that has stalled holds up neither polls nor channels.
                    code = await asyncio.to_thread(self._tell, event)
                    if code is not None:
                        break
            for fired in since(self.service, self._printed) if code == FIRED else ():
                self._print(fired)  # what fired together with the awaited one
            for event in await deliver_once(self.source, self.service.sinks, at_most=15.0):
                self._tell(event)
        except asyncio.CancelledError:
            if not stopped():
                raise
            return 0
        return code or 0

    async def once(self) -> int:
        """One poll, for cron."""
        found = await look_once(self.service, offline=self.offline)
        self._say_idle()
        if found.error is not None:
            output.warn(str(found.error))
        for fired in found.fired:
            self._print(fired)
        for event in await deliver_once(self.source, self.service.sinks):
            self._tell(event)
        note_told(self.source, found)
        if any(self._awaited(fired) for fired in found.fired):
            return FIRED
        return 0 if found.error is None else found.error.exit_code

    def _say_idle(self) -> None:
        """Says which price alarms cannot fire as they are set."""
        for sentence in self.service.idle():
            output.warn(sentence)

    def _awaited(self, fired: Fired) -> bool:
        return self.until in (None, ANY, fired.known.alert.rule)

    def _tell(self, event: object) -> int | None:
        """Say one happening; an exit code where it is the last."""
        for sentence in self.source.coordination.take_notices():
            output.warn(sentence)
        if self.served:
            self.served.metrics.count(event)
        match event:
            case Fired():
                self._print(event)
                if self.until is not None and self._awaited(event):
                    return FIRED
            case Failed(reason, retry_in):
                if reason != self._trouble:  # the same cause is reported once
                    output.warn(f"{reason} Next try in {retry_in:.0f} s.")
                self._trouble = reason
            case Synced():
                self._trouble = None
                self._say_idle()
            case Undelivered():
                next_ = f"tried again at {moment(event.retry_at)}" if event.retry_at else "given up"
                count = plural(len(event.ids), "alert")
                told = f"{event.channel}: {count} not delivered, {event.cause}; {next_}."
                output.warn(told if event.ids else event.cause)
            case Ended():
                output.say("the demo's record ends here.")
                return 0
        return None

    def _print(self, fired: Fired) -> None:
        alert = fired.known.alert
        self._printed = fired.known.number or self._printed
        if self.lines:
            sentence = safe(message(alert, fired.names))
            output.line(f"{mark(alert)} {alert.dated:%Y-%m-%d}  {alert.rule}  {sentence}")
            return
        as_of, kind = self.source.cache.rankings.newest_as_of(), self.source.kind
        cited = {"source": kind, "citation": None if as_of is None else citation(kind, as_of)}
        output.write([json_line({**facts(AlertRow(alert, fired.names, fired.known)), **cited})])


def _end_on_signals(task: asyncio.Task[int]) -> Callable[[], bool]:
    """SIGTERM and SIGHUP end the run cleanly; one that is ignored (nohup) stays so. Gives whether one came."""
    came: list[int] = []

    def end(number: int) -> None:
        came.append(number)
        task.cancel()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(name) is not signal.SIG_IGN:
            try:
                loop.add_signal_handler(name, end, int(name))
            except (ValueError, RuntimeError):
                break  # not the main thread
    return lambda: bool(came)
