"""Text that wants to do harm, in every place that names come to: checked on the bytes that reach a terminal, a file, a program."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from alerts_support import LAST
from kill_loop import listing
from orwatch.cli.emit import render
from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.foreign_text import HOSTILE, clean, is_plain, line, lines, safe
from orwatch.notify.osc import notice
from orwatch.store.cache import Cache
from pseudo_terminal import environment, terminal
from test_cli_output import result
from test_notify import message

PARTS = (
    "\x1b]0;title\x07", "\x1b[2J", "\x1b]52;c;eA==\x07", "\x9b31m", "\x9d0;t\x9c", "\x1bP+q\x1b\\", "\x1b]8;;http://e\x1b\\link",
    "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\r", "\n", "\t", "\x00", "\x7f", "\ud800", "\U000e0041", "\u0301",
    "[/b]", "[red]", "[link=http://e]x[/link]", "<b>", "=cmd|'/C calc'!A0", "@SUM(1)", "+1", "-2", "--help", "../../etc",
    "/etc/passwd", "$(id)", "`id`", ";", "|", "%s", "{}", "模型", "e",
)  # fmt: skip
hostile = st.lists(st.sampled_from(PARTS) | st.text(st.characters(), max_size=6), max_size=12).map("".join)
INVISIBLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
SHOWN = set("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Format characters that are seen: signs of Arabic and of other scripts."""


def bad(text: str) -> list[str]:
    """Characters of a text that steer or hide."""
    return [
        c
        for c in text
        if unicodedata.category(c) in INVISIBLE and c not in SHOWN and not "\U00013430" <= c <= "\U0001345f"
    ]


@given(hostile)
def test_every_cleaner_leaves_nothing_that_steers_or_hides(text: str) -> None:
    for found in (
        safe(text),
        line(text),
        clean(text),
        lines(text).replace("\n", ""),
    ):
        assert bad(found) == []
        found.encode()  # no lone surrogate
    assert len(clean(text, 20)) <= 20


def test_a_plain_sign_is_not_hostile_and_takes_one_cell() -> None:
    plain = [sign for sign in map(chr, range(0x3000)) if is_plain(sign)]
    assert len(plain) > 500
    assert [sign for sign in plain if re.match(HOSTILE, sign) or cell_len(sign) != 1] == []
    assert not is_plain("a\n")
    assert is_plain("Δ ▲ ▼ ✓ ✗ ⌫ · … × ≈ → █ ▌")


def test_a_name_of_10_mb_and_a_flood_of_marks_cost_nothing() -> None:
    assert clean("x" * 10_000_000) == "x" * 199 + "…"
    assert clean("\u200b" * 10_000_000) == ""
    assert clean("e" + "\u0301" * 5000) == "e" + "\u0301" * 4


@given(hostile)
def test_no_form_of_output_lets_it_through(text: str) -> None:
    for form in ("table", "json", "jsonl", "csv", "md"):
        written = "".join(render(result(text), form, None))
        assert bad(written.replace("\n", "").replace("\r", "")) == []


@given(hostile)
def test_no_field_of_a_spreadsheet_is_a_formula(text: str) -> None:
    rows = list(csv.reader(io.StringIO("".join(render(result(text), "csv", None)))))
    assert len(rows) == 2
    assert rows[1][0][:1] not in tuple("=+-@") or re.fullmatch(r"-?\d+(\.\d+)?", rows[1][0])


@given(hostile, st.sampled_from(["9", "777"]))
def test_no_notice_is_ended_early_or_followed_by_another(text: str, protocol: str) -> None:
    found = notice(message(text, text), protocol, tmux=False)
    assert found.startswith(f"\x1b]{protocol};")
    assert found.endswith("\x1b\\")
    assert bad(found[2:-2]) == []


# The bytes that reach a terminal

