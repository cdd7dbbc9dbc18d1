"""`--watch`: a block for every change elsewhere, the table in its place on a terminal; the bytes that move its cursor."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import date, timedelta

import pytest
from rich.console import Console, ConsoleDimensions

from cli_market import AS_OF, BILLION, ORIGIN, WEEKS, Cli
from orwatch.cli.events import Event
from orwatch.cli.live import Drawn, follow, report
from orwatch.cli.parser import parse
from orwatch.cli.session import Session
from orwatch.core.poller import Failed, Synced
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.store.cache import Cache
from pseudo_terminal import Terminal, terminal

SYNCED = Synced(300.0)
FAILED = Failed("No answer from openrouter.ai: refused.", 15.0)


@contextmanager
def session_of(*argv: str) -> Iterator[Session]:
    command, options = parse(argv)
    with closing(Session(command, options, os.environ)) as session:
        yield session


def restate(cli: Cli, tokens: int, *, days: int = 1) -> None:
    """DeepSeek V4's tokens of the newest week, in thousand millions, as a later snapshot has them."""
    rows = dict(WEEKS[date(2026, 6, 15)]) | {"deepseek/v4": tokens}
    listing = [(slug, n * BILLION) for slug, n in rows.items()]
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.rankings.put(
            [Listing.build(Period(Grain.WEEK, date(2026, 6, 15)), AS_OF + timedelta(days=days), listing)]
        )


async def polls(cli: Cli, *tokens: int) -> AsyncIterator[Event]:
    """Polls after each of which the newest week is another."""
    for n, value in enumerate(tokens):
        restate(cli, value, days=n + 1)
        yield SYNCED


# Elsewhere than on a terminal


