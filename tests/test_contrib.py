"""What `contrib` runs: units before systemd's own judge, and every command line of orwatch before its parser."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from orwatch.cli.parser import parse

CONTRIB = Path(__file__).parents[1] / "contrib"
UNITS = sorted((CONTRIB / "systemd").glob("*.service"))
ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed; .ci/run installs it")
def test_the_unit_of_a_server_is_exposed_little(tmp_path: Path) -> None:
    assert ANALYZE is not None
    text = (CONTRIB / "systemd" / "orwatch.service").read_text(encoding="utf-8")
    unit = tmp_path / "orwatch.service"
    unit.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text), encoding="utf-8")
    found = subprocess.run([ANALYZE, "verify", str(unit)], capture_output=True, text=True)
    assert (found.returncode, "orwatch" in found.stderr) == (0, False), found.stderr
    judged = [ANALYZE, "security", "--offline=true", "--threshold=29", "--no-pager", str(unit)]
    found = subprocess.run(judged, capture_output=True, text=True)
    assert found.returncode == 0, found.stdout[-200:]


def lines() -> list[str]:
    """The command lines of orwatch in units, the compose file, the container file and the workflow."""
    texts = {path: path.read_text(encoding="utf-8") for path in CONTRIB.rglob("*") if path.is_file()}
    units = [line for path in UNITS for line in re.findall(r"(?m)^ExecStart=\S*orwatch (.*)$", texts[path])]
    listed = re.findall(r'command: \[("(?:watch|serve).*)\]', texts[CONTRIB / "compose.yaml"])
    run = re.findall(r"orwatch ((?:watch|status) --.*?)(?: >|;)", texts[CONTRIB / "workflow.yml"])
    return [*units, *(line.replace('"', "").replace(",", "") for line in listed), *run]


def test_their_command_lines_are_understood() -> None:
    found = lines()
    assert len(found) == 6, found
    for line in found:
        command, _ = parse(shlex.split(line))
        assert command.name in ("watch", "serve", "status")
