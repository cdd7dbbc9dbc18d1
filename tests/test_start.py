"""What a start does without: modules that nothing on the screen needs yet. Found out in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import platformdirs
import pytest

from orwatch.config import user_folder
from orwatch.domain.catalogue import CatalogueModel
from orwatch.domain.records import Grain, Listing, Period
from orwatch.store.cache import Cache

AS_OF = datetime(2026, 6, 8, 2, tzinfo=UTC)
FIRST_FRAME = """
import asyncio, sys
from pathlib import Path
from orwatch.config import Settings
from orwatch.core.source import open_source
from orwatch.core.snapshots import Query
from orwatch.tui.app import OrwatchApp

async def main():
    with open_source(Settings(cache=Path(sys.argv[1]))) as source:
        app = OrwatchApp(source, Query(), offline=True)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            assert app.dashboard.scene.snapshot.models
            print(*sys.modules)

asyncio.run(main())
"""
TOP = """
import sys
from orwatch.__main__ import main
assert main(["top", "--format", "json", "--offline", "--cache", sys.argv[1]]) == 0
print()
print(*sys.modules)
"""


POLLING = """
import sys
from orwatch.core.poller import load
load()
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("start") / "cache.sqlite3"
    week = Period.of(Grain.WEEK, AS_OF.date() - timedelta(days=7))
    rows = [(f"lab/m{n}", 1000 - n) for n in range(50)]
    with Cache.open(path, "https://openrouter.ai") as made:
        made.put_listings([Listing.build(week, AS_OF, rows), Listing.build(week.previous(), AS_OF, rows)])
        made.put_models([CatalogueModel("lab/m0", "lab/m0", "M0")], AS_OF)
    return path


def loaded(script: str, cache: Path) -> set[str]:
    """The modules that a script has loaded at its end."""
    env = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME")} | {
        "ORWATCH_CONFIG": str(cache.with_name("none.toml"))
    }
    done = subprocess.run(
        [sys.executable, "-c", script, str(cache)], capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_the_first_frame_needs_no_network_and_no_overlay(cache: Path) -> None:
    modules = loaded(FIRST_FRAME, cache)
    assert "orwatch.tui.panes.prices" in modules
    unwanted = {"httpx", "msgspec", "tomllib", "statistics", "argparse"}
    later = {"picker", "help", "palette", "assign"}
    assert not modules & (unwanted | {f"orwatch.tui.screens.{name}" for name in later})
    views = {f"orwatch.tui.panes.{name}" for name in ("zoom", "detail", "race", "evidence")}
    assert not modules & (views | {"orwatch.core.sync", "orwatch.core.evidence", "orwatch.tui.copying"})


def test_a_command_that_reads_the_cache_needs_little(cache: Path) -> None:
    modules = loaded(TOP, cache)
    assert "orwatch.core.views" in modules
    unwanted = {"textual", "rich", "httpx", "msgspec", "asyncio", "dataclasses", "inspect", "statistics", "tomllib"}
    unwanted |= {"platformdirs", "importlib.resources", "argparse", "gettext", "locale", "decimal", "copy", "textwrap"}
    assert not modules & unwanted
    parts = ("config.channels", "config.every", "core.details", "core.judging", "core.pricebook", "domain.prices")
    assert not modules & {f"orwatch.{part}" for part in (*parts, "store.catalogue", "store.hosts", "store.ledger")}
    assert not {module for module in modules if module.startswith("orwatch.domain.alerts")}


def test_a_poll_loads_no_command_line_of_its_http_library(cache: Path) -> None:
    pytest.importorskip("click", reason="httpx loads its command line only where click is installed")
    found = loaded(POLLING, cache)
    assert "httpx" in found
    assert "click" not in found


def test_folders_are_those_of_platformdirs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for value in (None, "", " ", str(tmp_path)):
        for variable in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
            if value is None:
                monkeypatch.delenv(variable, raising=False)
            else:
                monkeypatch.setenv(variable, value)
        assert user_folder("config") == platformdirs.user_config_path("orwatch")
        assert user_folder("cache") == platformdirs.user_cache_path("orwatch")
