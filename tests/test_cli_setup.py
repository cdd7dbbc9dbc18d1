"""`config`, `key` and `doctor`: what is set, where it comes from, and that a key is never shown."""

from __future__ import annotations

import io
import json
import stat
import sys
from pathlib import Path

import pytest

from cli_market import Cli

KEY = "sk-or-v1-0123456789abcd"


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def settings(cli: Cli, *argv: str) -> dict[str, tuple[object, str]]:
    return {row["setting"]: (row["value"], row["from"]) for row in cli.json("config", "show", *argv)[1]}


def test_config_show_tells_where_each_value_comes_from(cli: Cli) -> None:
    cli.config.write_text('[view]\nbasis = "chart"\n[vendors]\nsome-lab = "FR"\n')
    found = settings(cli, "--period", "day")
    assert found["view.basis"] == ("chart", str(cli.config))
    assert found["view.period"] == ("day", "--period")
    assert found["source.cache"] == (str(cli.cache), "ORWATCH_CACHE")
    assert found["poll.interval"] == (300, "default")
    assert found["view.free"] == (True, "default")
    assert found["vendors.some-lab"] == ("FR", str(cli.config))


def test_config_set_writes_one_setting(cli: Cli) -> None:
    assert cli("config", "set", "view.period", "day")[0] == 0
    assert settings(cli)["view.period"] == ("day", str(cli.config))
    code, _, err = cli("config", "set", "view.period", "fortnight")
    assert code == 2
    assert "day, 7d, week or month" in err
    assert cli("config", "set", "view.perid", "day")[0] == 2
    assert cli("config", "set", "view.period")[0] == 2
    assert settings(cli)["view.period"] == ("day", str(cli.config))


def test_path_template_and_set_serve_where_the_file_is_broken(cli: Cli) -> None:
    cli.config.write_text("[view\n")
    assert cli("config", "path") == (0, f"{cli.config}\n", "")
    assert cli("config", "template")[0] == 0
    assert cli("config", "show")[0] == 2


def editor(folder: Path, script: str) -> str:
    """An editor that does one thing to the file it is given."""
    program = folder / "editor.py"
    program.write_text(f"import sys, pathlib\nfile = pathlib.Path(sys.argv[1])\n{script}\n")
    return f"{sys.executable} {program}"


@pytest.mark.parametrize(
    ("script", "code", "kept"),
    [
        ("file.write_text('offline = true\\n')", 0, "offline = true\n"),
        ("file.write_text('offline = 7\\n')", 2, "offline = false\n"),
        ("file.write_text('[view')", 2, "offline = false\n"),
        ("pass", 0, "offline = false\n"),
        ("file.write_text('offline = true\\n'); sys.exit(1)", 0, "offline = false\n"),
    ],
)
def test_config_edit_takes_over_what_is_valid(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, script: str, code: int, kept: str
) -> None:
    cli.config.write_text("offline = false\n")
    monkeypatch.setenv("VISUAL", editor(cli.folder, script))
    found, _, err = cli("config", "edit")
    assert (found, cli.config.read_text()) == (code, kept)
    drafts = list(cli.folder.glob("config-*.toml"))
    assert len(drafts) == (1 if code else 0)
    assert all(str(draft) in err for draft in drafts)


