"""The command line by the conventions: helps, options that do something, colours, quiet and log, settings by name."""

from __future__ import annotations

import json
import re
import shlex
import shutil

import pytest

from cli_market import Cli
from orwatch.cli import log, output
from orwatch.cli.command import Command
from orwatch.cli.commands import BY_NAME, COMMANDS, ENVIRONMENT
from orwatch.cli.help import help_of
from orwatch.cli.parser import one_of, parse
from orwatch.config import every_setting

KEY = "sk-or-v1-0123456789abcd"
each_command = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.title)


@each_command
def test_a_help_fits_its_width_and_tells_all_of_every_option(command: Command) -> None:
    for width in (80, 132):
        lines = help_of(command, width).splitlines()
        assert not [line for line in lines if len(line) > width]
        told = " ".join(" ".join(lines).split())
        for option in command.taken:
            assert ", ".join(option.names) in told
            wanted = [one_of(option.choices)] if option.choices else []
            wanted += [option.default, option.variable]
            assert not [words for words in wanted if words not in told]
    assert max(map(len, help_of(BY_NAME["top"], 132).splitlines())) > 100


def test_the_list_of_commands_has_a_line_for_each() -> None:
    assert not [command.summary for command in COMMANDS if len(command.summary) > 56]


@each_command
def test_examples_are_three_and_are_understood(command: Command) -> None:
    assert len(command.examples) >= (1 if " " in command.name else 3)
    for line, says in command.examples:
        typed = [part for part in re.split(r" (?:[|<]|>+) ?", line) if "orwatch " in f"{part} "]
        lines = [shlex.split(part.partition("orwatch")[2]) for part in typed]
        found = [parse(argv)[0].name for argv in lines]
        assert any(name.startswith(command.name) for name in found) or command.name == "backup", line
        assert says


def test_what_an_option_tells_of_a_setting_is_what_the_setting_says() -> None:
    settings = {setting.name: setting for setting in every_setting()}
    seen = set()
    for option in BY_NAME["top"].taken + BY_NAME["hosts"].taken + BY_NAME[""].taken:
        if option.dest in settings and option.metavar:
            setting = settings[option.dest]
            seen.add(option.dest)
            assert option.variable == (setting.variable or "")
            assert not option.choices or one_of(option.choices) == setting.accepts
            default = setting.plain(setting.default)
            assert option.default == default or not default, option.name
    assert {"view.period", "view.basis", "source.cache", "source.base_url", "hosts.group"} <= seen


