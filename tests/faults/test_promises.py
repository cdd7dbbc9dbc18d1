"""Every promise of PROMISES.md and SECURITY.md names the tests that hold it, and they are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTS = HERE.parent
NAMED = re.compile(r"`(?:tests/)?((?:faults/)?test_\w+\.py)::(\w+)`")


def _defined(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize(("file", "least"), [(HERE / "PROMISES.md", 25), (TESTS.parent / "SECURITY.md", 12)])
def test_every_promise_has_its_test(file: Path, least: int) -> None:
    text = file.read_text(encoding="utf-8")
    promises = [
        line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| promise", "|---"))
    ]
    assert len(promises) > least
    for line in promises:
        assert NAMED.search(line), f"no test is named: {line}"
    missing = [f"{file}::{name}" for file, name in NAMED.findall(text) if name not in _defined(TESTS / file)]
    assert missing == []


def test_every_test_of_this_folder_holds_a_promise() -> None:
    named = {name for _, name in NAMED.findall((HERE / "PROMISES.md").read_text(encoding="utf-8"))}
    held = {name for file in HERE.glob("test_*.py") for name in _defined(file) if name.startswith("test_")}
    assert held - named - {name for name in held if "promise" in name} == set()