async def test_json_is_a_document_a_line_for_each_change(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    with session_of("top", "--watch", "--basis", "chart", "--format", "json", "--limit", "1") as session:
        assert await follow(session, polls(cli, 300, 310, 310, 320)) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["rows"][0]["tokens"] // BILLION for one in found] == [300, 310, 320]
    assert found[-1]["meta"]["as_of"] == "2026-06-26T02:00:00Z"


async def test_csv_stands_under_one_head(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    argv = ("top", "--watch", "--basis", "chart", "--format", "csv", "--columns", "model,tokens", "--limit", "1")
    with session_of(*argv) as session:
        await follow(session, polls(cli, 310))
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith("permaslug,name,tokens,period_start")
    assert [row.split(",")[2] for row in rows] == [str(300 * BILLION), str(310 * BILLION)]


async def test_a_table_is_a_block_for_each_change_without_an_escape(
    cli: Cli, capsys: pytest.CaptureFixture[str]
) -> None:
    with session_of("share", "--watch", "--basis", "chart") as session:
        await follow(session, polls(cli, 300, 310))
    text = capsys.readouterr().out
    assert "\x1b" not in text
    assert re.findall(r"^CN China +([\d.]+)", text, re.M) == ["480.00", "490.00"]
    assert text.count("Countries · week 15–21 Jun 2026") == 2


async def test_a_cause_of_failure_is_said_once_on_standard_error(cli: Cli, capsys: pytest.CaptureFixture[str]) -> None:
    async def happening() -> AsyncIterator[Event]:
        for event in (FAILED, FAILED, SYNCED, FAILED):
            yield event

    with session_of("top", "--watch") as session:
        await follow(session, happening())
    sentence = "orwatch: No answer from openrouter.ai: refused. The next try is in 0:15.\n"
    assert capsys.readouterr().err == sentence * 2


def test_wrong_usage_is_told_before_anything_is_polled(cli: Cli) -> None:
    assert cli("top", "--watch", "--format", "xml")[0] == 2
    assert cli("history", "deepseek/v4", "--watch")[0] == 2
    assert cli("top", "--watch", "--vendor", "deepsek")[0] == 2


# In its place on a terminal


def console(columns: int = 100, rows: int = 30) -> Console:
    """A terminal of a size, whose bytes are kept."""
    return Console(file=io.StringIO(), force_terminal=True, width=columns, height=rows, highlight=False)


def taken(of: Console) -> str:
    """What was written since, without what moves the cursor."""
    assert isinstance(of.file, io.StringIO)
    text = of.file.getvalue()
    of.file.seek(0)
    of.file.truncate()
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-ln-z]", "", text).replace("\r", "")


async def test_a_table_has_as_many_rows_as_fit_and_a_status_line(cli: Cli) -> None:
    restate(cli, 300)
    for rows, models in ((40, 10), (20, 9), (18, 10), (12, 3), (8, 1)):
        terminal = console(100, rows)
        with session_of("top", "--basis", "top10", "--watch") as session, Drawn(session, terminal) as show:
            session.source.coordination.note_moment("last_success", session.source.machine() - timedelta(seconds=12))
            show.take(report(session))
            lines = taken(terminal).splitlines()
        assert len(lines) <= rows - 1
        assert re.fullmatch(r"polled 1\d s ago · next poll in [\d:]+ · Ctrl\+C ends", lines[-1])
        found = sum(bool(re.match(r" ?\d+ .* (CN|US|\?\?|FR) ", line)) for line in lines)
        assert found == models, rows


async def test_a_failure_stands_in_the_status_line_and_goes_with_it_at_the_end(cli: Cli) -> None:
    terminal = console()
    with session_of("top", "--basis", "chart", "--watch") as session:
        with Drawn(session, terminal) as show:
            show.take(report(session))
            taken(terminal)
            show.polled(FAILED)
            last = taken(terminal).splitlines()[-1]
            assert re.fullmatch(r"! No answer from openrouter.ai: refused. · next try in 0:1\d · Ctrl\+C ends", last)
        text = taken(terminal)
    assert "Models" in text
    assert "Ctrl+C ends" not in text


async def test_on_a_narrow_terminal_the_cause_is_cut_and_the_next_try_is_not(cli: Cli) -> None:
    terminal = console(60)
    with session_of("top", "--basis", "chart", "--watch") as session, Drawn(session, terminal) as show:
        show.take(report(session))
        taken(terminal)
        show.polled(FAILED)
        last = taken(terminal).splitlines()[-1]
        assert re.fullmatch(r"! No answer from.*….* · next try in 0:1\d · Ctrl\+C ends", last)


async def test_a_narrower_terminal_has_broken_the_lines_anew(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for term, steps in (("xterm-256color", True), ("linux", False)):
        monkeypatch.setenv("TERM", term)
        terminal = console(100)
        with session_of("top", "--basis", "chart", "--watch") as session, Drawn(session, terminal) as show:
            show.take(report(session))
            taken(terminal)
            terminal.size = ConsoleDimensions(50, 30)
            show.tick()
            assert isinstance(terminal.file, io.StringIO)
            assert bool(re.match(r"\x1b\[\d+A\r\x1b\[J", terminal.file.getvalue())) == steps


# The program in a terminal


def watching(**env: str) -> AbstractContextManager[Terminal]:
    """The table of the cache in a terminal, drawn again and again."""
    whole = {**os.environ, "TERM": "xterm-256color", **env}
    return terminal("top", "--watch", "--offline", "--basis", "chart", env=whole, size=(100, 30))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_the_last_table_stays_on_screen_and_no_other_screen_was_taken(
    cli: Cli, number: signal.Signals, code: int
) -> None:
    with watching(COLORTERM="truecolor") as it:
        it.until("Ctrl+C ends")
        it.signal(number)
        assert it.ends()[0] == code
    text = it.out.decode()
    assert "\x1b[?1049h" not in text
    assert "\x1b[1;38;2;238;149;72mCN\x1b[0m" in text
    assert "offline · Ctrl+C ends" in text
    assert "Ctrl+C ends" not in text.rpartition("Models")[2], "the status line goes"
    assert text.endswith("\x1b[?25h"), "the cursor is back"


def test_without_colour_there_is_none_and_a_dumb_terminal_gets_blocks(cli: Cli) -> None:
    cursor = {"\x1b[1A", "\x1b[2K", "\x1b[?25l", "\x1b[?25h"}
    for env, shown, escapes in (
        ({"NO_COLOR": "1"}, "Ctrl+C ends", cursor),
        ({"TERM": "dumb"}, "as of 2026-06-22T02:00:00Z", set()),
    ):
        with watching(**env) as it:
            it.until(shown)
            it.signal(signal.SIGTERM)
            assert it.ends()[0] == 0
        assert {*re.findall(r"\x1b\[[0-9;?]*[A-Za-z]", it.out.decode())} == escapes


def test_another_size_is_drawn_at_once(cli: Cli) -> None:
    with watching(NO_COLOR="1") as it:
        before = it.until("anthropic", "Ctrl+C ends")
        it.resize(60, 30)
        it.until("Ctrl+C ends", since=before)
        text = it.out[before:].decode()
        assert "Not shown for want of width: Vendor" in text
        assert "anthropic" not in text


HASTY = """
from orwatch.__main__ import run
from orwatch.core import source
source.DEMO_WEEKS_PER_SECOND = 4.0
run()
"""
"""orwatch whose demo takes a second for a month."""


def test_the_demo_is_replayed_and_ends(cli: Cli) -> None:
    argv = [sys.executable, "-c", HASTY, "top", "--watch", "--demo", "--format", "json", "--limit", "1"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        moments = (json.loads(block)["meta"]["as_of"] for block in process.stdout)
        first = next(moments)
        assert any(moment > first for moment in moments)
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.wait() == 130
