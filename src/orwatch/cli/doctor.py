"""`doctor`: whether everything that orwatch needs is there, and the mend where it is not."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from orwatch import threads
from orwatch.api import rankings
from orwatch.api.origin import check_base_url, host_of, origin_of
from orwatch.cli.dashboard import check_terminal
from orwatch.cli.prices import asked_habit
from orwatch.cli.session import Session
from orwatch.config import Config, check_theme, data_folder, exposed, key_for, key_path, key_tail, own_themes
from orwatch.config.keys import open_to_others
from orwatch.core.judge import RuleSet, idle_alarms
from orwatch.core.outbox import open_sinks
from orwatch.core.source import Source
from orwatch.domain.filters import make_filter
from orwatch.domain.periods import Grain
from orwatch.errors import CacheError, OrwatchError, UsageError
from orwatch.present.report import Report, listing, moment
from orwatch.present.terms import bad_word
from orwatch.tui.actions import Keymap

Row = Mapping[str, Any]

CLOCK_SECONDS = 120
"""How far the machine's clock may be from the server's: ages and the schedule of polls go by it."""

SMALLEST = (40, 12)
"""Columns and rows that the dashboard needs."""


def doctor(session: Session) -> Report:
    """A row for each check, with its mend where it fails; exit code 1 where one does."""
    rows = [
        _judge("config", lambda: _config(session), "correct the line that is named, or see `orwatch config template`")
    ]
    try:
        _ = session.config
    except OrwatchError:
        session.config = Config()  # the other checks go on with the defaults
    rows.append(_judge("themes", lambda: _themes(session), "correct the file or the setting that is named"))
    rows.append(_judge("key", lambda: _key(session), "run `orwatch key set`"))
    rows.append(_judge("cache", lambda: _cache(session), "name another file with --cache"))
    opened = rows[-1]["ok"]
    if opened:
        rows.append(_judge("alerts", lambda: _alerts(session), "correct [alerts.price-crosses] in the config"))
    if opened and (session.is_demo or not session.settings.offline):
        rows += threads.run(_ask(session.source))
    else:
        why = "not asked: offline" if opened else "not asked: the cache did not open"
        rows += [_row("network", None, why), _row("clock", None, why)]
    rows.append(_terminal(session))
    failed = any(row["ok"] is False for row in rows)
    return listing(session.view, None, rows, title="Doctor", code=int(failed))


def _row(check: str, ok: bool | None, detail: str, mend: str | None = None) -> Row:
    return {"check": check, "ok": ok, "detail": detail, "mend": mend}


def _judge(check: str, look: Callable[[], str], mend: str) -> Row:
    try:
        return _row(check, True, look())
    except OrwatchError as error:
        return _row(check, False, str(error), mend)


def _config(session: Session) -> str:
    """The settings as every front end checks them; of keys that changed hands, what the dashboard says at its start."""
    path, settings = session.config.path, session.settings
    for sentence in exposed(session.config, session.env):
        if sentence.startswith(f"{path} "):
            raise OrwatchError(sentence)
    keymap = Keymap(settings.keys)
    open_sinks(settings.notify, session.env, None)
    if faults := make_filter(settings.start.filter or "").faults:
        raise UsageError(f"start.filter: {bad_word(faults[0])}")
    asked_habit(session)
    found = f"{path} is valid" if path.exists() else f"{path} does not exist: defaults hold"
    return "; ".join([found, *keymap.notes])


def _themes(session: Session) -> str:
    own, faults = own_themes(session.config.path)
    if faults:
        raise UsageError(" ".join(faults))
    check_theme(session.settings.view.theme, session.config.path)
    return f"{session.settings.view.theme}; of your own: {', '.join(own) or 'none'}"


def _key(session: Session) -> str:
    url = session.settings.source.base_url
    found = key_for(origin_of(url), session.env)
    path = key_path(session.env)
    if open_to_others(path):
        raise OrwatchError(f"{path} can be read by others; run `chmod 600` on it.")
    if found is None:
        return "none: rankings come from the public exports; a key adds the history from 2025 on"
    check_base_url(url, found[0])
    return f"{key_tail(found[0])} from {found[1]}"


def _cache(session: Session) -> str:
    source = session.source
    cache = source.cache
    if source.coordination.unkept:
        raise CacheError("It is in memory, as its file cannot be written to: what comes is lost when orwatch ends.")
    if cache.path is not None and session.settings.source.cache is None and cache.path.parent != data_folder():
        raise CacheError(
            f"{cache.path} is in the folder of caches, which systems empty: it moves to {data_folder()} at a start when that can"
            " be written to and no other orwatch has it open."
        )
    now = source.machine()
    if cache.leases.acquire("doctor", "doctor", now, 1.0):  # says whether the file can be written
        cache.leases.release("doctor", "doctor")
    newest = cache.rankings.newest_as_of()
    held = "still empty" if newest is None else f"figures of {moment(newest)}"
    if newest is not None and cache.rankings.fetched_as_of() is None:
        held += ", the archive alone"
    return f"{cache.path or 'in memory'}, {cache.database.size()} bytes, {held}"


def _alerts(session: Session) -> str:
    """The rules; a price alarm that cannot fire is told as the dashboard and `watch` tell it."""
    if said := idle_alarms(session.source.market(), session.settings.alerts):
        raise UsageError(" ".join(said))
    return RuleSet.of(session.settings).summary


async def _ask(source: Source) -> list[Row]:
    """Network, key and clock, from one request each."""
    host = host_of(source.base_url)
    async with source.client() as client:
        try:
            answer = await client.get("/datasets/exports/index.json")
        except OrwatchError as error:
            mend = "check the connection, the proxy (HTTPS_PROXY) and --base-url"
            return [_row("network", False, str(error), mend), _row("clock", None, "not known without an answer")]
        source.coordination.log_request("doctor", keyed=False, status=answer.status, size=len(answer.body))
        rows = [_row("network", True, f"{host} answers")]
        if source.has_key:  # whether it is accepted: one request for one day of the record
            day = source.coordination.server_now.date() - timedelta(days=2)
            client.before_keyed = lambda: source.coordination.spend("doctor")
            try:
                await rankings.fetch(client, Grain.DAY, day, day)
                rows.append(_row("key accepted", True, "the keyed record answers"))
            except OrwatchError as error:
                mend = "make a key at openrouter.ai/keys and run `orwatch key set`"
                rows.append(_row("key accepted", False, str(error), mend))
    if answer.date is None or source.demo_clock is not None:
        return [*rows, _row("clock", None, f"{host} tells no time")]
    off = (source.machine() - answer.date).total_seconds()
    detail = f"{abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} {host}"
    mend = "set the machine's clock: the ages of figures go by it"
    return [*rows, _row("clock", abs(off) <= CLOCK_SECONDS, detail, mend if abs(off) > CLOCK_SECONDS else None)]


def _terminal(session: Session) -> Row:
    env = session.env
    if not sys.stdout.isatty():
        return _row("terminal", None, "standard output is no terminal: commands work, the dashboard does not")
    columns, lines = shutil.get_terminal_size()
    colours = "no colours" if env.get("NO_COLOR") else env.get("COLORTERM") or "16 colours"
    detail = f"{env.get('TERM', 'unknown')}, {columns}×{lines}, {colours}, {sys.stdout.encoding}"
    try:
        check_terminal(env)
    except UsageError as error:
        return _row("terminal", False, detail, str(error))
    if columns < SMALLEST[0] or lines < SMALLEST[1]:
        return _row("terminal", False, detail, f"make it at least {SMALLEST[0]}×{SMALLEST[1]}")
    return _row("terminal", True, detail)
