"""Faults of the environment: each is a sentence with its cause and an exit code, never "a bug in orwatch"."""

from __future__ import annotations

import errno
import json
import os
import resource
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from forked import run
from orwatch import config
from orwatch.errors import OrwatchError, unexpected

DEEP = "a = " + "[" * 5000 + "]" * 5000
DIGITS = "[poll]\ninterval = " + "9" * 5000


def bare(home: Path | str, **more: str) -> dict[str, str]:
    """An environment with that home, and nothing else of this one but more variables."""
    return {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "dumb", **more}


def orwatch(home: Path | str, *argv: str, **more: str) -> subprocess.CompletedProcess[str]:
    """`orwatch ARGV` as a process in a bare environment."""
    return run(argv, bare(home, **more))


@pytest.mark.parametrize(
    ("variables", "argv", "code", "said"),
    [
        ({"EDITOR": " "}, ("config", "edit"), 2, "vi needs a terminal"),
        (
            {"EDITOR": "/opt/o'brien/bin/vi"},
            ("config", "edit"),
            2,
            'EDITOR is "/opt/o\'brien/bin/vi", which is no command',
        ),
        ({"VISUAL": '"/opt/my editor/vi'}, ("config", "edit"), 2, "a quote is not closed"),
        ({"VISUAL": "  ", "EDITOR": "true"}, ("config", "edit"), 0, "is as it was"),
        ({"HOME": "/dev/null"}, ("top", "--offline", "--limit", "1"), 0, "No home folder is known"),
        ({"HOME": "/dev/null"}, ("config", "set", "view.period", "day"), 1, "no home folder is known; set HOME"),
        ({"XDG_CONFIG_HOME": "rel"}, ("config", "set", "view.period", "day"), 0, "/.config/orwatch/config.toml"),
        ({}, ("--base-url", f"https://{'a.' * 200}invalid/api/v1", "top"), 1, "File name too long"),
        ({}, ("--cache", f"/tmp/{'c' * 4000}", "top"), 1, "File name too long"),
    ],
)
def test_a_fault_of_the_environment_is_one_sentence(
    tmp_path: Path, variables: dict[str, str], argv: tuple[str, ...], code: int, said: str
) -> None:
    done = orwatch(variables.get("HOME", tmp_path), *argv, **{k: v for k, v in variables.items() if k != "HOME"})
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert "this is a bug" not in done.stderr
    assert len(done.stderr) < 1000


def test_a_prompt_is_not_told_with_each_line_that_nothing_is_kept() -> None:
    line = orwatch("/dev/null", "status", "--offline", "--format", "line")
    assert (line.returncode, line.stderr, line.stdout.endswith("not polled\n")) == (0, "", True)
    assert "works in memory" in orwatch("/dev/null", "status", "--offline").stderr


def test_folders_that_are_not_absolute_are_ignored(tmp_path: Path) -> None:
    folders = {f"XDG_{kind}_HOME": "here" for kind in ("DATA", "CACHE", "STATE", "CONFIG")}
    done = orwatch(tmp_path, "status", "--offline", "--format", "json", **folders)
    assert json.loads(done.stdout)["rows"][0]["cache_path"].startswith(f"{tmp_path}/.local/share/orwatch/")
    assert not Path("here").exists()


def test_a_working_folder_that_is_not_there_any_more_is_named_where_it_matters(tmp_path: Path) -> None:
    for argv, code, said in (
        ("top --offline --limit 1", 0, ""),
        ("status --cache here.sqlite3", 1, "The working folder is not there any more"),
        ("backup here.sqlite3", 1, "The working folder is not there any more"),
        ("export --demo -o here.csv", 1, "here.csv cannot be written: No such file or directory."),
    ):
        (tmp_path / "gone").mkdir()
        line = f"cd gone && rmdir ../gone && exec {sys.executable} -m orwatch {argv}"
        env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
        done = subprocess.run(line, shell=True, env=env, cwd=tmp_path, capture_output=True, text=True)
        assert (done.returncode, said in done.stderr, done.stderr.count("\n")) == (code, True, bool(said)), done.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (DEEP, "nested too deep"),
        (DIGITS, "thousands of digits"),
        ("a = \ufeff1", "no valid TOML"),
        ("a = [", "no valid TOML"),
    ],
)
def test_a_config_that_cannot_be_read_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / ".config" / "orwatch" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    done = orwatch(tmp_path, "top", "--offline")
    assert done.returncode == 2
    assert done.stderr.startswith(f"orwatch: {path} ")
    assert said in done.stderr


