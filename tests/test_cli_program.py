"""The program as a whole: exit codes, errors as sentences, options anywhere, help at once, Textual only for the screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cli_market import ORIGIN, Cli, fill
from core_world import needs_key
from orwatch import __version__
from orwatch.cli.commands import COMMANDS
from orwatch.cli.dashboard import weeks_per_second
from orwatch.config import every_setting
from orwatch.errors import UsageError
from orwatch.store.cache import Cache

DATA_COMMANDS = (
    ("top",),
    ("share", "--basis", "chart"),
    ("versus", "CN", "US"),
    ("history", "deepseek/v4"),
    ("alerts",),
    ("vendors",),
    ("prices",),
    ("status",),
    ("export",),
    ("config", "show"),
)


def imported(*argvs: Sequence[str]) -> set[str]:
    """The modules that commands load which succeed, one after the other in a process of their own."""
    code = (
        "import sys\n"
        "from orwatch.__main__ import main\n"
        f"assert not any([main(argv) for argv in {[list(argv) for argv in argvs]!r}])\n"
        "print(*sorted(sys.modules), file=sys.stderr)\n"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    return set(done.stderr.splitlines()[-1].split())


def test_no_command_loads_textual_and_none_that_only_reads_http(cli: Cli) -> None:
    front, extras = {"textual"}, {"arro3", "prometheus_client"}
    assert not ({"httpx"} | front | extras) & imported(*DATA_COMMANDS, ["--help"])
    assert not (front | extras) & imported(["doctor", "--offline"])


def test_a_dotted_destination_of_an_option_is_a_setting() -> None:
    settings = {setting.name for setting in every_setting()}
    given = {option.dest for command in COMMANDS for option in command.options if "." in option.dest}
    assert {"view.period", "view.columns.models", "source.cache"} <= given <= settings


def test_help_names_every_command_and_its_own_help_begins_with_the_same_line(cli: Cli) -> None:
    code, out, err = cli("--help")
    assert (code, err) == (0, "")
    for command in COMMANDS[1:]:
        asked = command.name.split()
        assert len(asked) > 1 or f"  {command.name:<22}{command.summary}" in out
        code, text, _ = cli(*asked, "--help")
        assert (code, command.summary in " ".join(text.split())) == (0, True)
        assert cli("help", *asked) == (0, text, "")
    assert cli("help") == (0, out, "")
    assert cli("--version") == cli("-V") == (0, f"orwatch {__version__}\n", "")


@pytest.mark.parametrize(
    "argv",
    [
        ("--basis", "chart", "--limit", "2", "top"),
        ("top", "--basis", "chart", "--limit", "2"),
        ("--basis=chart", "top", "--limit=2"),
        ("--limit", "2", "top", "--basis=chart"),
    ],
)
def test_options_stand_before_or_after_the_command(cli: Cli, argv: tuple[str, ...]) -> None:
    meta, rows = cli.json(*argv)
    assert (meta["basis"], len(rows)) == ("chart", 2)


def test_filters_before_and_after_the_command_add_up(cli: Cli) -> None:
    assert cli.json("--vendor", "qwen", "top", "--vendor", "deepseek")[0]["filter"]["vendors"] == ["qwen", "deepseek"]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("tpo",), ["'tpo' is no command", "nearest: top"]),
        (("top", "--perid", "week"), ["--perid is no option of `orwatch top`", "nearest: --period"]),
        (("--perid", "week", "top"), ["--perid is no option", "nearest: --period"]),
        (("top", "extra"), ["'extra'", "orwatch top --help"]),
        (("top", "--period", "fortnight"), ["--period is 'fortnight'", "day, 7d, week or month"]),
        (("top", "--basis", "top20"), ["--basis is 'top20'", "chart, top10 or top50"]),
        (("top", "--format", "xml"), ["--format is 'xml'", "table, json, csv or md"]),
        (("export", "--format", "table"), ["--format is 'table'", "csv, jsonl, json or parquet"]),
        (("top", "--limit", "0"), ["--limit is '0'", "whole number from 1"]),
        (("top", "--limit", "-1"), ["--limit"]),
        (("top", "--limit", "many"), ["--limit is 'many'"]),
        (("top", "--at", "2026-02-30"), ["--at is '2026-02-30'", "a date such as", "or now"]),
        (("top", "--at", "20260601"), ["--at is '20260601'"]),
        (("top", "--at", "yesterday"), ["--at is 'yesterday'"]),
        (("top", "--at"), ["--at", "expected one argument"]),
        (("top", "--vendor", "deepsek"), ["'deepsek' is no known vendor", "nearest: deepseek"]),
        (("top", "--vendor", "!deepsek"), ["'deepsek' is no known vendor"]),
        (("top", "--country", "XX"), ["'XX' is no country code"]),
        (("top", "--country", "China"), ["nearest: CN (China)"]),
        (("top", "--base-url", "ftp://x"), ["no web address"]),
        (("history",), ["it needs MODEL"]),
        (("poll", "--offline"), ["--offline"]),
        (("demo", "--speed", "fast"), ["--speed is 'fast'", "1w/s"]),
        (("demo", "--at", "2025-07-20"), ["--at is 2025-07-20", "the demo runs from 2025-07-21 to 2026-08-22"]),
        (("demo",), ["dashboard needs a terminal"]),
        (("--offline",), ["dashboard needs a terminal", "orwatch top"]),
        ((), ["dashboard needs a terminal"]),
        (("alerts", "backtrack"), ["backtest"]),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(cli: Cli, argv: tuple[str, ...], words: list[str]) -> None:
    code, out, err = cli(*argv)
    assert (code, out) == (2, "")
    assert all(word in err for word in words)
    assert err.startswith("orwatch: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "weeks"), [(None, None), ("1w/s", 1.0), ("0.5w/s", 0.5), ("7d/s", 1.0), ("2d/s", 2 / 7), ("0", 0.0)]
)
def test_the_demos_speed_is_in_weeks_per_second(text: str | None, weeks: float | None) -> None:
    assert weeks_per_second(text) == weeks


@pytest.mark.parametrize("text", ["fast", "-1w/s", "1w", "1 m/s", "99999w/s", ""])
def test_other_speeds_are_refused(text: str) -> None:
    with pytest.raises(UsageError, match="1w/s, 2d/s or 0"):
        weeks_per_second(text)


@pytest.mark.parametrize("argv", [("top",), ("share",), ("prices",), ("export",), ("history", "x")], ids=" ".join)
def test_an_empty_cache_offline_is_no_data(empty: Cli, argv: tuple[str, ...]) -> None:
    code, out, err = empty(*argv, "--offline")
    assert (code, out) == (3, "")
    assert "orwatch poll" in err


@pytest.mark.parametrize("at", ["2027-01-01", "2020-01-01", "now"])
def test_a_period_without_figures_is_no_data(cli: Cli, at: str) -> None:
    code, out, err = cli("top", "--at", at)
    assert (code, out) == (3, "")
    assert "no figures" in err


def test_an_unknown_vendor_is_wrong_usage_even_where_the_cache_is_empty(empty: Cli) -> None:
    assert empty("top", "--vendor", "deepsek", "--offline")[0] == 2


def test_a_refused_connection_is_one_sentence_and_exit_code_1(empty: Cli) -> None:
    code, out, err = empty("top", "--base-url", "http://127.0.0.1:1/api/v1")
    assert (code, out) == (1, "")
    assert err.splitlines()[0] == "orwatch: The cache is empty: asking 127.0.0.1:1 once."
    assert len(err.splitlines()) == 2


MODEL = b"""{"data": [{"id": "a/b", "canonical_slug": "a/b", "name": "A: B", "slug": "a", "created": 1,
    "pricing": {"prompt": "0.000001", "completion": "0.000002"}}]}"""


@contextmanager
def server(status: int) -> Iterator[str]:
    """The base URL of a server that answers keyed requests with one status, others with one model."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            code = status if needs_key(self.path.removeprefix("/api/v1")) else 200
            body = MODEL if code == 200 else b'{"error": {"code": 0, "message": "no"}}'
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{found.server_port}/api/v1"
        finally:
            found.shutdown()
            thread.join()


