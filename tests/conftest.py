from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import hypothesis
import pytest

import standin as recorded
from cli_market import Cli

MEMORY = "/dev/shm"


def in_memory() -> bool:
    """Whether there is a file system in memory that has room and runs programs."""
    try:
        found = os.statvfs(MEMORY)
    except OSError:
        return False
    room = found.f_bavail * found.f_frsize > 2**30
    return room and os.access(MEMORY, os.W_OK | os.X_OK) and not found.f_flag & os.ST_NOEXEC


# On a disk databases wait for it, in every test that opens one.
if "TMPDIR" not in os.environ and in_memory():
    tempfile.tempdir = os.environ["TMPDIR"] = MEMORY

# No test sees the settings, cache, key and terminal of whoever runs it, whose home may be closed or absent.
HOME = tempfile.TemporaryDirectory(prefix="orwatch-home-")
OWN = (
    "ORWATCH_",
    "OPENROUTER_",
    "XDG_",
    "TEXTUAL_",
    "TERM",
    "COLOR",
    "CLICOLOR",
    "FORCE_",
    "NO_COLOR",
    "TMUX",
    "SSH_",
    "LINES",
    "COLUMNS",
)
for name in [name for name in os.environ if name.startswith(OWN)]:
    del os.environ[name]
os.environ["HOME"] = HOME.name

# No examples are kept beside the tests: the tree may not be writable.
hypothesis.settings.register_profile("orwatch", database=None, deadline=None, max_examples=50)
hypothesis.settings.load_profile("orwatch")

# As in a process of orwatch. What the imports made stays, and need not be looked through again and again.
gc.set_threshold(200_000)
gc.freeze()

# httpx looks for it with every request: where it is absent, through all folders each time.
if find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]

# Screens are drawn alike, whatever terminal the tests run on.
os.environ["FORCE_HYPERLINK"] = "0"

# Processes that tests start inherit a SIGINT that is ignored, as it is where the suite runs in the background of a script.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def standin() -> Iterator[str]:
    """The base URL of a stand-in whose clock starts at 2026-08-22T02:00:00Z."""
    reason = recorded.absent()
    if reason is not None:
        pytest.skip(reason)
    with recorded.serve() as url:
        yield url


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    """`orwatch` in this process, on a small market."""
    yield Cli(tmp_path, monkeypatch, capsys)
    log = logging.getLogger("orwatch")
    for handler in log.handlers[:]:  # of a command with -v, whose process would end now
        log.removeHandler(handler)
        handler.close()
    log.setLevel(logging.NOTSET)  # else pytest would keep what later tests log
    log.propagate = True


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """`orwatch` in this process, without a cache."""
    return Cli(tmp_path, monkeypatch, capsys, filled=False)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """What is left needs no looking through: pytest collects garbage at its end, and so does the interpreter."""
    gc.freeze()
