"""Presses every key of the table in a real terminal and keeps what stands on the screen after each.

    python tests/terminal/every_key.py --size 80x24 --folder SCREENS -- orwatch demo --speed 0 --at 2026-07-20

Needs tmux. After each key the screen must keep the promises of `faults`; the screens are written to the folder, to be read.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from orwatch.tui.actions import ACTIONS, label_of

NAMES = {
    "enter": "Enter", "escape": "Escape", "space": "Space", "tab": "Tab", "shift+tab": "BTab", "up": "Up", "down": "Down",
    "left": "Left", "right": "Right", "pageup": "PageUp", "pagedown": "PageDown", "home": "Home", "end": "End",
}  # fmt: skip
LAST = ("quit", "suspend")
"""Actions that leave the screen, pressed at the end."""


class Terminal:
    """A program in a tmux session of its own."""

    def __init__(self, size: tuple[int, int], command: Sequence[str], env: dict[str, str]) -> None:
        self.size = size
        self.socket = f"orwatch-{os.getpid()}"
        words = " ".join(f"{name}={shlex.quote(value)}" for name, value in env.items())
        shell = f"env {words} {shlex.join(command)}; echo; echo left with $?"
        self._tmux(
            "-f",
            os.devnull,
            "new-session",
            "-d",
            "-s",
            "it",
            "-x",
            str(size[0]),
            "-y",
            str(size[1]),
            "bash --norc --noprofile",
        )
        self._tmux("set-option", "-g", "status", "off")
        self._tmux("resize-window", "-t", "it", "-x", str(size[0]), "-y", str(size[1]))
        self.type(f"PS1=; clear; {shell}")
        self.press("Enter")

    def _tmux(self, *words: str) -> str:
        return subprocess.run(["tmux", "-L", self.socket, *words], check=True, capture_output=True, text=True).stdout

    def press(self, key: str) -> None:
        """Presses a key by tmux's name."""
        self._tmux("send-keys", "-t", "it", key)

    def type(self, text: str) -> None:
        """Types a text, letter by letter."""
        self._tmux("send-keys", "-t", "it", "-l", text)

    def screen(self, *, escapes: bool = False) -> list[str]:
        """The lines on the screen, as they are."""
        return self._tmux("capture-pane", "-t", "it", "-p", *(["-e"] if escapes else [])).split("\n")[: self.size[1]]

    def settled(self, within: float = 6.0, still: int = 3) -> list[str]:
        """The screen once it has stood still for a moment."""
        end, seen, same = time.monotonic() + within, self.screen(), 0
        while time.monotonic() < end and same < still:
            time.sleep(0.06)
            now = self.screen()
            same = same + 1 if quiet(now) == quiet(seen) else 0
            seen = now
        return seen

    def drawn(self, within: float = 20.0) -> list[str]:
        """The screen once the dashboard stands on it: its first and its last line."""
        end = time.monotonic() + within
        while time.monotonic() < end and not (self.screen()[0].strip() and "help" in self.screen()[-1]):
            time.sleep(0.1)
        return self.settled()

    def close(self) -> None:
        """Ends the session."""
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], check=False, capture_output=True)


def quiet(lines: list[str]) -> list[str]:
    """The screen without its clock: what must stand still."""
    return [re.sub(r"\d+:\d\d|\d+ s", "", line) for line in lines]


def tmux_name(key: str) -> str:
    """A key of the table by tmux's name."""
    if key.startswith("ctrl+"):
        return f"C-{key[5:]}"
    return NAMES.get(key, key)


def faults(lines: list[str], size: tuple[int, int]) -> list[str]:
    """What a screen must never show."""
    width, height = size
    text = "\n".join(lines)
    found = [f"line {n} is wider than the terminal" for n, line in enumerate(lines) if len(line) > width * 2]
    if "Traceback" in text or "Error:" in text:
        found.append("a traceback")
    if not lines[0].strip():
        found.append("no header")
    if not any(line.strip() for line in lines[height - 2 :]):
        found.append("no footer")
    return found


def run(size: tuple[int, int], command: Sequence[str], folder: Path, env: dict[str, str]) -> list[str]:
    """Presses every key; the faults that were seen, each with the key that led to it."""
    folder.mkdir(parents=True, exist_ok=True)
    terminal = Terminal(size, command, env)
    seen: list[str] = []
    try:
        first = terminal.drawn()
        keep(folder, "00-start", first)
        seen += [f"start: {fault}" for fault in faults(first, size)]
        number = 0
        for where, opening in (
            ("models", "1"),
            ("countries", "2"),
            ("prices", "3"),
            ("alerts", "4"),
            ("history", "5"),
            ("detail", "1"),
        ):
            for action in ACTIONS:
                if action.id in LAST or not action.keys or (action.where and where not in action.where):
                    continue
                if where != "models" and not action.where:
                    continue  # what holds everywhere is pressed once
                for key in action.keys:
                    number += 1
                    terminal.press("Escape")
                    terminal.press("Escape")
                    terminal.press(opening)
                    if where == "detail":
                        terminal.press("Enter")
                    terminal.settled()
                    terminal.press(tmux_name(key))
                    lines = terminal.settled()
                    name = re.sub(
                        r"\W+", "-", f"{number:03}-{where}-{action.id}-{key if key.isalnum() else ord(key[0])}"
                    )
                    keep(folder, name, lines)
                    seen += [f"{label_of(key)} ({action.id}) in {where}: {fault}" for fault in faults(lines, size)]
        terminal.press("Escape")
        terminal.press("C-z")
        if not any("Stopped" in line for line in terminal.settled(still=8)):
            seen.append("Ctrl+Z: the shell is not back")
        terminal.type("fg")
        terminal.press("Enter")
        lines = terminal.drawn()
        keep(folder, "998-back", lines)
        seen += [f"fg: {fault}" for fault in faults(lines, size)]
        terminal.press("Escape")
        terminal.press("q")
        if not any("left with 0" in line for line in terminal.settled(still=8)):
            seen.append("q: it did not end with 0, or the terminal is not as it was")
    finally:
        terminal.close()
    return seen


def keep(folder: Path, name: str, lines: list[str]) -> None:
    """Writes a screen to the folder."""
    (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="80x24")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("command", nargs="+")
    given = parser.parse_args()
    width, _, height = given.size.partition("x")
    env = {"ORWATCH_CONFIG": str(given.folder / "config.toml"), "BROWSER": "true"}
    seen = run((int(width), int(height)), given.command, given.folder, env)
    for fault in seen:
        sys.stderr.write(f"{fault}\n")
    return int(bool(seen))


if __name__ == "__main__":
    sys.exit(main())