@pytest.mark.parametrize(("status", "code"), [(401, 4), (403, 4), (429, 1), (500, 1)])
def test_what_the_server_refuses_is_one_sentence_and_its_exit_code(
    empty: Cli, monkeypatch: pytest.MonkeyPatch, status: int, code: int
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-0123456789abcd")
    with server(status) as url:
        found, out, err = empty("top", "--base-url", url)
        polled, report, _ = empty("poll", "--insist", "--base-url", url, "--format", "csv")
    assert (found, out, polled) == (code, "", code)
    assert len(err.splitlines()) == 2
    assert "0123456789" not in err
    assert "rankings-day" in report


@pytest.mark.parametrize(("status", "waits"), [(500, True), (429, True), (401, False)])
@pytest.mark.parametrize("command", ["top", "poll", "watch"])
def test_commands_in_a_loop_on_a_server_that_fails_ask_once(
    empty: Cli, monkeypatch: pytest.MonkeyPatch, command: str, status: int, waits: bool
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-0123456789abcd")

    def asked() -> int:
        with Cache.open(empty.cache, url.removesuffix("/api/v1")) as cache:
            return len(cache.journal.requests(datetime(2026, 1, 1, tzinfo=UTC)))

    with server(status) as url:
        argv = (command, *["--once"] * (command == "watch"), "--base-url", url)
        first, _, _ = empty(*argv)
        once = asked()
        again, out, err = empty(*argv)
        assert (first, again, asked() == once) == (1 if waits else 4, 1 if waits else 4, waits)
    assert ("Nothing is asked before" in err) is waits
    assert (out, len(err.splitlines())) == ("", 1) or not waits


def test_a_command_on_an_empty_cache_waits_for_the_process_that_fills_it(empty: Cli) -> None:
    with Cache.open(empty.cache, ORIGIN) as other:
        assert other.leases.acquire("poll", "another process", datetime.now(UTC), 130)

        def fill_it() -> None:
            fill(empty.cache)
            other.leases.release("poll", "another process")

        filling = threading.Timer(0.5, fill_it)
        filling.start()
        code, out, _ = empty("top", "--period", "week", "--format", "json")
        filling.join()
    assert code == 0
    assert len(json.loads(out)["rows"]) == 10


def test_a_cache_of_another_origin_is_refused(cli: Cli) -> None:
    code, _, err = cli("top", "--base-url", "http://127.0.0.1:1/api/v1")
    assert code == 1
    assert "--cache" in err


def test_a_damaged_cache_is_one_sentence(empty: Cli) -> None:
    empty.cache.write_text("this is no database, and long enough to be looked at")
    code, out, err = empty("top", "--offline")
    assert (code, out) == (1, "")
    assert str(empty.cache) in err
    assert "Traceback" not in err


def test_a_broken_config_is_one_sentence_and_exit_code_2(cli: Cli) -> None:
    cli.config.write_text("[view]\nperiod = 'fortnight'\n")
    code, out, err = cli("top")
    assert (code, out) == (2, "")
    assert str(cli.config) in err


def test_a_bug_is_one_sentence_and_its_traceback_is_for_those_who_ask(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr("orwatch.cli.session.Session.snapshot", broken)
    code, out, err = cli("top")
    assert (code, out) == (1, "")
    assert err == "orwatch: Unexpected KeyError: this is a bug in orwatch; ORWATCH_DEBUG=1 shows where it is.\n"
    monkeypatch.setenv("ORWATCH_DEBUG", "1")
    assert "Traceback" in cli("top")[2]


def test_an_interruption_is_130(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("orwatch.cli.session.Session.snapshot", interrupted)
    assert cli("top") == (130, "", "")


def test_an_error_quotes_neither_key_nor_control_sequence(cli: Cli) -> None:
    _, _, err = cli("sk-or-v1-0123456789")
    assert "0123456789" not in err
    _, _, err = cli("a\x1b[31m\nb")
    assert "\x1b" not in err
    assert err.count("\n") == 1


def run(argv: str, stdout: str | None = None) -> subprocess.CompletedProcess[str]:
    """A shell line in which `orwatch` is this one."""
    line = f'"{sys.executable}" -m orwatch {argv}'
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"], capture_output=True, text=True, env=env, check=False
    )


def test_a_reader_that_leaves_ends_the_program_quietly(cli: Cli) -> None:
    done = run("export --format jsonl | head -n 1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


def test_a_full_disk_behind_standard_output_is_one_sentence(cli: Cli) -> None:
    done = run("top > /dev/full")
    assert done.returncode == 1
    assert done.stderr == "orwatch: Standard output cannot be written: No space left on device.\n"


def test_a_terminal_that_knows_ascii_alone_still_gets_its_table(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = run("top --basis chart --limit 1")
    assert (done.returncode, done.stderr) == (0, "")
    assert "DeepSeek V4" in done.stdout


def test_a_command_on_the_demo_has_the_default_basis_and_the_newest_recorded_week(empty: Cli) -> None:
    meta, rows = empty.json("top", "--demo")
    assert (meta["basis"], meta["period"]["start"], len(rows)) == ("top50", "2026-08-10", 50)
    first = rows[0]
    # The sum of its seven days in days.csv.
    assert (first["permaslug"], first["tokens"]) == ("deepseek/deepseek-v4-flash-20260731", 11_180_297_061_770)


def test_the_demo_needs_neither_network_nor_key_nor_cache(empty: Cli) -> None:
    meta, rows = empty.json("versus", "CN", "US", "--demo", "--basis", "chart", "--at", "2026-02-15", "--offline")
    assert meta["source"] == "demo"
    assert meta["citation"] == "Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22T02:01:37Z, replayed."
    assert (rows[0]["start"], rows[0]["leader"], rows[0]["flip"]) == ("2026-02-09", "CN", True)
    assert not empty.cache.exists()