WRITTEN = """\
# shared with the team
[view]
# the nine of the chart, as the press counts
basis = "chart"  # never top50

[alerts.surge] # only large ones
change = 0.6
"""


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_setting_is_written_in_place(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(mark + WRITTEN)
    config.set_values(path, {"view.period": "day"})
    config.set_values(path, {"view.favourites": ["deepseek/deepseek-v4-flash"]})
    config.set_values(path, {"alerts.surge[1].change": "0.8"})
    config.assign(path, config.VENDORS, "some-lab", "FR")
    text = path.read_text()
    assert text.startswith(f"{mark}# shared with the team\n[view]\n# the nine of the chart, as the press counts\n")
    assert 'basis = "chart"  # never top50\nperiod = "day"\n' in text
    assert "[[alerts.surge]] # only large ones\nchange = 0.6\n" in text
    found = config.load({"ORWATCH_CONFIG": str(path)}).settings
    assert (found.view.period, found.view.favourites) == ("day", ("deepseek/deepseek-v4-flash",))
    assert [rule.change for _, rule in found.alerts.also] == [0.8]  # type: ignore[attr-defined]
    config.set_values(path, {"view.favourites": None})
    config.unassign(path, config.VENDORS, "some-lab")
    assert "favourites" not in path.read_text()
    assert "vendors" not in path.read_text()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "x", "/data/cache"), "No space left on device (/data/cache)"),
        (OSError(errno.EMFILE, "x"), "Too many open files"),
        (MemoryError(), "no memory left"),
        (RuntimeError("can't start new thread"), "starts no new thread"),
    ],
)
def test_what_the_system_refuses_is_no_bug(error: Exception, said: str) -> None:
    assert said in unexpected(error)
    assert "a bug in orwatch" not in unexpected(error)


def test_an_error_of_our_own_is_one_and_keeps_its_text_to_itself() -> None:
    said = unexpected(KeyError("sk-or-secret"))
    assert "a bug in orwatch" in said
    assert "sk-or" not in said


def test_an_editor_is_given_no_key(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\nenv > {seen}\n")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    orwatch(tmp_path, "config", "edit", EDITOR=str(editor), OPENROUTER_API_KEY="sk-or-v1-" + "0" * 40, LC_X="kept")
    assert "LC_X=kept" in seen.read_text()
    assert "OPENROUTER_API_KEY" not in seen.read_text()


@pytest.mark.parametrize(
    ("of_file", "of_folder", "named"),
    [(0o600, 0o700, False), (0o644, 0o755, False), (0o666, 0o755, True), (0o600, 0o777, True)],
)
def test_a_command_of_a_file_that_others_can_write_is_named_and_not_run(
    tmp_path: Path, of_file: int, of_folder: int, named: bool
) -> None:
    path = tmp_path / ".config" / "orwatch" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(f'[notify.command]\nargv = ["touch", "{tmp_path / "ran"}"]\n')
    path.chmod(of_file)
    path.parent.chmod(of_folder)
    done = orwatch(tmp_path, "alerts", "test", "command")
    assert ("can be written by others: it is not run" in done.stderr, (tmp_path / "ran").exists()) == (named, not named)
    checked = orwatch(tmp_path, "doctor", "--offline", "--format", "csv").stdout
    assert ("can be written by others" in checked) == named


def test_a_key_is_not_written_through_a_link(tmp_path: Path) -> None:
    env = {"ORWATCH_CONFIG": str(tmp_path / "config.toml")}
    (tmp_path / "key.toml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OrwatchError, match="is a link"):
        config.store_key("https://openrouter.ai", "sk-or-v1-" + "0" * 40, env)
    assert not (tmp_path / "elsewhere").exists()


def test_what_is_no_file_is_written_to_as_it_is(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "orwatch", "export", "--demo", "--format", "csv"]
    done = subprocess.run([*argv, "-o", "/dev/stdout"], env=bare(tmp_path), capture_output=True, text=True, check=True)
    assert done.stdout == orwatch(tmp_path, "export", "--demo", "--format", "csv").stdout
    assert done.stdout.startswith("grain,start,end,")


def test_an_output_that_does_not_block_is_waited_for(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "orwatch", "export", "--demo", "--format", "csv"]
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    with (
        subprocess.Popen(argv, stdout=writer, stderr=subprocess.PIPE, env=bare(tmp_path)) as process,
        open(reader, "rb") as out,
    ):
        os.close(writer)
        assert process.stderr is not None
        found = out.read(1)  # it writes, and the pipe is soon full
        time.sleep(0.05)
        found += out.read()
        assert (process.wait(), process.stderr.read()) == (0, b"")
    assert found.decode() == orwatch(tmp_path, "export", "--demo", "--format", "csv").stdout


def test_a_link_of_another_user_in_a_shared_folder_is_not_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, link = tmp_path / "profile", tmp_path / "shared" / "x.csv"
    link.parent.mkdir()
    target.write_text("precious")
    link.symlink_to(target)
    config.write_atomically(link, ["mine"])
    assert (link.is_symlink(), target.read_text()) == (True, "mine")
    link.parent.chmod(0o1777)
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    found = os.lstat(link)
    monkeypatch.setattr(Path, "lstat", lambda path: os.stat_result((*found[:4], 4712, *found[5:])))
    with pytest.raises(OrwatchError, match="another user's link"):
        config.write_atomically(link, ["theirs"])
    assert target.read_text() == "mine"


@pytest.mark.parametrize("key", ["sk-or-v1-" + "0" * 40, ""])
def test_no_core_is_written_that_would_hold_a_key(tmp_path: Path, key: str) -> None:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)\n"
        "from orwatch.config import Config; from orwatch.core.source import open_source\n"
        "before = resource.getrlimit(resource.RLIMIT_CORE)[0]\n"
        "with open_source(Config()): print(before == resource.getrlimit(resource.RLIMIT_CORE)[0] or"
        " resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "OPENROUTER_API_KEY": key}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    assert done.stdout.strip() == ("True" if not key or hard == 0 else "0")
