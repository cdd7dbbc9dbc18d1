"""Real processes in a pseudo-terminal: how they end, what they leave behind, and what they say of their own faults."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts_support import LAST, NOON
from kill_loop import listing
from orwatch.store.cache import Cache
from orwatch.tui.terminal import Readable
from pseudo_terminal import Terminal, environment, silent_server, terminal

SOON = 0.3
"""Seconds in which a process is gone, whatever hangs."""

BUSY = 4 if os.environ.get("CI") else 2
"""How many times slower this machine may be than one that has nothing else to do."""

Way = Callable[[Terminal], None]


def sent(number: int) -> Way:
    return lambda terminal: terminal.signal(number)


def typed(text: str) -> Way:
    return lambda terminal: terminal.type(text)


ENDS: dict[str, tuple[Way, int]] = {
    "q": (typed("q"), 0),
    "ctrl+c": (typed("\x03"), 0),
    "SIGTERM": (sent(signal.SIGTERM), 0),
    "SIGHUP": (sent(signal.SIGHUP), 0),
    "SIGINT": (sent(signal.SIGINT), 0),
    "SIGQUIT": (sent(signal.SIGQUIT), -signal.SIGQUIT),
    "ctrl+\\": (typed("\x1c"), -signal.SIGQUIT),
    "terminal closed": (Terminal.hang_up, 0),
}
"""Ways to end the dashboard, and its exit code."""


def check_end(it: Terminal, way: Way, code: int) -> None:
    """It ends so, at once, with the terminal as it was."""
    way(it)
    found, took = it.ends()
    assert found == code
    assert took < SOON * BUSY
    assert it.closed or it.restored


@contextmanager
def several(folder: Path, *argvs: Sequence[str], code: str | None = None, **more: str) -> Iterator[list[Terminal]]:
    """As many processes at once, each with a folder of its own below `folder`: most of what a start takes is waiting in turn."""
    with ExitStack() as stack:
        found = []
        for n, argv in enumerate(argvs):
            (folder / str(n)).mkdir()
            env = environment(folder / str(n), **more)
            found.append(stack.enter_context(terminal(*argv, env=env, code=code)))
        yield found


def test_the_dashboard_ends_at_once_while_a_request_hangs(tmp_path: Path) -> None:
    with silent_server() as url, several(tmp_path, *([("--base-url", url)] * len(ENDS))) as dashboards:
        for it in dashboards:
            it.until("Asking", "help")
            assert 1049 in it.on()
        for (way, code), it in zip(ENDS.values(), dashboards, strict=True):
            it.still(0.1)
            check_end(it, way, code)


COMMANDS: tuple[tuple[tuple[str, ...], str, int, int], ...] = (
    (("watch",), "watching", signal.SIGTERM, 0),
    (("watch",), "watching", signal.SIGHUP, 0),
    (("watch",), "watching", signal.SIGINT, 130),
    (("top",), "once", signal.SIGTERM, 143),
    (("top", "--watch"), "once", signal.SIGINT, 130),
    (("--screen-reader",), "asked", signal.SIGTERM, 0),
)
"""Commands, what they say before they wait for an answer, a signal, and the exit code."""


def test_a_command_ends_at_once_while_a_request_hangs(tmp_path: Path) -> None:
    with (
        silent_server() as url,
        several(tmp_path, *((*argv, "--base-url", url) for argv, *_ in COMMANDS)) as running,
    ):
        for (_, words, _, _), it in zip(COMMANDS, running, strict=True):
            it.until(words)
        for n, ((argv, _, number, code), it) in enumerate(zip(COMMANDS, running, strict=True)):
            it.still(0.1)
            check_end(it, sent(number), code)
            assert b"Traceback" not in it.out
            if argv == ("top",):  # the next process need not wait for what it held
                with Cache.open(tmp_path / str(n) / "cache.sqlite3", url.removesuffix("/api/v1")) as cache:
                    assert not cache.leases.held("poll", datetime.now(UTC))


def test_a_signal_that_is_ignored_at_its_start_stays_ignored(tmp_path: Path) -> None:
    """As SIGHUP is under nohup, and SIGINT in the background of a script."""
    argv = ["top", "--watch", "--demo", "--period", "day", "--format", "csv", "--limit", "1"]
    ignoring = ["bash", "-c", 'trap "" HUP INT; exec "$@"', "bash", sys.executable, "-m", "orwatch", *argv]
    with subprocess.Popen(ignoring, stdout=subprocess.PIPE, env=environment(tmp_path)) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGINT)
        assert all(process.stdout.readline() for _ in range(3)), "it goes on"
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        assert process.wait() == 0


LOOKUP_HANGS = """
import socket, sys, time
socket.getaddrinfo = lambda *given, **more: (print("looking", file=sys.__stdout__, flush=True), time.sleep(60))
from orwatch.__main__ import run
run()
"""
"""orwatch on a machine whose name server does not answer: the system's call blocks a thread, and nothing can end it."""


