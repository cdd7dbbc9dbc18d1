"""The stand-in for OpenRouter's API beside the checkout: real HTTP on loopback, real recorded figures."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
PROGRAM = SHARED / "tools" / "openrouter_standin.py"
NOW = "2026-08-22T02:00:00Z"
"""Where its clock starts: the record then holds 2026-06-21 to 2026-08-21, and the newest export is of that day."""
KEY = "sk-or-test"


def absent() -> str | None:
    """Why the stand-in cannot be started, or None."""
    return None if PROGRAM.exists() else f"no recorded data: {PROGRAM} is absent"


AT_ONCE = """
import runpy, socketserver, sys
socketserver.StreamRequestHandler.disable_nagle_algorithm = True
sys.argv.pop(0)
runpy.run_path(sys.argv[0], run_name="__main__")
"""
"""Runs a server that writes head and body apart: the body does not wait until the client's system has acknowledged the head."""


@contextmanager
def serve(now: str = NOW, *, per_minute: int = 10_000, per_day: int = 100_000) -> Iterator[str]:
    """The base URL of a stand-in that runs until the block ends."""
    command = [sys.executable, "-c", AT_ONCE, str(PROGRAM), "--port", "0", "--now", now]
    command += ["--per-minute", str(per_minute), "--per-day", str(per_day)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()
