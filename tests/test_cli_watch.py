"""`watch`, and what `alerts` remembers, acknowledges, snoozes and sends, on a market whose figures are in sight."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from alerts_support import FILE
from cli_market import AS_OF, BILLION, CITATION, ORIGIN, WEEKS, Cli
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.store.cache import Cache

FLIP = "lead-flip|versus|CN:US|week|chart||US|2026-06-22"


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    cli = Cli(tmp_path, monkeypatch, capsys)
    cli.config.write_text('offline = true\n[view]\nbasis = "chart"\n')
    return cli


def next_week(cli: Cli, cn: int = 100, later: int = 0) -> None:
    """The week of 22 June, or so many weeks later: US carries 800 thousand millions, CN as many as are given."""
    rows = WEEKS[date(2026, 6, 15)] | {"deepseek/v4": cn - 2, "qwen/max": 1, "moonshotai/kimi": 1, "z-ai/glm": 0}
    rows |= {"openai/gpt": 580}
    listing = Listing.build(
        Period(Grain.WEEK, date(2026, 6, 22) + timedelta(weeks=later)),
        AS_OF + timedelta(weeks=later + 1),
        [(slug, n * BILLION) for slug, n in rows.items() if n],
    )
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.rankings.put([listing])


def lines(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_single_runs_tell_what_fired_since_the_last_one(cli: Cli) -> None:
    assert cli("watch", "--once")[:2] == (0, "")  # a record that is there at first is history
    assert cli("watch", "--once")[:2] == (0, "")
    next_week(cli)
    code, out, _ = cli("watch", "--once")
    assert code == 10
    (flip,) = [row for row in lines(out) if row["id"] == FLIP]
    assert (
        flip["message"]
        == "US passes CN and leads the countries on chart: 800B to 100B, week of 22 June; CN had led 2 weeks"
    )
    assert (flip["fired_at"], flip["unread"], flip["source"]) == ("2026-06-29T00:00:00Z", True, "openrouter")
    assert flip["citation"] == CITATION.replace("06-22", "06-29")
    assert cli("watch", "--once")[:2] == (0, "")


def test_a_single_run_tells_what_another_process_saw_first(cli: Cli) -> None:
    cli("watch", "--once")
    next_week(cli)
    assert cli.json("alerts", "--unread")[1]
    code, out, _ = cli("watch", "--once", "--until", "lead-flip", "--format", "lines")
    assert code == 10
    assert "◆ 2026-06-29  lead-flip  US passes CN and leads the countries on chart" in out


def test_a_single_run_that_awaits_another_rule_ends_with_0(cli: Cli) -> None:
    cli("watch", "--once")
    next_week(cli)
    code, out, _ = cli("watch", "--once", "--until", "growth-streak")
    assert code == 0
    assert FLIP in out


def test_a_flip_that_two_rules_see_is_one_alert_wherever_it_is_told(cli: Cli) -> None:
    """The head to head changes hands, and so does the first place of countries: alerts, backtest, watch, the file."""
    file = cli.folder / "alerts.jsonl"
    cli("config", "set", "notify.file.path", str(file))
    cli("watch", "--once")
    next_week(cli)
    fired = lines(cli("watch", "--once")[1])
    told = {
        "watch": fired,
        "file": lines(file.read_text()),
        "alerts": [row for row in cli.json("alerts")[1] if row["period"]["start"] == "2026-06-22"],
        "backtest": cli.json("alerts", "backtest", "--from", "2026-06-22")[1],
    }
    for where, rows in told.items():
        flips = [row for row in rows if row["rule"] == "lead-flip" and row["subject"]["kind"] in ("versus", "country")]
        assert [(row["id"], row["values"]["leads"]) for row in flips] == [(FLIP, "country")], where


def test_a_single_run_delivers(cli: Cli) -> None:
    file = cli.folder / "alerts.jsonl"
    cli("config", "set", "notify.file.path", str(file))
    cli("watch", "--once")
    next_week(cli)
    cli("watch", "--once")
    assert FLIP in [row["id"] for row in lines(file.read_text())]
    _, rows = cli.json("alerts", "--rule", "lead-flip", "--unread")
    (flip,) = [row for row in rows if row["id"] == FLIP]
    ((delivery,),) = [flip["deliveries"]]
    assert (delivery["channel"], delivery["state"], delivery["cause"]) == ("file", "sent", None)


def test_what_is_unread_is_acknowledged_by_id_and_all_together(cli: Cli) -> None:
    cli("watch", "--once")
    assert cli.json("alerts", "--unread")[1] == []
    next_week(cli)
    unread = cli.json("alerts", "--unread")[1]
    assert {row["period"]["start"] for row in unread} == {"2026-06-22"}
    assert cli("alerts", "ack", FLIP) == (0, "", "orwatch: 1 alert acknowledged.\n")
    _, rows = cli.json("alerts", "--rule", "lead-flip")
    assert [row["acknowledged"] for row in rows if row["id"] == FLIP] == [True]
    assert cli("alerts", "ack", "all")[2] == f"orwatch: {len(unread) - 1} alerts acknowledged.\n"
    assert cli.json("alerts", "--unread")[1] == []
    code, _, err = cli("alerts", "ack", FLIP.replace("US|2026", "UX|2026"))
    assert code == 2
    assert f"nearest: {FLIP}" in err


def test_what_was_acknowledged_is_made_unread_again_by_id_or_as_the_last(cli: Cli) -> None:
    cli("watch", "--once")
    next_week(cli)
    unread = cli.json("alerts", "--unread")[1]
    cli("alerts", "ack", FLIP)
    assert cli("alerts", "unack", FLIP) == (0, "", "orwatch: 1 alert unread again.\n")
    assert cli("alerts", "unack", FLIP)[2] == "orwatch: 0 alerts unread again.\n"
    cli("alerts", "ack", "all")
    assert cli.json("alerts", "--unread")[1] == []
    assert cli("alerts", "unack", "last")[2] == f"orwatch: {len(unread)} alerts unread again.\n"
    assert cli.json("alerts", "--unread")[1] == unread
    assert cli("alerts", "unack", "last")[2] == "orwatch: 0 alerts unread again.\n"


def test_what_no_longer_holds_is_retracted_and_listed(cli: Cli) -> None:
    cli("watch", "--once")
    next_week(cli)
    cli("watch", "--once")
    next_week(cli, cn=2000)
    _, rows = cli.json("alerts", "--state", "retracted")
    assert FLIP in [row["id"] for row in rows]
    assert not any(row["unread"] for row in rows)
    assert "retracted" in cli("alerts", "--state", "retracted")[1]
    assert FLIP not in [row["id"] for row in cli.json("alerts", "backtest")[1]]


def test_options_of_the_view_record_nothing(cli: Cli) -> None:
    cli("watch", "--once")
    next_week(cli)
    assert cli.json("alerts", "--basis", "top10", "--unread")[1] == []
    assert FLIP in [row["id"] for row in cli.json("alerts", "--unread")[1]]


def test_snoozing(cli: Cli) -> None:
    cli("watch", "--once")
    next_week(cli)
    cli("watch", "--once")
    assert "everything is snoozed until" in cli("alerts", "snooze", "1h")[2]
    assert "versus:CN:US is snoozed until" in cli("alerts", "snooze", "1d", FLIP)[2]
    assert [row["subject"] for row in cli.json("alerts", "snooze")[1]] == ["everything", "versus:CN:US"]
    assert cli("alerts", "snooze", "off")[2] == "orwatch: everything is snoozed no longer.\n"
    assert [row["subject"] for row in cli.json("alerts", "snooze")[1]] == ["versus:CN:US"]


def test_a_sample_goes_to_a_channel(cli: Cli) -> None:
    file = cli.folder / "alerts.jsonl"
    cli("config", "set", "notify.file.path", str(file))
    assert cli("alerts", "test", "file") == (0, "", "orwatch: A sample is sent to file.\n")
    (row,) = lines(file.read_text())
    assert (row["sample"], row["rule"]) == (True, "lead-flip")
    cli("config", "set", "notify.file.path", str(cli.folder / "none" / "x"))
    code, _, err = cli("alerts", "test", "file")
    assert code == 1
    assert "file does not work" in err
    assert "No such file or directory" in err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("watch", "--until", "lead-flop"), "--until is 'lead-flop', which is no rule; nearest: lead-flip"),
        (("watch", "--speed", "1w/s"), "--speed steers the demo's clock"),
        (("watch", "--format", "csv"), "--format is 'csv'; it takes lines, jsonl or json."),
        (("watch", "--vendor", "openai"), "--vendor is no option of `orwatch watch`"),
        (("alerts", "--state", "on"), "it takes confirmed, on_course or retracted"),
        (("alerts", "--rule", "surg"), "nearest: surge"),
        (("alerts", "--from", "2026-01-01"), "`orwatch alerts backtest` has it"),
        (("alerts", "ack"), "it needs ID|all"),
        (("alerts", "unack"), "it needs ID|last"),
        (("alerts", "unack", "no such"), "'no such' is no alert"),
        (("alerts", "snooze", "soon"), "takes a time such as 30m, 1h, 1d, or off"),
        (("alerts", "snooze", "1h", "nobody"), "'nobody' is no subject"),
        (("alerts", "test", "pager"), "'pager' is no channel; there are toast, bell"),
        (("alerts", "test", "webhook"), "No address is set"),
        (("alerts", "test", "toast"), "shown by the dashboard alone"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage_is_named(cli: Cli, argv: tuple[str, ...], said: str) -> None:
    code, out, err = cli(*argv)
    assert (code, out) == (2, "")
    assert said in err


def test_the_address_of_a_webhook_is_never_shown_whole(cli: Cli) -> None:
    url = "https://hooks.example.org/T0/SECRET"
    said = cli("config", "set", "notify.webhook.url", url)[2]
    shown = cli("config", "show", "--format", "json")[1]
    wrong = cli("config", "set", "notify.webhook.url", "SECRET")[2]
    assert "SECRET" not in said + shown + wrong
    assert "https://hooks.example.org/…" in said
    assert "https://hooks.example.org/…" in shown
    assert "notify.webhook.url is not one; it takes a web address." in wrong
    cli.config.write_text('offline = true\n[notify.webhook]\nurl = "http://10.0.0.1/SECRET"\n')
    code, _, err = cli("watch", "--once")
    assert code == 2
    assert "SECRET" not in err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("notify.webhook.url", "http://10.0.0.1/SECRET", "plain HTTP goes to this machine only"),
        ("notify.webhook.url", "https://example.org:99999/SECRET", "it takes a web address"),
        ("notify.webhook.url", "https://example.org:0/SECRET", "it takes a web address"),
        ("notify.webhook.insecure", "false", "plain HTTP goes to this machine only"),
        ("source.base_url", "http://10.0.0.1/api/v1", "A key is not sent over plain HTTP to another machine"),
        ("source.base_url", "https://example.org:0/api/v1", "The base URL is no web address"),
        ("source.base_url", "ftp://example.org/api/v1", "The base URL is no web address"),
    ],
)
def test_what_a_watch_would_not_begin_with_is_not_set(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-" + "0" * 40)
    if name.endswith("insecure"):
        cli.config.write_text('[notify.webhook]\ninsecure = true\nurl = "http://10.0.0.1/SECRET"\n')
    before = cli.config.read_bytes()
    code, out, err = cli("config", "set", name, value)
    assert (code, out, cli.config.read_bytes()) == (2, "", before)
    assert said in err
    assert "SECRET" not in err


def test_status_counts_what_was_not_delivered(cli: Cli) -> None:
    cli("watch", "--once")
    (before,) = cli.json("status")[1]
    assert (before["alerts_unread"], before["deliveries_failed"], before["last_delivery_error"]) == (0, 0, None)
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.deliveries.serve("file")
    next_week(cli)
    unread = cli.json("alerts", "--unread")[1]
    with Cache.open(cli.cache, ORIGIN) as cache:
        now = datetime.now(UTC)
        ids = cache.deliveries.claim(FILE, "me", now).ids
        cache.deliveries.settle(FILE, "me", ids, now, "the disk is full")
    (after,) = cli.json("status")[1]
    assert (after["alerts_unread"], after["deliveries_failed"]) == (len(unread), 1)
    assert after["last_delivery_error"] == "file: the disk is full"


def test_the_summer_is_replayed_until_the_first_flip(cli: Cli) -> None:
    code, out, err = cli("watch", "--demo", "--speed", "1w/s", "--until", "lead-flip")
    assert code == 10
    assert "watching the demo" in err
    found = lines(out)
    flips = [str(row["fired_at"]) for row in found if row["rule"] == "lead-flip"]
    assert len(flips) == 2, "MiMo-V2.5 passes Hy3, xiaomi passes tencent"
    assert "2026-07-27" <= min(flips) <= max(flips) < "2026-08-03", "it ends with the first ones"
    assert {row["citation"] for row in found} == {
        "Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22T02:01:37Z, replayed."
    }


def test_a_reader_that_has_stalled_holds_up_no_channel_and_no_end(cli: Cli, tmp_path: Path) -> None:
    kept, (reader, writer) = tmp_path / "alerts.jsonl", os.pipe()
    cli.config.write_text(f'offline = true\n[view]\nbasis = "chart"\n[notify.file]\npath = "{kept}"\n')
    cli("watch", "--once")
    os.write(writer, bytes(fcntl.fcntl(writer, fcntl.F_GETPIPE_SZ)))  # nothing more goes in
    argv = [sys.executable, "-m", "orwatch", "watch", "--format", "jsonl"]
    with subprocess.Popen(argv, stdout=writer, stderr=subprocess.DEVNULL) as process:
        try:
            told = [0]
            for weeks in range(2):
                next_week(cli, cn=1000 if weeks else 100, later=weeks)
                for _ in range(500):
                    if kept.exists() and kept.stat().st_size > told[-1]:
                        break
                    time.sleep(0.01)
                told.append(kept.stat().st_size if kept.exists() else 0)
            assert 0 < told[1] < told[2]
            process.send_signal(signal.SIGTERM)
            assert process.wait(5) == 0
        finally:
            process.kill()
            os.close(reader)
            os.close(writer)
