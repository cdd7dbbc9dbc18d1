"""The manual page and the scripts of shells are those of the table of commands, and are shipped."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest

from cli_market import Cli

ROOT = Path(__file__).parents[1]
SHELL = ROOT / "contrib" / "shell"
SCRIPTS = ROOT / "src" / "orwatch" / "shell"


def test_they_are_those_of_the_table() -> None:
    pytest.importorskip("shtab", reason="shtab, which writes them, is not installed")
    made: dict[Path, str] = runpy.run_path(str(SHELL / "write.py"))["made"]()
    stale = [str(path.relative_to(ROOT)) for path, text in made.items() if path.read_text(encoding="utf-8") != text]
    assert not stale, "run `python contrib/shell/write.py`"


@pytest.mark.parametrize(("shell", "name"), [("bash", "orwatch.bash"), ("zsh", "_orwatch"), ("fish", "orwatch.fish")])
def test_a_command_prints_them_and_shells_read_them(cli: Cli, shell: str, name: str) -> None:
    assert cli("completion", shell) == (0, (SCRIPTS / name).read_text(encoding="utf-8"), "")
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run([shell, "-n", SCRIPTS / name], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("shell", "line", "says"),
    [
        (
            "bash",
            "orwatch() {{ cat {script}; }}; source {laid}; complete -p orwatch",
            "complete -o bashdefault -F _shtab_orwatch orwatch\n",
        ),
        (
            "zsh",
            "orwatch() {{ cat {script}; }}; compdef() {{ print $@; }}; _arguments() {{ }}; source {laid}",
            "_shtab_orwatch -N orwatch\n",
        ),
        (
            "fish",
            "function orwatch; cat {script}; end; source {laid}; complete -C 'orwatch to'",
            "top\tThe models of a period by tokens\n",
        ),
    ],
)
def test_what_an_installation_lays_for_a_shell_asks_orwatch(shell: str, line: str, says: str) -> None:
    name = {"bash": "orwatch.bash", "zsh": "_orwatch", "fish": "orwatch.fish"}[shell]
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    typed = line.format(script=SCRIPTS / name, laid=SHELL / name)
    done = subprocess.run([shell, "-c", typed], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == (says, "")


def test_another_shell_is_wrong_usage(cli: Cli) -> None:
    code, out, err = cli("completion", "tcsh")
    assert (code, out) == (2, "")
    assert "there are bash, zsh or fish" in err


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("orwatch to", "top"),
        ("orwatch config un", "unset"),
        ("orwatch top --ba", "--basis --base-url"),
        ("orwatch top --basis ''", "chart top10 top50"),
        ("orwatch share --by ''", "country openness"),
    ],
)
def test_bash_is_offered_commands_options_and_choices(typed: str, offered: str) -> None:
    script = f"""source {SCRIPTS / "orwatch.bash"}
COMP_WORDS=({typed}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_shtab_orwatch; echo "${{COMPREPLY[@]}}" """
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == offered


def test_the_manual_page_is_one(cli: Cli) -> None:
    page = SHELL / "orwatch.1"
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Kutf8", "-Tutf8", page], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    for words in ("orwatch top [OPTIONS]", "--merge-variants", "OPENROUTER_API_KEY", "the awaited alert fired"):
        assert words in re.sub(".\x08", "", done.stdout)