def test_a_name_that_is_looked_up_holds_nothing_up(tmp_path: Path) -> None:
    host = ("--base-url", "https://host.invalid/")
    with several(tmp_path, ("watch", *host), host, code=LOOKUP_HANGS) as both:
        for it in both:
            it.until("looking")
        for it, code in zip(both, (130, 0), strict=True):
            it.still(0.1)
            check_end(it, typed("\x03"), code)


def hanging_command(folder: Path) -> Path:
    """A config whose command for alerts never ends; the file that then holds its process id."""
    mark, program = folder / "started", folder / "hang.sh"
    program.write_text(f"#!/bin/sh\nsleep 60 &\necho $$ $! > {mark}\nwait\n")
    program.chmod(0o755)
    config = f'[view]\nbasis = "chart"\n[notify]\ngroup = 0\n[notify.command]\nargv = ["{program}"]\n'
    (folder / "config.toml").write_text(config)
    return mark


def test_a_delivery_that_hangs_holds_nothing_up_and_leaves_no_program(tmp_path: Path) -> None:
    url = "http://127.0.0.1:9/api/v1"  # nobody is there
    with ExitStack() as stack:
        scenes: list[tuple[Terminal, Cache, Path]] = []
        for name, argv in (("watch", ("watch",)), ("dashboard", ())):
            folder = tmp_path / name
            folder.mkdir()
            mark = hanging_command(folder)
            cache = stack.enter_context(Cache.open(folder / "cache.sqlite3", url.removesuffix("/api/v1")))
            cache.rankings.put([listing(LAST.previous().previous(), 9, 1), listing(LAST.previous(), 1, 9)])
            it = stack.enter_context(terminal(*argv, "--base-url", url, env=environment(folder)))
            scenes.append((it, cache, mark))
        for it, cache, _ in scenes:
            it.until("refuses the connection")
            cache.rankings.put([listing(LAST.previous().previous().previous(), 9, 1)])  # no flip, but a reason to judge
        for it, cache, _ in scenes:
            it.while_reading(lambda cache=cache: len(cache.alerts.known(NOON)) > 0)  # type: ignore[misc]  # it is history
            it.still(0.3)
            cache.rankings.put([listing(LAST, 9, 1)])
        for it, _, mark in scenes:
            it.while_reading(lambda mark=mark: mark.exists() and mark.read_text().count("\n") == 1)  # type: ignore[misc]
            assert all(runs(int(pid)) for pid in mark.read_text().split())
            check_end(it, sent(signal.SIGTERM), 0)
    for _, _, mark in scenes:
        assert not any(runs(int(pid), patience=2.0) for pid in mark.read_text().split())


def runs(pid: int, patience: float = 0.0) -> bool:
    """Whether a process runs. patience: seconds that it is given to end."""
    end = time.monotonic() + patience
    while True:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        if state == "Z":  # it has ended; who would note that is gone
            return False
        if time.monotonic() >= end:
            return True
        time.sleep(0.01)


