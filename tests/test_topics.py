"""What stands beside the rankings, by name: `orwatch quote app:claw`, `orwatch explain "could %"`, each on figures in sight.

The market of `cli_market`, of whose last week 900 thousand million tokens are known, with hosts, apps, tasks and scores beside it.
"""

from __future__ import annotations

import shlex
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from cli_market import AS_OF, ORIGIN, WEEKS, Cli
from market_support import app_week, put_apps, put_tasks, task_shares
from orwatch.domain.catalogue import Provider
from orwatch.domain.habit import SessionCell, SessionCosts
from orwatch.domain.scores import AnalysisScores, Score
from orwatch.domain.tasks import TaskShares
from orwatch.store.cache import Cache
from test_hosts import LISTS


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    found = Cli(tmp_path, monkeypatch, capsys)
    with Cache.open(found.cache, ORIGIN) as cache:
        cache.catalogue.put_providers([Provider("prairie", "Prairie", "US"), Provider("east", "East", "CN")], AS_OF)
        for id_, listed in LISTS.items():
            cache.hosts.put(id_, listed, AS_OF)
        put_apps(
            cache, *(app_week(day, AS_OF, {"agents": 90, "claw": 60, "claws": 30 + n}) for n, day in enumerate(WEEKS))
        )
        put_apps(cache, app_week(date(2026, 5, 25), AS_OF, {"agents": 30, "claw": 60}))
        put_tasks(cache, task_shares(date(2026, 6, 10), 0.35), task_shares(date(2026, 6, 20)))
        scores = tuple(
            Score(id_, "", "intelligence", n) for id_, n in (("anthropic/opus", 60.0), ("deepseek/v4", 40.0))
        )
        cache.snapshots.put(AnalysisScores(AS_OF, "Source: Artificial Analysis.", 2, scores), "2026-06-21", AS_OF)
    return found


def said(cli: Cli, *argv: str) -> str:
    code, out, err = cli(*argv, "--offline")
    assert (code, err) == (0, "")
    return out


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        ("apps", "agents used 90.00 billion tokens through OpenRouter, at least 10.0 % of all"),
        ("app:claw", "claw used 60.00 billion tokens"),
        ("tasks", "General was 60.0 % of the classified tokens"),
        ("task:code", "Code was 40.0 % of the classified tokens on OpenRouter and 10.0 % of the requests."),
        ("task:debugging", "Its share of tokens changed by +5.0 points since the days to 10 June 2026."),
        ("host:prairie", "Prairie (seat in the United States) lists 2 ranked models, which had 45.6 % of all tokens."),
        ("hosts", "at least 12.2 % and at most 45.6 % of all tokens on OpenRouter could have been served"),
        ("spend", "cost an estimated"),
        ("spend:CN", "Of this, models of Chinese companies cost"),
        ("spend:opus", "Of this, Claude Opus cost $206K to $770K"),
        ("value:opus", "Claude Opus has 60.0 and costs 5.40 USD per million tokens"),
        ("value", "By intelligence of Artificial Analysis (as of 22 June 2026): Best CN is 2nd"),
    ],
)
def test_a_quote_names_a_row_or_all_and_its_command_gives_it_again(subject: str, sentence: str, cli: Cli) -> None:
    out = said(cli, "quote", subject, "--basis", "chart")
    assert sentence in " ".join(out.split())
    assert "Source: " in out
    repeat = out.splitlines()[-1].removeprefix("repeat").strip()
    assert said(cli, *shlex.split(repeat)[1:]).splitlines()[:3] == out.splitlines()[:3]


def test_the_command_of_a_quote_leaves_free_variants_out_where_the_quote_does(cli: Cli) -> None:
    assert said(cli, "quote", "value", "--no-free").splitlines()[-1].endswith(" --score intelligence --no-free")


@pytest.mark.parametrize(
    ("subject", "why"),
    [
        ("app:nothing", "'nothing' is in no row of apps; `orwatch apps` lists them."),
        ("app:cla", "'cla' fits 2 rows of apps: claw, claws; write more of the name."),
        ("host:praire", "'praire' is in no row of hosts; nearest: Prairie."),
    ],
)
def test_a_name_of_no_row_or_of_several_is_a_usage_error(subject: str, why: str, cli: Cli) -> None:
    code, out, err = cli("quote", subject, "--offline", "--basis", "chart")
    assert (code, out) == (2, "")
    assert why in err


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ("of all % (apps)", "90,000,000,000 ÷ 900,000,000,000"),
        ("trending", "90,000,000,000 − (90,000,000,000 + 90,000,000,000 + 30,000,000,000) ÷ 3"),
        ("K / req", "90,000,000,000 ÷ 180,000,000"),
        ("tokens %", "OpenRouter states 0.600"),
        ("Δ tokens", "60.0 − 65.0"),
        ("% of the first", "DeepSeek V4 50.0 %"),
        ("could %", "410,000,000,000 ÷ 900,000,000,000"),
        ("least %", "110,000,000,000 ÷ 900,000,000,000"),
        ("premium %", "against"),
        ("of spend %", "Claude Opus of spend"),
        ("coverage", "590,000,000,000 ÷ 900,000,000,000"),
        ("step up", "60.0 − 40.0; $5.40 ÷ "),
    ],
)
def test_a_term_is_explained_with_the_figures_of_the_first_row(term: str, told: str, cli: Cli) -> None:
    assert told in " ".join(said(cli, "explain", term, "--basis", "chart").split())


@pytest.mark.parametrize("term", ["apps", "tokens %", "Index", "$ a month", "could %"])
def test_without_a_record_or_a_key_a_term_is_its_definition(
    term: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = Cli(tmp_path, monkeypatch, capsys)
    monkeypatch.delenv("OPENROUTER_API_KEY", raising=False)
    assert "source     " in said(bare, "explain", term)


def test_a_habit_takes_the_harness_that_is_known_and_one_that_was_named_is_kept_to(cli: Cli) -> None:
    with Cache.open(cli.cache, ORIGIN) as cache:
        cell = SessionCell("zed-agent", "Zed Agent", "10-49-turns", "anthropic/opus", Decimal("0.5"))
        cache.snapshots.put(SessionCosts(date(2026, 6, 21), 14, AS_OF, (cell,)), "2026-06-21", AS_OF)
    assert "22 × 5 × $0.5000" in said(cli, "explain", "$ a month", "--basis", "chart")
    meta, rows = cli.json("habit", "opus", "--offline")
    assert (meta["habit"]["harness"], rows[0]["monthly"]) == ("zed-agent", 55.0)  # 5 a day, 22 days
    code, _, err = cli("habit", "opus", "--harness", "claude-code", "--offline")
    assert (code, "'claude-code' is no harness whose sessions are known" in err) == (2, True)


def test_tasks_without_macro_categories_are_told_and_none_at_all_are_no_data(cli: Cli) -> None:
    day = datetime(2026, 6, 30, tzinfo=UTC)
    with Cache.open(cli.cache, ORIGIN) as cache:
        for now, shares in ((30, TaskShares(date(2026, 6, 30), 7, (), ())), (29, task_shares(date(2026, 6, 29)))):
            cache.snapshots.put(shares, f"2026-06-{now}", day)
    assert "In the 7 days to 29 June 2026" in said(cli, "quote", "tasks").replace("\n", " ")
    with Cache.open(cli.cache, ORIGIN) as cache:
        bare = task_shares(date(2026, 7, 1))
        cache.snapshots.put(TaskShares(bare.as_of, 7, bare.tasks, ()), "2026-07-01", day)
    assert "Conversation was 60.0 %" in said(cli, "quote", "tasks").replace("\n", " ")