OWN = re.compile(
    rb"\x1b\[[0-9;]*m|\x1b\[\d*;?\d*[HJKABCD]|\x1b\[\?[\d;]+(?:[hl]|\$p)|\x1b\[[<>]\d*u|\x1b\[\?u|\x1b\[[56]n"
    rb"|\x1b\]22;[a-z-]+\x07|\x1b\]11;\?\x1b\\|\x1b\]8;(?:id=\d+)?;(?:https://openrouter\.ai/[a-z/-]*)?\x1b\\"
)
"""Sequences of Textual and of orwatch: ink, places, modes, the shape of the pointer, what the ground is, links to sources.

No title, no clipboard, no other link, no device control string."""

EVIL = (
    "Evil \x1b]0;pwned\x07\x1b]52;c;cHduZWQ=\x07\x9b2J\u202e\u200b[/b][@click=app.quit]x[/]\x1b]8;;http://e\x1b\\ =cmd"
)


def evil_cache(path: Path, origin: str) -> None:
    """A cache that holds a name as no decoder would let it in: another program may have written it."""
    with Cache.open(path, origin) as cache:
        cache.rankings.put([listing(LAST.previous(), 1, 9), listing(LAST, 9, 1)])
        price = Pricing(Decimal("0.000001"), Decimal("0.000002"), None)
        seen = datetime(LAST.end.year, LAST.end.month, LAST.end.day + 1, 2, tzinfo=UTC)
        cache.catalogue.put_models(
            [
                CatalogueModel(id=id_, canonical_slug=id_, name=EVIL, context=1, open_weights=False, pricing=price)
                for id_ in ("deepseek/v4", "openai/gpt")
            ],
            seen,
        )


def strange(out: bytes) -> set[bytes]:
    """What of the bytes is neither text nor a sequence of orwatch's own."""
    text = OWN.sub(b"", out).decode("utf-8", "surrogateescape")
    return {char.encode("utf-8", "surrogateescape") for char in bad(text) if char not in "\r\n"}


COMMANDS = (
    ("top",), ("prices",), ("history", "deepseek/v4"), ("alerts",), ("brief",), ("brief", "--format", "md"),
    ("brief", "--format", "html"), ("quote", "deepseek/v4"), ("quote", "price:deepseek/v4"), ("--screen-reader",),
)  # fmt: skip


@pytest.mark.parametrize("argv", COMMANDS)
def test_a_command_writes_no_foreign_sequence_to_a_terminal(tmp_path: Path, argv: tuple[str, ...]) -> None:
    evil_cache(tmp_path / "cache.sqlite3", "https://openrouter.ai")
    with terminal(*argv, "--offline", "--period", "week", env=environment(tmp_path)) as it:
        if argv == ("--screen-reader",):
            it.until("Evil")
            it.type("quit\n")
        assert it.ends()[0] == 0
    assert strange(bytes(it.out)) == set()
    assert b"Evil" in it.out or argv == ("alerts",)


def test_the_dashboard_writes_no_foreign_sequence_to_a_terminal(tmp_path: Path) -> None:
    evil_cache(tmp_path / "cache.sqlite3", "https://openrouter.ai")
    with terminal("--offline", "--period", "week", env=environment(tmp_path), size=(150, 40)) as it:
        it.until("Evil", "help")
        for keys in ("\r", "\x1b", "3", "4", "5", "\x1b", "/", "\x1b[200~\x1b]0;t\x07\u202ex\x1b[201~", "\x1b", "?"):
            it.type(keys)
            it.still(0.1)
        it.type("\x03")
        assert it.ends()[0] == 0
        assert it.restored
    assert strange(bytes(it.out)) == set()


def test_what_is_typed_on_the_command_line_is_said_without_its_sequences(tmp_path: Path) -> None:
    with terminal("top", "--vendor", EVIL, "--demo", env=environment(tmp_path)) as it:
        assert it.ends()[0] == 2
    assert strange(bytes(it.out)) == set()
