"""`--screen-reader`: sentences instead of a screen, what changed as it comes, answers to typed commands, no escape code."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from cli_market import AS_OF, BILLION, ORIGIN, WEEKS, fill
from market_support import app_week, put_apps, put_tasks, task_shares
from orwatch.cli.events import Event, Sign, TypedLine
from orwatch.cli.speak import Talk, converse
from orwatch.config import Settings
from orwatch.core.poller import Failed, Synced
from orwatch.core.source import Source
from orwatch.domain.filters import Filter
from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Listing
from orwatch.present import formats
from orwatch.store.cache import Cache

CHART = Query(lens=Lens(Basis.CHART))
SYNCED = Synced(300.0)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    fill(tmp_path / "cache.sqlite3")
    cache = Cache.open(tmp_path / "cache.sqlite3", ORIGIN)
    return Source(Settings(), cache, f"{ORIGIN}/api/v1", None, machine=lambda: AS_OF)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def talk(source: Source, said: list[str]) -> Talk:
    return Talk(source, CHART, Filter(), lambda text: said.extend(text.splitlines()))


def next_week(source: Source) -> None:
    """A fourth week: Claude Opus passes DeepSeek V4, US passes CN, Grok leaves, Mistral comes back."""
    rows = dict(WEEKS[date(2026, 6, 15)]) | {"anthropic/opus": 700, "x-ai/grok": 1, "mistralai/large": 90}
    listing = Listing.build(
        Period(Grain.WEEK, date(2026, 6, 22)),
        AS_OF + timedelta(days=7),
        [(slug, n * BILLION) for slug, n in rows.items()],
    )
    source.cache.rankings.put([listing])


async def following(*happenings: Event) -> AsyncIterator[Event]:
    for event in happenings:
        yield event


async def test_it_begins_with_a_summary_the_models_the_split_the_prices_and_what_is_in_progress(
    talk: Talk, said: list[str]
) -> None:
    assert await converse(talk, following()) == 0
    assert said == [
        "Week of 15 to 21 June 2026, complete.",
        "Total 900 billion tokens, up 28.6 percent, growing for at least 2 weeks.",
        "First model: DeepSeek V4 with 300 billion tokens.",
        "China leads the United States 1.6 to 1, for 2 weeks.",
        "Basis chart, the nine largest models; free variants are counted.",
        "Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-22T02:00:00Z.",
        "1. DeepSeek V4, China: 300 billion tokens, 33.3 percent of all, "
        "tokens up 50.0 percent, in the top 10 for at least 3 weeks.",
        *said[7:15],
        "The rest, outside the nine largest: 80.0 billion tokens, 8.9 percent of all.",
        "China: 480 billion tokens, 53.3 percent of all, 61.5 percent of attributed, up 45.5 percent, 4 models.",
        "United States: 300 billion tokens, 33.3 percent of all, 38.5 percent of attributed, up 3.4 percent, 4 models.",
        "Unattributed: 40.0 billion tokens, 4.4 percent of all, up 33.3 percent, 1 model.",
        "Outside the nine largest: 80.0 billion tokens, 8.9 percent of all, up 166.7 percent.",
        "Median input price of a million tokens: China 0.30 dollars, the United States 4.00 dollars; "
        "the United States is 13.3 times as dear.",
        "Median output price of a million tokens: China 0.80 dollars, the United States 20.00 dollars; "
        "the United States is 25.0 times as dear.",
        "In progress: week of 22 to 28 June 2026; no figures before its first day ends.",
        "Alert: kimi is new at 9 in the 9 largest on chart: 30.0 billion, week of 15 June.",
        *said[24:-1],
        "Type help for the commands.",
    ]
    assert said[14].startswith("9. ")


async def test_changes_are_told_as_they_come_and_only_once(source: Source, talk: Talk, said: list[str]) -> None:
    async def happening() -> AsyncIterator[Event]:
        yield SYNCED
        next_week(source)
        said.clear()
        yield SYNCED
        yield SYNCED
        yield Sign.TICK

    await converse(talk, happening())
    assert said[:6] == [
        "New week: week of 22 to 28 June 2026, complete.",
        "New leader: the United States leads China 1.8 to 1, for 1 week.",
        "Claude Opus is now 1st, was 2nd.",
        "DeepSeek V4 is now 2nd, was 1st.",
        "large enters the first nine, 4th.",
        "GPT is now 5th, was 4th.",
    ]
    text = "\n".join(said)
    assert "Total is now 1.51 trillion tokens, was 900 billion, up 67.9 percent." in text
    assert (
        text.count(
            "Alert: the United States passes China and leads the countries on chart: 840 billion to 480 billion, week of 22 June"
        )
        == 1
    )
    assert said.count("New week: week of 22 to 28 June 2026, complete.") == 1


async def test_a_failure_is_told_once_for_each_cause_and_so_is_its_end(talk: Talk, said: list[str]) -> None:
    failed = Failed("No answer from openrouter.ai: refused.", 15.0)
    talk.begin()
    said.clear()
    await converse(talk, following(failed, failed, Sign.TICK, SYNCED, SYNCED), listening=False)
    assert said[-2:] == [
        "The poll failed. No answer from openrouter.ai: refused. The next try is in 15 seconds.",
        "Polling works again.",
    ]


async def ask(talk: Talk, said: list[str], line: str) -> list[str]:
    said.clear()
    assert talk.answer(line)
    return list(said)


async def test_commands_are_answered(talk: Talk, said: list[str]) -> None:
    assert (await ask(talk, said, "models 2"))[2] == "7 more models; say models 9 for all."
    assert len(await ask(talk, said, "countries")) == 4
    assert "Claude Opus: input 5.00, output 25.00, cached input 0.50 dollars per million tokens." in await ask(
        talk, said, "prices"
    )
    assert (await ask(talk, said, "alerts 1")) == [
        "Alert: kimi is new at 9 in the 9 largest on chart: 30.0 billion, week of 15 June."
    ]
    assert (
        "Alert: China passes the United States and leads the countries on chart: 330 billion to 290 billion, week of 8 June; "
        "the United States had led at least 1 week."
    ) in await ask(talk, said, "alerts 9")
    assert (await ask(talk, said, "basis top10"))[4].startswith("Basis top10, the ten largest models")
    assert await ask(talk, said, "basis") == ["Say basis chart, basis top10 or basis top50."]
    assert "no day figures" in (await ask(talk, said, "period day"))[0]
    assert (await ask(talk, said, "summary"))[4].startswith("Basis top10"), "what has no figures changes nothing"
    assert await ask(talk, said, "filter qwen") == ["1 of 10 models match qwen; figures and ranks stay."]
    assert (await ask(talk, said, "models"))[0].startswith("3. Qwen Max, China: 100 billion tokens")
    assert await ask(talk, said, "filter") == ["All models again."]
    assert await ask(talk, said, "modles") == ["There is no command modles; nearest: models."]
    assert await ask(talk, said, "now") == [
        "In progress: week of 22 to 28 June 2026; no figures before its first day ends."
    ]
    assert (await ask(talk, said, "HELP"))[-1] == "help: this list. quit: the end."
    assert await ask(talk, said, "  ") == []
    assert not talk.answer("quit")


async def test_what_stands_beside_the_rankings_is_told_and_so_is_what_changes_in_it(
    source: Source, talk: Talk, said: list[str]
) -> None:
    put_apps(
        source.cache, *(app_week(day, AS_OF, {"agents": 90 - n, "claw": 60 + 20 * n}) for n, day in enumerate(WEEKS))
    )
    put_tasks(source.cache, task_shares(date(2026, 6, 20)))
    talk.begin()
    told = await ask(talk, said, "apps 1")
    assert told[0].startswith("In the week of 15 to 21 June 2026, claw used 100.00 billion tokens through OpenRouter")
    assert told[0].endswith("Aggregated by orwatch.")
    assert told[1] == "1. claw: 100 billion tokens, 11.1 percent of all, up 25.0 percent, 200,000,000 requests."
    assert told[2] == "1 more app; say apps 2 for all."
    assert (await ask(talk, said, "tasks"))[2] == (
        "Debugging: 40.0 percent of tokens, 10.0 percent of requests, first of those named DeepSeek V4, 50.0 percent."
    )
    assert (await ask(talk, said, "spend"))[1].startswith(
        "1. Claude Opus: estimated 206 thousand to 770 thousand dollars"
    )
    assert "host lists" in (await ask(talk, said, "hosts"))[0]
    said.clear()
    put_apps(source.cache, app_week(date(2026, 6, 15), AS_OF, {"agents": 110, "claw": 100}))
    talk.renew()
    assert said[0].startswith("Apps, now 1st, was 2nd: 1. agents: 110 billion tokens")


async def test_what_is_typed_ends_it(talk: Talk, said: list[str]) -> None:
    assert await converse(talk, following(TypedLine("countries"), TypedLine("quit"), TypedLine("models"))) == 0
    assert said[-1].startswith("Outside the nine largest")


async def test_an_empty_cache_says_that_figures_are_asked_for(said: list[str]) -> None:
    with Source(Settings(), Cache.open(None, ORIGIN), f"{ORIGIN}/api/v1", None, machine=lambda: AS_OF) as empty:
        Talk(empty, CHART, Filter(), said.append).begin(listening=False)
        Talk(empty, CHART, Filter(), said.append, asking=False).begin(listening=False)
    assert said[0] == "No figures yet; they are being asked for."
    assert said[1].startswith("The cache is empty")


def test_units_and_periods_are_words() -> None:
    assert [formats.spoken_tokens(n) for n in (None, 0, 999, 9_220_000_000_000)] == [
        "unknown",
        "0",
        "999",
        "9.22 trillion",
    ]
    assert formats.long_span(Period(Grain.WEEK, date(2025, 12, 29))) == "week of 29 December 2025 to 4 January 2026"
    assert formats.long_span(Period(Grain.WEEK, date(2026, 4, 27))) == "week of 27 April to 3 May 2026"
    assert [formats.spoken_change(n) for n in (0.124, -0.5, 0.0)] == [
        "up 12.4 percent",
        "down 50.0 percent",
        "unchanged",
    ]


MARKS = set("─━│╭╰█▌▁▂▃●○◆◇✓≥≈×·–−→▲▼~|\t")


def test_the_program_speaks_without_an_escape_takes_commands_and_quits(tmp_path: Path) -> None:
    outer, inner = pty.openpty()
    env = {**os.environ, "ORWATCH_CONFIG": str(tmp_path / "c.toml"), "TERM": "xterm-256color", "COLUMNS": "80"}
    argv = [sys.executable, "-m", "orwatch", "demo", "--screen-reader", "--at", "2026-05-21", "--speed", "0"]
    process = subprocess.Popen(argv, stdin=inner, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    os.close(inner)
    assert process.stdout is not None
    assert process.stderr is not None
    lines: list[str] = []
    while "Alert" not in "".join(lines) and "No alert" not in "".join(lines):
        line = process.stdout.readline().decode()
        assert line, process.stderr.read()
        lines.append(line)
    os.write(outer, b"countries\nquit\n")
    rest = process.stdout.read().decode()
    assert process.wait() == 0
    text = "".join(lines) + rest
    assert "China: " in rest
    assert "\x1b" not in text
    assert not set(text) & MARKS
    assert "Textual" not in process.stderr.read().decode()
    process.stdout.close()
    process.stderr.close()
    os.close(outer)


def test_a_pipe_is_not_read_and_sigterm_ends_it(tmp_path: Path) -> None:
    env = {**os.environ, "ORWATCH_CONFIG": str(tmp_path / "c.toml")}
    argv = [sys.executable, "-m", "orwatch", "demo", "--screen-reader", "--at", "2026-05-21", "--speed", "0"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"quit\n")
        process.stdin.flush()
        while b"Week of" not in process.stdout.readline():
            pass
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        assert process.wait() == 0