def test_without_colour_no_code_of_a_colour_is_written(tmp_path: Path) -> None:
    env = environment(tmp_path) | {"NO_COLOR": "1", "COLORTERM": "truecolor"}
    with terminal("demo", "--speed", "0", env=env) as it:
        it.until("help")
        for keys in ("j", "z", "y", "?", "\x1b", "v"):
            it.type(keys)
            it.still(0.15)
        codes = {code for found in re.findall(rb"\x1b\[([0-9;]*)m", bytes(it.out)) for code in found.split(b";")}
        assert codes >= {b"1", b"2", b"7"}
        assert codes <= {b"", *(str(code).encode() for code in (*range(10), *range(21, 30)))}


def test_ctrl_z_gives_the_terminal_back_and_fg_draws_anew(tmp_path: Path) -> None:
    with terminal("demo", "--speed", "0", env=environment(tmp_path), fresh=True) as it:
        it.until("help")
        it.still(0.1)
        it.signal(signal.SIGTSTP)
        found = [(0, 0)]

        def stopped() -> bool:
            found[0] = os.waitpid(it.process.pid, os.WUNTRACED | os.WNOHANG)
            return found[0][0] != 0

        it.while_reading(stopped)
        pid, status = found[0]
        assert os.WIFSTOPPED(status)
        it.still(0.1)
        assert it.restored
        assert pid == it.process.pid
        before = len(it.out)
        it.signal(signal.SIGCONT)
        it.until("help", "Models", since=before)
        assert {1049, 1000, 2004} <= it.on()
        assert 25 not in it.on()
        check_end(it, typed("q"), 0)


NO_TEXT = (b"\xe9", b"\x1b[M \xc0\x2a", b"\xc3", b"\x1b[M", b"\xff" * 5000, b"\x1b[200~\xe9\x1b[201~")


def test_bytes_that_are_no_text_end_and_mislead_nothing(tmp_path: Path) -> None:
    with terminal("demo", "--speed", "0", env=environment(tmp_path)) as it:
        it.until("help")
        for data in NO_TEXT:
            it.still(0.1)
            it.type(data)
            it.still(0.2)
            before = len(it.out)
            it.type("?" if data != b"\x1b[M" else "abc?")  # three bytes belong to that report
            it.until("Help", since=before)
            it.type("\x1b")  # with a key that follows at once it would be another one
            it.until("LEAD FLIP", since=before)
        check_end(it, typed("q"), 0)


def test_a_mouse_report_of_the_old_form_is_dropped_however_it_comes() -> None:
    for report in (b"\x1b[M \xc0\x2a", b"\x1b[M\x1b[M"):
        for cut in range(3, len(report)):
            read = Readable()
            assert read(b"a" + report[:cut]) + read(report[cut:] + b"b") == b"ab"
    read = Readable()
    assert [read(bytes([byte])) for byte in "é".encode()] == [b"", "é".encode()]
    assert read(b"\x1b[A\x1b[<0;5;5M") == b"\x1b[A\x1b[<0;5;5M"


def test_the_terminal_tells_its_size_and_not_what_a_shell_has_exported(tmp_path: Path) -> None:
    env = environment(tmp_path) | {"COLUMNS": "80", "LINES": "24"}
    with terminal("demo", "--speed", "0", env=env, size=(140, 40)) as it:
        it.until("help", "4", "\x1b[40;1H")


def test_a_wrong_variable_of_the_screen_is_a_sentence(tmp_path: Path) -> None:
    env = environment(tmp_path) | {"TEXTUAL_COLOR_SYSTEM": "foo"}
    with terminal("demo", env=env, fresh=True) as it:
        assert it.ends()[0] == 2
        assert b"TEXTUAL_COLOR_SYSTEM is 'foo'; it takes auto, standard, 256, truecolor" in bytes(it.out)


def test_a_locale_without_the_signs_is_a_sentence(tmp_path: Path) -> None:
    env = environment(tmp_path) | {"PYTHONIOENCODING": "latin-1"}
    with terminal("demo", env=env, fresh=True) as it:
        assert it.ends()[0] == 2
        assert b"This locale writes iso8859-1" in bytes(it.out)
        assert b"LC_ALL=C.UTF-8" in bytes(it.out)


