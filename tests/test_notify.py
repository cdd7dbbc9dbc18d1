"""The channels: what each sends, byte for byte, and how each says that it could not."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import stat
import sys
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from orwatch.notify import bell, command, desktop, osc, posting
from orwatch.notify.channel import DeliveryError, Message, Send, shown, tty_writer
from orwatch.notify.command import variables
from orwatch.notify.desktop import argv_of
from orwatch.notify.file import AlertFile
from orwatch.notify.osc import protocol_of
from orwatch.notify.posting import body_of
from orwatch.notify.webhook import check_url

CITATION = "Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-08T02:00:00Z."


def facts(id_: str = "one", message: str = "CN passes US") -> dict[str, Any]:
    return {
        "id": id_,
        "rule": "lead-flip",
        "severity": "major",
        "subject": {"kind": "versus", "id": "CN:US"},
        "basis": "chart",
        "period": {"grain": "week", "start": "2026-06-01", "end": "2026-06-07"},
        "state": "confirmed",
        "fired_at": "2026-06-08T00:00:00Z",
        "message": message,
        "values": {"to_tokens": 7932, "ratio": 2.44, "held_is_floor": False, "from": None},
    }


def message(title: str = "CN passes US", *lines: str, again: bool = False, ids: tuple[str, ...] = ("one",)) -> Message:
    alerts = tuple(facts(id_) for id_ in ids)
    return Message(title, lines or ("◆ CN passes US on chart",), "major", alerts, CITATION, again)


async def cause_of(send: Send, what: Message | None = None) -> str:
    with pytest.raises(DeliveryError) as caught:
        await send(what or message())
    return str(caught.value)


# The file


def lines_of(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text().splitlines()]


async def test_the_file_gets_a_line_an_alert_with_its_source(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    await AlertFile(path).append(message(ids=("one", "two")))
    await AlertFile(path).append(message(ids=("three",)))
    assert lines_of(path) == ["one", "two", "three"]
    assert json.loads(path.read_text().splitlines()[0]) == {**facts("one"), "citation": CITATION}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_line_that_may_have_been_written_stands_once(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    await AlertFile(path).append(message(ids=("one",)))
    await AlertFile(path).append(message(ids=("one", "two"), again=True))
    assert lines_of(path) == ["one", "two"]


async def test_what_another_program_left_unfinished_stays_a_line_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_text('{"id": "half')
    await AlertFile(path).append(message())
    assert path.read_text().splitlines()[0] == '{"id": "half'
    assert json.loads(path.read_text().splitlines()[1])["id"] == "one"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
async def test_a_full_disk_is_named() -> None:
    assert await cause_of(AlertFile(Path("/dev/full")).append) == "/dev/full cannot be written: No space left on device"


async def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "none" / "alerts.jsonl"
    assert await cause_of(AlertFile(path).append) == f"{path} cannot be written: No such file or directory"


async def test_a_pipe_that_nobody_reads_fails_at_once(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert await cause_of(AlertFile(path).append) == f"{path} cannot be written: No such device or address"


# The terminal


async def test_the_bell_rings_once_for_a_burst() -> None:
    out: list[str] = []
    await bell.ring(out.append, message(ids=("one", "two", "three")))
    assert out == ["\a"]


@pytest.mark.parametrize(
    ("protocol", "tmux", "sequence"),
    [
        ("9", False, "\x1b]9;orwatch: CN passes US: 2.4 : 1\x1b\\"),
        ("777", False, "\x1b]777;notify;CN passes US;2.4 : 1\x1b\\"),
        ("9", True, "\x1bPtmux;\x1b\x1b]9;orwatch: CN passes US: 2.4 : 1\x1b\x1b\\\x1b\\"),
        ("777", True, "\x1bPtmux;\x1b\x1b]777;notify;CN passes US;2.4 : 1\x1b\x1b\\\x1b\\"),
    ],
)
async def test_a_notice_byte_for_byte(protocol: str, tmux: bool, sequence: str) -> None:
    out: list[str] = []
    await osc.show(out.append, protocol, tmux, message("CN passes US", "2.4 : 1"))
    assert out == [sequence]


@pytest.mark.parametrize("protocol", ["9", "777"])
def test_no_foreign_text_ends_a_notice_or_begins_another(protocol: str) -> None:
    evil = "a\a\x1b]52;c;eA==\x9c\u202e;b\nc"
    found = osc.notice(message(evil, evil), protocol, tmux=False)
    assert found.count("\x1b") == 2
    assert not set("\a\n\x9c\u202e") & set(found)
    assert found.count(";") == (8 if protocol == "9" else 3) - (1 if protocol == "9" else 0)


@pytest.mark.parametrize(
    ("env", "protocol"),
    [
        ({"TERM_PROGRAM": "iTerm.app"}, "9"),
        ({"TERM_PROGRAM": "tmux", "LC_TERMINAL": "iTerm2"}, "9"),
        ({"TERM_PROGRAM": "WezTerm"}, "777"),
        ({"TERM": "foot"}, "777"),
        ({"TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, "9"),
        ({"TERM": "xterm-256color"}, None),
        ({"TERM_PROGRAM": "Apple_Terminal", "TERM": "xterm-256color"}, None),
    ],
)
def test_which_terminals_show_notices(env: dict[str, str], protocol: str | None) -> None:
    assert protocol_of(env) == protocol


async def test_a_bell_that_fails_says_why(tmp_path: Path) -> None:
    assert await cause_of(partial(bell.ring, tty_writer(str(tmp_path / "none")))) == (
        "the terminal cannot be written: No such file or directory"
    )


# Programs

TELL = "import json, os, sys; json.dump({k: v for k, v in os.environ.items()}, open(sys.argv[1], 'w'))"


async def test_the_command_gets_its_facts_in_variables_and_no_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-secret")
    path = tmp_path / "env; rm -rf $HOME.json"
    evil = message("a\n$(touch x) `b`", "one\x1b[2J", "two", ids=("one", "two"))
    await command.run_for([sys.executable, "-c", TELL, str(path)], evil)
    env = json.loads(path.read_text())
    found = {name: value for name, value in env.items() if name.startswith("ORWATCH_") and name != "ORWATCH_CONFIG"}
    alerts = json.loads(found.pop("ORWATCH_ALERTS"))
    assert [alert["id"] for alert in alerts] == ["one", "two"]
    assert found == {
        "ORWATCH_TITLE": "a $(touch x) `b`",
        "ORWATCH_BODY": f"one[2J\ntwo\n{CITATION}",
        "ORWATCH_SEVERITY": "major",
        "ORWATCH_COUNT": "2",
        "ORWATCH_CITATION": CITATION,
        "ORWATCH_ID": "one",
        "ORWATCH_RULE": "lead-flip",
        "ORWATCH_SUBJECT": "CN:US",
        "ORWATCH_SUBJECT_KIND": "versus",
        "ORWATCH_BASIS": "chart",
        "ORWATCH_GRAIN": "week",
        "ORWATCH_PERIOD_START": "2026-06-01",
        "ORWATCH_PERIOD_END": "2026-06-07",
        "ORWATCH_FIRED_AT": "2026-06-08T00:00:00Z",
        "ORWATCH_MESSAGE": "CN passes US",
        "ORWATCH_VALUE_TO_TOKENS": "7932",
        "ORWATCH_VALUE_RATIO": "2.44",
        "ORWATCH_VALUE_HELD_IS_FLOOR": "false",
        "ORWATCH_VALUE_FROM": "",
    }
    assert "OPENROUTER_API_KEY" not in env


def test_a_burst_that_is_too_large_for_a_variable_is_given_in_part() -> None:
    many = message(ids=tuple(f"alert {n}" for n in range(1000)))
    found = variables(many)
    assert found["ORWATCH_COUNT"] == "1000"
    assert 50 < len(json.loads(found["ORWATCH_ALERTS"])) < 1000
    assert all(len(value.encode()) < 128 * 1024 for value in found.values())


@pytest.mark.parametrize(
    ("argv", "cause"),
    [
        (["/no/such/program"], "program cannot be run: No such file or directory"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "{python} ended with code 3"),
        ([sys.executable, "-c", "import sys; sys.exit('no\\x1b[2J way')"], "{python} ended with code 1: no[2J way"),
    ],
)
async def test_a_command_that_fails_says_why(argv: list[str], cause: str) -> None:
    assert await cause_of(partial(command.run_for, argv)) == cause.format(python=Path(sys.executable).name)


async def test_a_command_that_hangs_is_ended() -> None:
    hanging = partial(command.run_for, [sys.executable, "-c", "import time; time.sleep(60)"], seconds=0.2)
    assert await cause_of(hanging) == f"{Path(sys.executable).name} took longer than 0.2 s and was ended"


def test_desktop_notices_are_plain_text() -> None:
    found = argv_of(message("-u <b>x</b>", "--a <i>&\x07", "b"), "notify-send")
    assert found == (
        "notify-send", "-a", "orwatch", "-u", "critical", "--", "-u <b>x</b>", "--a &lt;i&gt;&amp;\nb",
    )  # fmt: skip
    script = argv_of(message('" & (do shell script "x")', "b"), "osascript")
    assert script[0:2] == ("osascript", "-e")
    assert "do shell" not in script[2]
    assert script[3:] == ("--", 'orwatch: " & (do shell script "x")', "b")


@pytest.mark.parametrize(("platform", "program"), [("linux", "notify-send"), ("darwin", "osascript")])
async def test_a_desktop_without_the_program_is_named(
    platform: str, program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert await cause_of(partial(desktop.show, platform=platform)) == f"{program} is not installed"


# The webhook

URL = "https://hooks.example.org/services/T0/SECRET?token=SECRET"
PING = "@everyone <!channel> *x*"


@pytest.mark.parametrize(
    ("shape", "url", "to", "body"),
    [
        (
            "json", URL, URL,
            {"title": PING, "body": f"a <b>\n{CITATION}", "severity": "major", "alerts": [facts()], "citation": CITATION},
        ),
        (
            "slack", URL, URL,
            {"text": f"*@\u200beveryone &lt;!channel&gt; *x**\na &lt;b&gt;\n{CITATION}", "unfurl_links": False},
        ),
        (
            "discord", URL, URL,
            {
                "content": "**@\u200beveryone <\u200b!channel\\> \\*x\\***\na <\u200bb\\>\n"
                + CITATION.replace("(", "\\(").replace(")", "\\)").replace("-", "\\-"),
                "allowed_mentions": {"parse": []},
            },
        ),
        (
            "ntfy", "https://ntfy.sh/my%20topic", "https://ntfy.sh/",
            {
                "topic": "my topic", "title": PING, "message": f"a <b>\n{CITATION}", "priority": 5,
                "tags": ["orwatch", "major"],
            },
        ),
    ],
)  # fmt: skip
async def test_a_webhook_posts_its_shape(shape: str, url: str, to: str, body: dict[str, Any]) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(204)

    await posting.post(url, shape, message(PING, "a <b>\x1b\u202e"), transport=httpx.MockTransport(answer))
    (request,) = asked
    assert (request.method, str(request.url), json.loads(request.content)) == ("POST", to, body)
    assert request.headers["User-Agent"].startswith("orwatch/")
    assert "Authorization" not in request.headers


def at_alertmanager(alert: dict[str, Any], **more: object) -> dict[str, Any]:
    what = Message("t", (), "major", (alert | more,), CITATION)
    found = posting.held_alert(what, what.alerts[0], datetime(2026, 6, 8, 12, tzinfo=UTC))
    return found


def test_an_alert_as_alertmanager_takes_it() -> None:
    assert at_alertmanager(
        facts(), source="openrouter", command="orwatch alerts", page="https://openrouter.ai/rankings"
    ) == {
        "labels": {
            "alertname": "OrwatchLeadFlip",
            "id": "one",
            "rule": "lead-flip",
            "severity": "major",
            "kind": "versus",
            "subject": "CN:US",
            "basis": "chart",
            "grain": "week",
            "period": "2026-06-01",
            "source": "openrouter",
        },
        "annotations": {"summary": "CN passes US", "citation": CITATION, "command": "orwatch alerts"},
        "startsAt": "2026-06-08T00:00:00+00:00",
        "endsAt": "2026-06-15T12:00:00+00:00",
        "generatorURL": "https://openrouter.ai/rankings",
    }


def test_an_end_is_of_the_same_labels_and_lies_before_now_on_a_clock_that_is_behind() -> None:
    begun, over = at_alertmanager(facts()), at_alertmanager(facts(), ended_at="2026-06-08T11:00:00Z")
    assert over["labels"] == begun["labels"]
    assert (over["startsAt"], over["endsAt"]) == ("2026-06-08T00:00:00+00:00", "2026-06-08T10:59:00+00:00")
    early = at_alertmanager(facts(), ended_at="2026-06-01T00:00:00Z")
    assert early["startsAt"] == early["endsAt"], "nothing ends before it begins, which would be refused"


def test_a_sample_ends_soon_and_is_marked() -> None:
    found = at_alertmanager(facts(), sample=True)
    assert (found["labels"]["sample"], found["endsAt"]) == ("true", "2026-06-08T12:01:00+00:00")


@pytest.mark.parametrize(
    ("url", "to"),
    [
        ("http://127.0.0.1:9093", "http://127.0.0.1:9093/api/v2/alerts"),
        ("https://example.org/alertmanager/", "https://example.org/alertmanager/api/v2/alerts"),
        ("https://example.org/api/v2/alerts?x=1", "https://example.org/api/v2/alerts?x=1"),
    ],
)
def test_where_alertmanager_takes_alerts(url: str, to: str) -> None:
    assert body_of(message(), "alertmanager", url)[0] == to


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (httpx.Response(500, text="SECRET"), "https://hooks.example.org/… answered with HTTP 500"),
        (
            httpx.Response(302, headers={"Location": "https://elsewhere.example"}),
            "https://hooks.example.org/… answered with a redirect (302), which is not followed",
        ),
        (httpx.ConnectError(URL), "https://hooks.example.org/… could not be reached (no connection)"),
        (httpx.ConnectTimeout(URL), "https://hooks.example.org/… did not answer within 10 s"),
        (
            httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] SECRET"),
            "https://hooks.example.org/… could not be reached (its certificate is not trusted)",
        ),
    ],
)
async def test_a_webhook_that_fails_says_why_and_no_secret(answer: httpx.Response | Exception, cause: str) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert await cause_of(partial(posting.post, URL, "json", transport=httpx.MockTransport(respond))) == cause


def test_long_bodies_are_cut_to_what_the_services_take() -> None:
    long = message("a", *["x" * 500] * 20)
    for shape, key, length in (("slack", "text", 3000), ("discord", "content", 2000), ("ntfy", "message", 4000)):
        assert len(body_of(long, shape, "https://h/t")[1][key]) == length


@pytest.mark.parametrize(
    ("url", "insecure", "fits"),
    [
        ("https://example.org/x", False, True),
        ("http://127.0.0.1:8000/x", False, True),
        ("http://[::1]/x", False, True),
        ("http://localhost/x", False, True),
        ("http://192.168.1.2/x", False, False),
        ("http://localhost.example.org/x", False, False),
        ("http://192.168.1.2/x", True, True),
        ("ftp://example.org/", False, False),
        ("https://exa mple.org/", False, False),
        ("https://", False, False),
    ],
)
def test_where_a_webhook_may_go(url: str, insecure: bool, fits: bool) -> None:
    if fits:
        assert check_url(f" {url} ", insecure=insecure) == url
    else:
        with pytest.raises(ValueError, match=r"web address|plain HTTP"):
            check_url(url, insecure=insecure)


def test_what_is_shown_of_an_address() -> None:
    assert shown("https://user:SECRET@hooks.example.org:8443/a/SECRET?b") == "https://hooks.example.org:8443/…"


# Work that hangs


async def test_a_file_that_hangs_is_left_behind_and_no_second_write_is_begun(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    with path.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        file = AlertFile(path, seconds=0.05)
        assert await cause_of(file.append) == "it took longer than 0.05 s"
        assert await cause_of(file.append) == "the delivery before it still hangs"


async def test_a_command_whose_delivery_is_cancelled_is_ended_with_what_it_started(tmp_path: Path) -> None:
    path = tmp_path / "late"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await command.run_for(["sh", "-c", f"(sleep 0.5; touch {path}) & wait"], message())
    await asyncio.sleep(0.5)
    assert not path.exists()
