"""The settings of the channels: read, refused with what they take, written back."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from orwatch import config
from orwatch.domain.alerts.alert import Severity
from orwatch.errors import UsageError
from orwatch.notify.channel import Quiet
from orwatch.notify.registry import NotifySettings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def loaded(path: Path, text: str) -> NotifySettings:
    path.write_text(text, encoding="utf-8")
    return config.load({}, path).settings.notify


def test_only_the_toast_is_served_by_default() -> None:
    notify = NotifySettings()
    assert {name for name in ("toast", "bell", "osc", "desktop") if notify.channel(name).on} == {"toast"}
    assert (notify.webhook.url, notify.command.argv, notify.file.path) == (None, (), None)


def test_every_setting_is_read_from_the_file(path: Path) -> None:
    notify = loaded(
        path,
        """
        [notify]
        quiet = "22:00-7:30"
        group = 30
        [notify.bell]
        on = true
        severity = "major"
        [notify.osc]
        on = true
        protocol = 777
        [notify.webhook]
        url = "https://example.org/x"
        shape = "slack"
        insecure = true
        [notify.command]
        argv = ["say", "--voice", "", "x y"]
        [notify.file]
        path = "/var/log/alerts.jsonl"
        severity = "notable"
        """,
    )
    assert (notify.quiet, notify.group) == (Quiet(time(22), time(7, 30)), 30)
    assert notify.bell.takes == {Severity.MAJOR}
    assert (notify.osc.on, notify.osc.protocol) == (True, "777")
    assert (notify.webhook.url, notify.webhook.shape, notify.webhook.insecure) == (
        "https://example.org/x",
        "slack",
        True,
    )
    assert notify.command.argv == ("say", "--voice", "", "x y")
    assert notify.file.path == Path("/var/log/alerts.jsonl")
    assert notify.file.takes == {Severity.MAJOR, Severity.NOTABLE}
    assert notify.desktop == NotifySettings().desktop


@pytest.mark.parametrize(
    ("table", "line", "said"),
    [
        ("notify", 'quiet = "22-7"', "notify.quiet is '22-7'; it takes hours of local time such as 22:00-07:00."),
        ("notify", 'quiet = "07:00-07:00"', "it takes hours of local time"),
        ("notify", "group = -1", "notify.group is -1; it takes 0 to 3600 seconds."),
        ("notify.bell", 'severity = "loud"', "it takes major, notable or note."),
        ("notify.osc", 'protocol = "99"', "it takes auto, 9 or 777."),
        ("notify.webhook", 'shape = "teams"', "it takes json, slack, discord, ntfy or alertmanager."),
        ("notify.webhook", 'url = "SECRET"', "notify.webhook.url is not one; it takes a web address."),
        ("notify.webhook", 'link = "x"', "'notify.webhook.link' is no setting"),
        ("notify", "bell = true", "notify.bell is a table of settings; write [notify.bell]"),
    ],
)
def test_a_wrong_one_is_named(path: Path, table: str, line: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        loaded(path, f"[{table}]\n{line}\n")
    assert said in str(caught.value)
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "written"),
    [
        (
            "notify.command.argv",
            "say 'x y' --loud",
            '[notify.command]\nargv = ["say", "x y", "--loud"]\n',
        ),
        ("notify.quiet", "22:00 – 07:00", '[notify]\nquiet = "22:00-07:00"\n'),
        ("notify.file.on", "no", "[notify.file]\non = false\n"),
        ("notify.file.severity", "major", '[notify.file]\nseverity = "major"\n'),
    ],
)
def test_one_is_written_back(path: Path, name: str, text: str, written: str) -> None:
    config.set_values(path, {name: text})
    assert path.read_text() == written
    config.load({}, path)