def test_the_screen_is_empty_when_it_is_left(tmp_path: Path) -> None:
    # tmux keeps rows of it above the prompt otherwise, where the window has grown meanwhile.
    with terminal("demo", "--speed", "0", env=environment(tmp_path), size=(80, 24)) as it:
        it.until("help")
        it.resize(120, 36)
        it.still(0.2)
        before = len(it.out)
        it.type("q")
        it.ends()
        end = bytes(it.out[before:])
        assert b"\x1b[2J" in end
        between = end[end.rindex(b"\x1b[2J") + 4 : end.index(b"\x1b[?1049l")]
        assert re.sub(rb"\x1b\[[?<>=]?[\d;]*[a-zA-Z]", b"", between) == b""


def test_a_reader_that_goes_ends_a_command_quietly(tmp_path: Path) -> None:
    argv = f"{sys.executable} -m orwatch top --demo --format json | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", argv], env=environment(tmp_path), capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("{\n0\n", "")


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_closed_streams_are_no_fault(tmp_path: Path, stream: str) -> None:
    close = {"stdout": ">&-", "stderr": "2>&-"}[stream]
    line = f"{sys.executable} -m orwatch top --demo --limit 1 {close}"
    done = subprocess.run(["bash", "-c", line], env=environment(tmp_path), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("term", ["dumb", None])
def test_the_dashboard_wants_a_terminal_that_can_be_drawn_on(tmp_path: Path, term: str | None) -> None:
    env = environment(tmp_path, TERM=term or "xterm-256color")
    if term is None:
        done = subprocess.run(
            [sys.executable, "-m", "orwatch"], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert "needs a terminal" in done.stderr
        return
    with terminal(env=env) as it:
        assert it.ends()[0] == 2
        assert b"needs a terminal" in it.out
        assert b"\x1b" not in it.out


def test_a_dumb_terminal_gets_no_escape(tmp_path: Path) -> None:
    with terminal("top", "--demo", env=environment(tmp_path, TERM="dumb")) as it:
        assert it.ends()[0] == 0
        assert b"\x1b" not in it.out
        assert b"Source:" in it.out


def test_the_first_moments_can_be_ended_too(tmp_path: Path) -> None:
    env = environment(tmp_path)
    for delay in (0.02, 0.1, 0.2, 0.3):
        with terminal("demo", "--speed", "0", env=env, fresh=True) as it:
            time.sleep(delay)
            it.signal(signal.SIGTERM)
            code, _ = it.ends()
            assert code in (0, 143, -signal.SIGTERM)
            assert it.restored
            assert b"Traceback" not in it.out


LOST = """
import os, signal, time, weakref
from orwatch import __main__ as program

class Held: ...

held_up = [0.03]

def setitimer(*given, was=signal.setitimer):
    was(*given)
    time.sleep(held_up.pop() if held_up else 0)  # as on a machine that has other things to do

program.signal.setitimer = setitimer

def main():
    held = Held()
    callback = weakref.ref(held, lambda _: (os.kill(os.getpid(), signal.SIGTERM), time.sleep(0.01)))
    print("lost", flush=True)
    del held
    time.sleep(30)

program.main = main
program.run()
"""


def test_a_signal_that_comes_where_nothing_can_be_raised_ends_it_all_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", LOST], capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (143, "lost\n", "")


BEFORE_THE_FIRST_FRAME = """
import os, sys
from orwatch.__main__ import run
from orwatch.tui import terminal
from orwatch.tui.app import OrwatchApp
terminal.LAST_RESORT = 60
number = int(sys.argv.pop(1))

def look(self, *given, was=OrwatchApp.first_look):
    os.kill(os.getpid(), number)
    return was(self, *given)

OrwatchApp.first_look = look
run()
"""
"""orwatch that gets a signal when the terminal has been taken and the app does not run yet."""


def test_a_signal_before_the_first_frame_waits_for_the_terminal_to_be_whole(tmp_path: Path) -> None:
    cases = {signal.SIGTERM: 0, signal.SIGQUIT: -signal.SIGQUIT}
    argvs = [(str(int(number)), "demo", "--speed", "0") for number in cases]
    with several(tmp_path, *argvs, code=BEFORE_THE_FIRST_FRAME) as dashboards:
        for code, it in zip(cases.values(), dashboards, strict=True):
            found, _ = it.ends()  # nothing had to be forced: that would take a minute
            assert (found, it.restored) == (code, True)


STUCK = """
import signal, time
from orwatch.__main__ import run
from orwatch.tui import terminal
from orwatch.tui.screens.dashboard import DashboardScreen
terminal.LAST_RESORT = 0.3

def stuck(self):
    while True:
        time.sleep(0.01)

DashboardScreen.next_grain = stuck
run()
"""
"""orwatch whose loop does not come back from the key `p`."""


def test_a_screen_that_hangs_is_left_with_the_terminal_as_it_was(tmp_path: Path) -> None:
    cases = {
        (signal.SIGQUIT,): 128 + signal.SIGQUIT,
        (signal.SIGTERM,): 0,
        (signal.SIGTERM, signal.SIGTERM): -signal.SIGTERM,
    }
    with several(tmp_path, *([("demo", "--speed", "0")] * len(cases)), code=STUCK) as dashboards:
        for it in dashboards:
            it.until("help")
            it.still(0.1)
            it.type("p")
        for (numbers, code), it in zip(cases.items(), dashboards, strict=True):
            it.still(0.1)
            for number in numbers:
                it.signal(number)
                it.still(0.05)
            assert it.ends()[0] == code
            assert it.restored


# Faults of the program itself

SECRET = "sk-or-v1-0123456789abcdef"
BROKEN = """
import sys
from orwatch.tui.app import OrwatchApp
from orwatch.tui.live import Live
from orwatch.tui.screens.dashboard import DashboardScreen
from orwatch.__main__ import run
sys.argv[1:], place = sys.argv[1:-1], sys.argv[-1]

def broken(self, *given, **more):
    source = self.app.source if isinstance(self, DashboardScreen) else self.source
    secret = source._key
    raise KeyError("no such thing")

async def broken_work(self, *given):
    broken(self)

home = next(each for each in (OrwatchApp, Live, DashboardScreen) if hasattr(each, place))
setattr(home, place, broken_work if place == "poll" else broken)
run()
"""
"""orwatch with a bug in one of its methods, while a local variable holds the key."""


PLACES = {"next_grain": "p", "on_mount": "", "first_look": "", "tick": ""}
"""Methods that are broken, and the key that calls them where they do not come by themselves."""


def test_a_fault_of_the_screen_is_one_sentence(tmp_path: Path) -> None:
    with (
        silent_server() as url,
        several(
            tmp_path,
            *(("--offline", "--base-url", url, place) for place in PLACES),
            code=BROKEN,
            OPENROUTER_API_KEY=SECRET,
        ) as dashboards,
    ):
        for keys, it in zip(PLACES.values(), dashboards, strict=True):
            if keys:
                it.until("help")
                it.still(0.1)
                it.type(keys)
            code, _ = it.ends()
            assert code == 1
            assert it.restored
            said = bytes(it.out).rpartition(b"\x1b[?1004l")[2] or bytes(it.out)
            sentence = b"orwatch: Unexpected KeyError: this is a bug in orwatch; ORWATCH_DEBUG=1 shows where it is.\r\n"
            assert sentence in said
            assert b"Traceback" not in it.out
            assert b"sk-or" not in it.out


def test_debug_shows_the_traceback_without_variables(tmp_path: Path) -> None:
    env = environment(tmp_path, OPENROUTER_API_KEY=SECRET, ORWATCH_DEBUG="1")
    with silent_server() as url, terminal("--base-url", url, "poll", env=env, code=BROKEN) as it:
        assert it.ends()[0] == 1
        assert it.restored
        assert b"Traceback" in it.out
        assert b"in broken" in it.out
        assert b"sk-or" not in it.out


def test_echo_and_lines_are_back_after_a_fault(tmp_path: Path) -> None:
    with terminal("--offline", "on_mount", env=environment(tmp_path), code=BROKEN) as it:
        assert it.ends()[0] == 1
        assert termios.tcgetattr(it.fd)[3] & termios.ECHO
