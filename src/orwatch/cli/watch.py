"""`watch`: alerts without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from orwatch.cli import output
from orwatch.cli.parser import near
from orwatch.errors import UsageError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from orwatch.cli.session import Session
    from orwatch.core.alerting import Alerting
    from orwatch.core.delivery import Sink, Undelivered
    from orwatch.core.source import Source
    from orwatch.core.watch import Fired

FIRED = 10
"""Exit code: the awaited alert fired."""

ANY = "any"
LEAVES_THE_MACHINE = ("webhook", "command")
"""Channels that the demo does not serve: its alerts are of no present."""


def watch(session: Session) -> int:
    """Polls without a screen, tells each alert as it fires, and delivers it.

    A line an alert on a terminal: mark, date, rule, sentence; JSON lines when piped (or --format). Where alerts go is
    set below `notify`: see `orwatch config template`. --until RULE ends with exit code 10 when one fires. --once, for
    cron, polls once if it is due and ends: with 10 if anything fired since the last such run. --demo replays the
    spring of 2026, --at DATE and --speed 1w/s as in `orwatch demo`; it serves no webhook and no command."""
    from orwatch.core import threads

    until = session.given("until")
    if until is not None and until != ANY:
        check_rule("--until", until)
    for option in ("at", "speed"):
        if session.given(option) is not None and not session.is_demo:
            raise UsageError(f"--{option} steers the demo's clock; it belongs to --demo.")
    lines = session.form == "lines" and (session.given("format") is not None or _on_terminal())
    session.check_arguments()
    with _source(session) as source:
        run = _Watch(session, source, until, lines=lines)
        if session.given("once"):
            return threads.run(run.once())
        return threads.run(run.forever())


def check_rule(option: str, rule: str) -> None:
    """Raises UsageError, naming the nearest, for what is no rule."""
    from orwatch.domain.alerts.registry import RULES

    if rule not in RULES:
        raise UsageError(f"{option} is {rule!r}, which is no rule; {near(rule, RULES)}.")


def _on_terminal() -> bool:
    import sys

    return sys.stdout.isatty()


def _source(session: Session) -> Source:
    if not session.is_demo:
        return session.source
    from orwatch.cli.dashboard import demo_options
    from orwatch.core.source import open_source

    return open_source(session.config, demo=replace(demo_options(session), held=True))


class _Watch:
    """One run: its alerts, its channels, and what it has said."""

    def __init__(self, session: Session, source: Source, until: str | None, *, lines: bool) -> None:
        from orwatch.cli.memory import terminal
        from orwatch.core.alerting import Alerting, judge_of
        from orwatch.core.channels import sinks
        from orwatch.core.delivery import starting_now
        from orwatch.core.source import on_demo

        self.session = session
        self.source = source
        self.until = until
        self.lines = lines
        self.offline = session.settings.offline and not session.is_demo
        self.judge = judge_of((on_demo(session.config) if session.is_demo else session.config).settings)
        self.alerting: Alerting = Alerting(source, self.judge)
        found = sinks(session.settings.notify, session.env, terminal())
        if session.is_demo:
            found = [sink for sink in found if sink.channel.name not in LEAVES_THE_MACHINE]
        self.sinks: Sequence[Sink] = starting_now(source, found)
        self._trouble: str | None = None
        self._printed = 0

    def _begin(self) -> None:
        channels = ", ".join(sink.channel.name for sink in self.sinks) or "no channel"
        where = "the demo" if self.session.is_demo else self.source.origin.partition("://")[2]
        pace = "offline" if self.offline else f"every {self.source.interval:g} s"
        ends = f"; ends when {self.until} fires" if self.until else ""
        output.say(f"watching {where} {pace} · {self.judge.words} · to {channels}{ends}")

    async def forever(self) -> int:
        """Until a signal, the awaited alert or the end of the demo."""
        import asyncio

        from orwatch.core.watch import deliver_once, since, watch

        task = asyncio.current_task()
        assert task is not None
        stopped = _end_on_signals(task)
        self._begin()
        code: int | None = None
        try:
            events = watch(self.source, self.alerting, self.sinks, offline=self.offline)
            try:
                async for event in events:
                    code = self._tell(event)
                    if code is not None:
                        break
            finally:
                await events.aclose()  # type: ignore[attr-defined]
            for fired in since(self.alerting, self._printed) if code == FIRED else ():
                self._print(fired)  # what fired together with the awaited one
            for event in await deliver_once(self.source, self.sinks, at_most=15.0):
                self._tell(event)
        except asyncio.CancelledError:
            if not stopped():
                raise
            return 0
        return code or 0

    async def once(self) -> int:
        """One poll, for cron."""
        from orwatch.core.watch import deliver_once, look_once, told

        found = await look_once(self.source, self.alerting, offline=self.offline)
        if found.error is not None:
            output.say(str(found.error))
        for fired in found.fired:
            self._print(fired)
        for event in await deliver_once(self.source, self.sinks):
            self._tell(event)
        told(self.source, found)
        if any(self._awaited(fired) for fired in found.fired):
            return FIRED
        return 0 if found.error is None else found.error.exit_code

    def _awaited(self, fired: Fired) -> bool:
        return self.until in (None, ANY, fired.known.alert.rule)

    def _tell(self, event: object) -> int | None:
        """Say one happening; an exit code where it is the last."""
        for sentence in self.source.coordination.take_notices():
            output.say(sentence)
        from orwatch.core.delivery import Undelivered
        from orwatch.core.poller import Failed, Synced
        from orwatch.core.watch import Ended, Fired

        if isinstance(event, Fired):
            self._print(event)
            if self.until is not None and self._awaited(event):
                return FIRED
        elif isinstance(event, Failed):
            self._complain(f"{event.reason} Next try in {event.retry_in:.0f} s.", event.reason)
        elif isinstance(event, Synced):
            self._trouble = None
        elif isinstance(event, Undelivered):
            output.say(_undelivered(event))
        elif isinstance(event, Ended):
            output.say("the demo's record ends here.")
            return 0
        return None

    def _complain(self, sentence: str, cause: str) -> None:
        """The same trouble is said once."""
        if cause != self._trouble:
            output.say(sentence)
            self._trouble = cause

    def _print(self, fired: Fired) -> None:
        from orwatch.domain.foreign_text import safe
        from orwatch.present.alerts import mark, message
        from orwatch.present.tables.alerts import AlertRow, facts

        alert = fired.known.alert
        self._printed = fired.known.number or self._printed
        if self.lines:
            sentence = safe(message(alert, fired.names))
            output.line(f"{mark(alert)} {alert.dated:%Y-%m-%d}  {alert.rule}  {sentence}")
            return
        row = facts(AlertRow(alert, fired.names, fired.known))
        output.json_line({**row, "source": self.source.kind, "citation": self._citation()})

    def _citation(self) -> str | None:
        from orwatch.present.citation import citation

        as_of = self.source.cache.rankings.newest_as_of()
        return None if as_of is None else citation(self.source.kind, as_of)


def _undelivered(event: Undelivered) -> str:
    from orwatch.present.formats import moment

    if not event.ids:
        return event.cause
    count = len(event.ids)
    next_ = f"tried again at {moment(event.retry_at)}" if event.retry_at else "given up"
    return f"{event.channel}: {count} alert{'' if count == 1 else 's'} not delivered, {event.cause}; {next_}."


def _end_on_signals(task: asyncio.Task[int]) -> Callable[[], bool]:
    """SIGTERM and SIGHUP end the run cleanly; one that is ignored (nohup) stays so. Gives whether one came."""
    import asyncio
    import signal

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