def test_every_variable_is_told_in_the_help() -> None:
    told = {name for names, _ in ENVIRONMENT for name in names.split(", ")}
    assert {setting.variable for setting in every_setting() if setting.variable} <= told


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("versus CN US --vendor openai", "--vendor is no option of `orwatch versus`"),
        ("history v4 --filter x", "--filter is no option"),
        ("poll --period week", "--period is no option"),
        ("doctor --basis chart", "--basis is no option"),
        ("demo --cache x", "--cache is no option"),
        ("apps --basis chart", "--basis is no option"),
        ("value --basis chart", "--basis is no option"),
        ("mix a:20 b --no-free", "--no-free is no option"),
        ("config set offline true --period week", "--period is no option of `orwatch config set`"),
        ("config path --json", "--json is no option"),
        ("alerts ack all --basis chart", "--basis is no option of `orwatch alerts ack`"),
        ("alerts backtest --unread", "--unread is no option"),
        ("status --basis chart", "--basis is for --format line"),
        ("export apps --no-free", "--no-free is for the rankings as text"),
        ("--json", "--json is no option of `orwatch`"),
        ("--quiet", "--quiet is no option of `orwatch`"),
        ("brief --color never", "--color is no option"),
        ("share --by seat", "--by is 'seat'; it takes country or openness."),
        ("tasks --period day", "--period is 'day'; it takes week."),
        ("top --color blue", "--color is 'blue'; it takes auto, always or never."),
        ("config nonsense", "'nonsense' is no command of `orwatch config`"),
        ("config gte", "nearest: get"),
        ("help tpo", "'tpo' is no command; nearest: top"),
    ],
)
def test_what_does_nothing_is_refused(cli: Cli, line: str, said: str) -> None:
    code, out, err = cli(*line.split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


@pytest.mark.parametrize(
    ("asked", "env", "terminal", "coloured"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": ""}, False, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ("auto", {"CLICOLOR": "0"}, True, False),
        ("auto", {"CLICOLOR": "1"}, False, False),
        ("auto", {"CLICOLOR_FORCE": "1"}, False, True),
        ("auto", {"CLICOLOR_FORCE": "0"}, False, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colours_are_as_asked_for(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, asked: str, env: dict[str, str], terminal: bool, coloured: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm-256color", **env}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    output.begin(colour=asked)
    assert output.coloured() is coloured
    assert ("\x1b[" in cli("top", "--color", asked)[1]) is coloured


def test_quiet_leaves_errors_alone(cli: Cli) -> None:
    assert cli("config", "set", "view.period", "day", "-q") == (0, "", "")
    code, _, err = cli("config", "set", "view.period", "fortnight", "-q")
    assert (code, err.count("\n")) == (2, 1)


def test_json_is_short_for_its_format(cli: Cli) -> None:
    assert cli("top", "--json") == cli("top", "--format", "json")


def test_the_log_has_what_was_said_and_no_key(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORWATCH_STATE", str(cli.folder / "state" / "state.toml"))
    assert cli("config", "set", "view.basis", "chart", "-q", "-v")[0] == 0
    assert cli("top", "--vendor", KEY, "--verbose")[0] == 2
    monkeypatch.setattr("orwatch.cli.session.Session.snapshot", lambda _: 1 / 0)
    assert cli("top", "-v")[0] == 1
    log = (cli.folder / "state" / "orwatch.log").read_text()
    assert "orwatch config set" in log
    assert "view.basis is chart, written to" in log
    assert "is no known vendor" in log
    assert "ZeroDivisionError" in log
    assert "0123456789" not in log
    assert cli("top", "--demo", "--log-file", "/dev/null/x")[0] == 1


def test_the_log_begins_anew_when_it_is_long(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orwatch.cli.log.LARGEST", 100)
    for _ in range(8):
        assert cli("config", "get", "view.period", "--log-file", str(cli.folder / "log"))[0] == 0
    assert {path.name for path in cli.folder.glob("log*")} == {"log", "log.1", "log.2", "log.3"}


def test_a_log_that_can_be_written_no_longer_disturbs_nothing(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("orwatch.cli.log.LARGEST", 100)
    told = log.begin(str(cli.folder / "logs" / "log"), {}, "watch")
    shutil.rmtree(cli.folder / "logs")
    told("what is longer than a log may be " * 4)
    assert capsys.readouterr() == ("", "")


def test_one_setting_is_got_and_unset_by_its_name(cli: Cli) -> None:
    cli.config.write_text('# mine\n[view]\nperiod = "day"\nbasis = "nonsense"\n[[alerts.surge]]\n[[alerts.surge]]\n')
    assert cli("config", "unset", "view.basis")[0] == 0, "what is wrong can be taken out"
    assert cli("config", "get", "view.period") == (0, "day\n", "")
    assert cli("config", "get", "alerts.surge[1].change") == (0, "0.5\n", "")
    assert cli("config", "get", "alerts.streak.marks") == (0, "4 8 13 26 52\n", "")
    (row,) = cli.json("config", "get", "view.period")[1]
    assert (row["value"], row["from"]) == ("day", str(cli.config))
    assert cli("config", "unset", "view.period")[0] == 0
    assert cli("config", "get", "view.period") == (0, "week\n", "")
    assert "is not set in" in cli("config", "unset", "view.period")[2]
    assert "# mine" in cli.config.read_text()
    for word in ("get", "unset"):
        code, _, err = cli("config", word, "view.perid")
        assert (code, "nearest: view.period" in err) == (2, True)


def test_the_schema_has_every_setting_and_fits_the_defaults(cli: Cli) -> None:
    schema = json.loads(cli("config", "schema")[1])
    for setting in every_setting():
        place = schema
        for name in setting.name.split("."):
            place = place.get("anyOf", [place])[0]["properties"][name]
        assert setting.help in place["description"]
        assert place.get("default") == setting.plain(setting.default)
        if "enum" in place:
            assert place.get("default") in place["enum"]
    assert schema["properties"]["view"]["properties"]["period"]["enum"] == ["day", "7d", "week", "month"]
    assert schema["properties"]["poll"]["properties"]["interval"]["maximum"] == 86400
