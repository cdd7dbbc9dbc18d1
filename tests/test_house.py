"""How the source is built: public interfaces of libraries only, imports at the top or with a reason, one meaning a class name."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import httpx
import rich.console
import rich.segment
import rich.style
import textual.app
import textual.driver
import textual.drivers.linux_driver
import textual.screen
import textual.strip
import textual.widget

SRC = Path(__file__).parents[1] / "src"
FILES = sorted((SRC / "orwatch").rglob("*.py"))
LIBRARIES = ("textual", "rich", "httpx")
"""Whose private names are not used."""

LATE_IMPORTS = 40
"""Imports within functions, at most: each is a cost that a front end must not pay."""

MEASURED = re.compile(r"\d\s?(ms|milliseconds)\b")

PUBLIC_UNDERSCORES = frozenset({"_replace", "_asdict", "_fields"})
"""Methods of named tuples, which are public."""


def module_of(path: Path) -> str:
    """`orwatch.tui.app`."""
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """What stands in the source of a module, parsed."""
    return tuple(ast.walk(ast.parse(path.read_text())))


def private(name: str) -> bool:
    """Whether a name is private: an underscore before it, and not two on each side."""
    return name.startswith("_") and not name.endswith("__") and name not in PUBLIC_UNDERSCORES


def defined(path: Path) -> Iterator[str]:
    """Names that a module defines: functions, classes, variables, attributes that are set."""
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


@cache
def own_names() -> frozenset[str]:
    """Every private name that orwatch defines."""
    return frozenset(name for path in FILES for name in defined(path) if private(name))


@cache
def library_names() -> frozenset[str]:
    """Every private name of the library classes that orwatch derives from or holds."""
    classes = (
        textual.app.App,
        textual.screen.Screen,
        textual.widget.Widget,
        textual.strip.Strip,
        textual.driver.Driver,
        textual.drivers.linux_driver.LinuxDriver,
        rich.style.Style,
        rich.segment.Segment,
        rich.console.Console,
        httpx.AsyncClient,
    )
    homes = {parent.__module__ for each in classes for parent in each.__mro__ if parent.__module__ in sys.modules}
    files = {sys.modules[home].__file__ for home in homes if home.split(".")[0] in LIBRARIES}
    set_there = {name for file in files if file for name in defined(Path(file))}
    return frozenset(name for name in {name for each in classes for name in dir(each)} | set_there if private(name))


def base_names(node: ast.ClassDef) -> set[str]:
    """The names of the classes that one derives from: `App` of `App[int]`."""
    bases = [base.value if isinstance(base, ast.Subscript) else base for base in node.bases]
    return {base.id for base in bases if isinstance(base, ast.Name)}


@cache
def derived() -> frozenset[str]:
    """Classes of the libraries, and those of orwatch that derive from one, by name."""
    theirs: set[str] = set()
    classes: dict[str, set[str]] = {}
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in LIBRARIES:
                theirs |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, ast.ClassDef):
                classes.setdefault(node.name, set()).update(base_names(node))
    found: set[str] = set()
    while more := {name for name, bases in classes.items() if name not in found and bases & (theirs | found)}:
        found |= more
    return frozenset(found | theirs)


def private_imports(path: Path) -> Iterator[str]:
    """Private names and modules of the libraries that a module imports."""
    for node in nodes(path):
        if isinstance(node, ast.ImportFrom):
            names = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [part for alias in node.names for part in alias.name.split(".")]
        else:
            continue
        if names[0] in LIBRARIES:
            yield from filter(private, names)


def private_reaches(path: Path) -> Iterator[str]:
    """Private names of others: `x._name` that orwatch does not define, and what a library's class has in one derived from it."""
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and private(node.attr) and node.attr not in own_names():
            if not (isinstance(node.value, ast.Name) and node.value.id in sys.stdlib_module_names):
                yield node.attr
        elif isinstance(node, ast.ClassDef) and base_names(node) & derived():
            selves = (n for n in ast.walk(node) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name))
            used = {n.attr for n in selves if isinstance(n.value, ast.Name) and n.value.id in ("self", "cls")}
            used |= {n.name for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
            yield from used & library_names()


def test_no_private_name_of_a_library_is_used_or_hidden() -> None:
    found = {module_of(path): sorted({*private_imports(path), *private_reaches(path)}) for path in FILES}
    assert not {module: names for module, names in found.items() if names}


def late_imports(path: Path) -> list[list[int]]:
    """Lines of the imports within functions; those that follow each other as one block."""
    blocks: list[list[int]] = []
    for function in nodes(path):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            numbers = sorted(n.lineno for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom))
            for number in numbers:
                if blocks and blocks[-1][-1] == number - 1:
                    blocks[-1].append(number)
                else:
                    blocks.append([number])
    return blocks


def test_few_imports_are_not_at_the_top_and_each_has_its_reason() -> None:
    without, count = [], 0
    for path in FILES:
        lines = ["", *path.read_text().splitlines()]
        if not any(line.lstrip().startswith(("from ", "import ")) for line in lines if line.startswith(" ")):
            continue
        for block in late_imports(path):
            count += len(block)
            first = block[0]
            if "#" not in lines[first] and not lines[first - 1].lstrip().startswith("#"):
                without.append(f"{module_of(path)}:{first}: {lines[first].strip()}")
    assert not without
    assert count <= LATE_IMPORTS


def test_the_name_of_a_class_means_one_thing() -> None:
    homes: dict[str, list[str]] = {}
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(f"{module_of(path)}:{node.lineno}")
    assert not {name: found for name, found in homes.items() if len(found) > 1}


def test_no_comment_quotes_milliseconds() -> None:
    for path in FILES:
        text = path.read_text()
        if not MEASURED.search(text):
            continue
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
        values = [node.value for node in nodes(path) if isinstance(node, ast.Expr)]
        strings = [e.value for e in values if isinstance(e, ast.Constant) and isinstance(e.value, str)]
        assert not [words for words in (*comments, *strings) if MEASURED.search(words)], path