def test_an_editor_that_is_not_there_is_one_sentence(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor-anywhere")
    code, _, err = cli("config", "edit")
    assert code == 1
    assert "no-such-editor-anywhere" in err
    assert not list(cli.folder.glob("config-*.toml"))


def test_key_set_reads_a_line_and_never_shows_it(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, f"{KEY}\n")
    code, out, err = cli("key", "set")
    assert code == 0
    assert "…abcd" in err
    assert KEY not in out + err
    assert stat.S_IMODE((cli.folder / "key.toml").stat().st_mode) == 0o600
    _, rows = cli.json("key", "show")
    assert rows == [{"origin": "https://openrouter.ai", "key": "…abcd", "from": str(cli.folder / "key.toml")}]


def test_a_stored_key_goes_to_its_own_origin_only(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, KEY)
    assert cli("key", "set")[0] == 0
    assert cli("key", "show", "--base-url", "http://127.0.0.1:8999/api/v1")[0] == 4
    assert cli("key", "forget")[0] == 0
    assert cli("key", "show")[0] == 4


def test_a_key_is_not_stored_for_plain_http_to_another_machine(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, KEY)
    code, _, err = cli("key", "set", "--base-url", "http://example.org/api/v1")
    assert code == 2
    assert "plain HTTP" in err
    assert not (cli.folder / "key.toml").exists()


@pytest.mark.parametrize("text", ["", "\n", "hunter2\n", "sk-or-a b\n"])
def test_what_is_no_key_is_not_stored(cli: Cli, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    typed(monkeypatch, text)
    code, _, err = cli("key", "set")
    assert code == 2
    assert "hunter2" not in err
    assert not (cli.folder / "key.toml").exists()


def test_a_key_among_the_arguments_is_refused(cli: Cli) -> None:
    code, out, err = cli("key", "set", KEY)
    assert (code, out) == (2, "")
    assert "shell's history" in err
    assert KEY not in err
    assert not (cli.folder / "key.toml").exists()


def test_the_variable_comes_first(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-or-v1-zyxw")
    assert [(row["key"], row["from"]) for row in cli.json("key")[1]] == [("…zyxw", "OPENROUTER_API_KEY")]


def checks(cli: Cli, *argv: str) -> tuple[int, dict[str, tuple[bool | None, str, str | None]]]:
    code, out, _ = cli("doctor", *argv, "--format", "json")
    return code, {row["check"]: (row["ok"], row["detail"], row["mend"]) for row in json.loads(out)["rows"]}


def test_doctor_checks_what_can_be_checked_offline(cli: Cli) -> None:
    code, found = checks(cli, "--offline")
    assert code == 0
    assert {name: ok for name, (ok, _, _) in found.items()} == {
        "config": True, "themes": True, "key": True, "cache": True, "alerts": True, "network": None, "clock": None,
        "terminal": None,
    }  # fmt: skip


def test_doctor_names_the_mend_of_a_broken_config(cli: Cli) -> None:
    cli.config.write_text("[view]\nperiod = 7\n")
    code, found = checks(cli, "--demo")
    ok, detail, mend = found["config"]
    assert (code, ok) == (1, False)
    assert "view.period" in detail
    assert mend is not None
    assert "correct the line" in mend


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[keys]\nfliter = "f"\n', "[keys]: 'fliter' is no action; nearest: filter"),
        ('[keys]\nfilter = "Ctrl+Nonsense"\n', "which is no key"),
        ('[notify.webhook]\nurl = "http://hooks.example.org/x"\n', "notify.webhook.url: "),
        ('[view.columns]\nmodels = "rnak"\n', "'rnak' is no column"),
        ('[start]\nfilter = "in<abc"\n', "start.filter: 'in<abc' compares with no number"),
        ('[value]\nhabit = "calls many"\n', "value.habit: "),
        ('[start]\npane = "history"\n', "start.pane is 'history'; it takes models, countries, prices or alerts."),
    ],
)
def test_doctor_refuses_what_the_dashboard_refuses(cli: Cli, text: str, said: str) -> None:
    cli.config.write_text(text)
    cli.config.chmod(0o600)
    code, found = checks(cli, "--offline")
    assert (code, found["config"][0]) == (1, False)
    assert said in found["config"][1]


ALARM = '[alerts.price-crosses]\nmodel = "deepseek/v3"\nat_most = 0.10\n'


def test_an_alarm_for_a_model_that_nobody_lists_is_told_with_the_nearest(cli: Cli) -> None:
    said = "The price alarm for deepseek/v3 cannot fire: the catalogue lists no such model; nearest: deepseek/v4."
    cli.config.write_text(ALARM)
    code, found = checks(cli, "--offline")
    assert (code, found["config"][0]) == (1, True)
    assert found["alerts"] == (False, said, "correct [alerts.price-crosses] in the config")
    code, _, err = cli("alerts", "--offline")
    assert (code, err) == (0, f"orwatch: {said}\n")
    code, _, err = cli("watch", "--once", "--offline")
    assert (code, err.splitlines()[0]) == (0, f"orwatch: {said}")
    cli.config.write_text(ALARM.replace("v3", "v4"))
    assert checks(cli, "--offline")[1]["alerts"] == (True, "18 rules · basis top50", None)
    assert cli("alerts", "--offline")[2] == ""


def test_several_rules_of_one_kind_are_shown_and_set_by_their_number(cli: Cli) -> None:
    cli.config.write_text("[[alerts.surge]]\nchange = 0.6\n[[alerts.surge]]\n")
    assert cli("config", "set", "alerts.surge[1].change", "0.2")[0] == 0
    _, rows = cli.json("config")
    found = {row["setting"]: (row["value"], row["from"]) for row in rows if ".change" in row["setting"]}
    assert found["alerts.surge.change"] == (0.6, str(cli.config))
    assert found["alerts.surge[1].change"] == (0.2, str(cli.config))
    code, checked = checks(cli, "--offline")
    assert (code, checked["alerts"][1]) == (0, "18 rules · basis top50")


def test_doctor_says_which_keys_changed_hands_as_the_dashboard_does(cli: Cli) -> None:
    cli.config.write_text('[keys]\nfilter = "b"\n')
    code, found = checks(cli, "--offline")
    assert (code, found["config"]) == (0, (True, f"{cli.config} is valid; b is filter; basis has no key", None))


def test_doctor_sees_a_key_file_that_others_can_read(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, KEY)
    cli("key", "set")
    (cli.folder / "key.toml").chmod(0o644)
    code, found = checks(cli, "--offline")
    assert (code, found["key"][0]) == (1, False)
    assert "chmod 600" in found["key"][1]


def test_doctor_says_what_is_wrong_with_the_network(cli: Cli) -> None:
    cli.cache.unlink()
    code, found = checks(cli, "--base-url", "http://127.0.0.1:1/api/v1")
    assert (code, found["network"][0], found["clock"][0]) == (1, False, None)
    assert "127.0.0.1:1" in found["network"][1]


@pytest.mark.parametrize(
    ("variable", "value", "mend"),
    [
        ("TERM", "dumb", "such as xterm-256color"),
        ("TEXTUAL_COLOR_SYSTEM", "many", "TEXTUAL_COLOR_SYSTEM is 'many'; it takes auto"),
    ],
)
def test_doctor_refuses_the_terminal_that_the_dashboard_refuses(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, mend: str
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    assert checks(cli, "--offline")[1]["terminal"][0] is True
    monkeypatch.setenv(variable, value)
    code, found = checks(cli, "--offline")
    assert (code, found["terminal"][0]) == (1, False)
    assert mend in (found["terminal"][2] or "")
    assert mend in cli()[2]


def test_doctor_on_the_demo_finds_its_network(cli: Cli) -> None:
    code, found = checks(cli, "--demo")
    assert (code, found["network"][0], found["key accepted"][0]) == (0, True, True)
