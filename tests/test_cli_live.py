"""`--watch`: a block for every change elsewhere, the table in its place on a terminal; the bytes that move its cursor."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from cli_market import AS_OF, BILLION, ORIGIN, WEEKS, Cli
from orwatch.cli.events import Event
from orwatch.cli.live import Drawn, follow, report
from orwatch.cli.parser import parse
from orwatch.cli.session import Session
from orwatch.cli.sheet import Sheet, folded
from orwatch.core.poller import Failed, Synced
from orwatch.core.refresh import RefreshReport
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.store.cache import Cache

SYNCED = Synced(RefreshReport(), 300.0)
FAILED = Failed("No answer from openrouter.ai: refused.", 15.0)


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    return Cli(tmp_path, monkeypatch, capsys)


@contextmanager
def session_of(*argv: str) -> Iterator[Session]:
    command, options = parse(argv)
    with Session(command, options, os.environ) as session:
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


async def test_on_a_narrow_terminal_the_cause_is_cut_and_the_next_try_is_not(cli: Cli) -> None:
    terminal = Terminal(60, 30)
    with session_of("top", "--basis", "chart", "--watch") as session:
        show = Drawn(session, terminal.sheet())
        show.take(report(session))
        terminal.take()
        show.polled(FAILED)
        assert re.search(r"! No answer from.*….* · next try in 0:1\d · Ctrl\+C ends\n$", terminal.take())


def test_wrong_usage_is_told_before_anything_is_polled(cli: Cli) -> None:
    assert cli("top", "--watch", "--format", "xml")[0] == 2
    assert cli("history", "deepseek/v4", "--watch")[0] == 2
    assert cli("top", "--watch", "--vendor", "deepsek")[0] == 2


# Byte by byte


class Terminal:
    """A size, and what was written."""

    def __init__(self, columns: int = 40, rows: int = 10) -> None:
        self.size = (columns, rows)
        self.written = ""

    def sheet(self, *, reflows: bool = True) -> Sheet:
        return Sheet(self._write, lambda: self.size, reflows=reflows)

    def _write(self, text: str) -> None:
        self.written += text

    def take(self) -> str:
        """What was written since."""
        text, self.written = self.written, ""
        return text


def test_lines_are_drawn_over_those_before_and_no_others() -> None:
    terminal = Terminal()
    sheet = terminal.sheet()
    sheet.draw(["a", "b", "status"])
    assert terminal.take() == "\r\x1b[Ja\nb\nstatus\n"
    sheet.draw(["A", "status"])
    assert terminal.take() == "\x1b[3A\r\x1b[JA\nstatus\n"
    sheet.draw_last("later")
    assert terminal.take() == "\x1b[1A\r\x1b[Jlater\n"
    sheet.drop_last()
    assert terminal.take() == "\x1b[1A\r\x1b[J"
    sheet.draw(["x"])
    assert terminal.take() == "\x1b[1A\r\x1b[Jx\n"


def test_more_lines_than_the_terminal_has_rows_are_left_out_but_the_last() -> None:
    terminal = Terminal(rows=4)
    sheet = terminal.sheet()
    sheet.draw([str(n) for n in range(9)] + ["status"])
    assert terminal.take() == "\r\x1b[J0\n1\nstatus\n"


def test_a_narrower_terminal_has_broken_the_lines_anew() -> None:
    for reflows, rows in ((True, 3 + 1), (False, 2)):
        terminal = Terminal(columns=40)
        sheet = terminal.sheet(reflows=reflows)
        sheet.draw(["\x1b[2m" + "x" * 25 + "\x1b[0m", "status"])
        terminal.take()
        terminal.size = (10, 10)
        sheet.draw(["y"])
        assert terminal.take() == f"\x1b[{rows}A\r\x1b[Jy\n"


def test_long_lines_are_broken_at_words_and_keep_their_ink() -> None:
    assert folded("one two three", 9) == ["one two", "three"]
    assert folded("\x1b[2mone two three\x1b[0m", 9) == ["\x1b[2mone two\x1b[0m", "\x1b[2mthree\x1b[0m"]
    assert folded("short", 9) == ["short"]


async def test_a_table_has_as_many_rows_as_fit_and_a_status_line(cli: Cli) -> None:
    restate(cli, 300)
    for rows, models in ((40, 10), (18, 10), (12, 3), (8, 1)):
        terminal = Terminal(100, rows)
        with session_of("top", "--basis", "top10", "--watch") as session:
            session.source.coordination.note_moment("last_success", session.source.machine() - timedelta(seconds=12))
            show = Drawn(session, terminal.sheet())
            show.take(report(session))
        lines = terminal.take().removeprefix("\r\x1b[J").splitlines()
        assert len(lines) <= rows - 1
        assert re.fullmatch(r"polled 1\d s ago · next poll in [\d:]+ · Ctrl\+C ends", lines[-1])
        found = sum(bool(re.match(r" ?\d+ .* (CN|US|\?\?|FR) ", line)) for line in lines)
        assert found == models, rows


async def test_only_what_reads_otherwise_is_drawn_again(cli: Cli) -> None:
    terminal = Terminal(100, 30)
    with session_of("top", "--basis", "chart", "--watch") as session:
        session.source.coordination.note_moment("last_success", session.source.machine() - timedelta(days=3))
        show = Drawn(session, terminal.sheet())
        show.take(report(session))
        show.polled(SYNCED)
        show.tick()
        terminal.take()
        show.take(report(session))
        assert "Models" not in terminal.take(), "the table stands as it is"
        restate(cli, 310)
        show.take(report(session))
        assert terminal.take().startswith("\x1b[")
        show.polled(FAILED)
        assert terminal.take().startswith("\x1b[1A\r\x1b[J! No answer from openrouter.ai: refused. · next try in 0:1")
        show.end()
        assert terminal.take() == "\x1b[1A\r\x1b[J"


# The program in a terminal


@contextmanager
def in_terminal(cli: Cli, *argv: str, **env: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    whole = {**os.environ, "TERM": "xterm-256color", **env}
    whole.pop("COLUMNS", None)
    whole.pop("LINES", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "orwatch", *argv],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env=whole,
        start_new_session=True,
    )
    os.close(inner)
    try:
        yield process, outer
    finally:
        process.kill()
        process.wait()
        os.close(outer)


def read_until(outer: int, pattern: str) -> str:
    """What the program writes, to the pattern."""
    text = ""
    while not re.search(pattern, text):
        try:
            found = os.read(outer, 65536)
        except OSError:
            break
        assert found
        text += found.decode(errors="replace")
    return text


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_the_last_table_stays_on_screen_and_no_other_screen_was_taken(
    cli: Cli, number: signal.Signals, code: int
) -> None:
    with in_terminal(cli, "top", "--watch", "--offline", "--basis", "chart", COLORTERM="truecolor") as (process, outer):
        text = read_until(outer, "Ctrl\\+C ends")
        process.send_signal(number)
        text += read_until(outer, "never")
        assert process.wait() == code
    assert "\x1b[?1049h" not in text
    assert "\x1b[1;38;2;238;149;72mCN\x1b[0m" in text
    assert text.endswith("\x1b[1A\r\x1b[J")
    assert "offline · Ctrl+C ends" in text


def test_without_colour_there_is_none_and_a_dumb_terminal_gets_blocks(cli: Cli) -> None:
    for env, escapes in (({"NO_COLOR": "1"}, {"\x1b[J"}), ({"TERM": "dumb"}, set())):
        with in_terminal(cli, "top", "--watch", "--offline", "--basis", "chart", **env) as (process, outer):
            text = read_until(outer, "ends|as of 2026-06-22T02:00:00Z")
            process.send_signal(signal.SIGTERM)
            text += read_until(outer, "never")
            assert process.wait() == 0
        assert {*re.findall(r"\x1b\[[0-9;?]*[A-Za-z]", text)} - {"\x1b[1A"} == escapes


def test_another_size_is_drawn_at_once(cli: Cli) -> None:
    with in_terminal(cli, "top", "--watch", "--offline", "--basis", "chart", NO_COLOR="1") as (process, outer):
        assert "anthropic" in read_until(outer, "Ctrl\\+C ends")
        fcntl.ioctl(outer, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 60, 0, 0))
        process.send_signal(signal.SIGWINCH)
        text = read_until(outer, "Ctrl\\+C ends")
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
        first, second = (json.loads(process.stdout.readline()) for _ in range(2))
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.wait() == 130
    assert first["meta"]["as_of"] < second["meta"]["as_of"]
