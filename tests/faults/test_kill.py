"""A process that is killed with -9 loses nothing that it had shown. The long loop is `python -m tests.faults.kill_loop 500`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

KILLS = 20


def test_a_writer_killed_in_the_middle_loses_nothing_that_was_shown() -> None:
    # A process of its own: it forks, which one with threads must not.
    script = Path(__file__).with_name("kill_loop.py")
    run = subprocess.run([sys.executable, str(script), str(KILLS)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(f"{KILLS} kills, ")
    assert "none lost" in run.stdout
