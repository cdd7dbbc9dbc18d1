"""A small market with its figures in sight, and `orwatch` called on it in this process.

Three weeks, in thousand millions of tokens. Basis chart, so nine rows:

    week        CN   US   FR   ??  other  total  leader
    2026-06-01  200  290  20   30     60    600  US
    2026-06-08  330  290  20   30     30    700  CN
    2026-06-15  480  300   0   40     80    900  CN
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from orwatch.__main__ import main
from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.store.cache import Cache

BILLION = 10**9
AS_OF = datetime(2026, 6, 22, 2, tzinfo=UTC)
CITATION = "Source: OpenRouter (openrouter.ai/rankings), as of 2026-06-22T02:00:00Z."
ORIGIN = "https://openrouter.ai"

WEEKS = {
    date(2026, 6, 1): {
        "anthropic/opus": 100, "deepseek/v4": 90, "openai/gpt": 80, "qwen/max": 70, "google/flash": 60, "x-ai/grok": 50,
        "z-ai/glm": 40, "stealth/bunny": 30, "mistralai/large": 20, "openai/gpt:free": 10, "other": 50,
    },
    date(2026, 6, 8): {
        "deepseek/v4": 200, "anthropic/opus": 100, "qwen/max": 90, "openai/gpt": 80, "google/flash": 60, "x-ai/grok": 50,
        "z-ai/glm": 40, "stealth/bunny": 30, "mistralai/large": 20, "openai/gpt:free": 10, "other": 20,
    },
    date(2026, 6, 15): {
        "deepseek/v4": 300, "anthropic/opus": 110, "qwen/max": 100, "openai/gpt": 80, "google/flash": 60, "x-ai/grok": 50,
        "z-ai/glm": 50, "stealth/bunny": 40, "moonshotai/kimi": 30, "mistralai/large": 20, "other": 60,
    },
}  # fmt: skip

MODELS = (
    ("deepseek/v4", "DeepSeek: DeepSeek V4", "0.0000002", "0.0000004", "0.00000002"),
    ("qwen/max", "Qwen: Qwen Max", "0.0000004", "0.0000012", None),
    ("anthropic/opus", "Anthropic: Claude Opus", "0.000005", "0.000025", "0.0000005"),
    ("openai/gpt", "OpenAI: GPT", "0.000003", "0.000015", None),
    ("openai/gpt:free", "OpenAI: GPT (free)", "0", "0", None),
    ("openrouter/auto", "Auto Router", "-1", "-1", None),
)


def fill(path: Path) -> None:
    """Writes the market into a cache file."""
    with Cache.open(path, ORIGIN) as opened:
        opened.rankings.put(
            Listing.build(Period(Grain.WEEK, day), AS_OF, [(slug, n * BILLION) for slug, n in rows.items()])
            for day, rows in WEEKS.items()
        )
        prices = [
            CatalogueModel(
                id=id_,
                canonical_slug=id_.partition(":")[0],
                name=name,
                context=128_000,
                open_weights=id_.startswith("deepseek"),
                pricing=Pricing(Decimal(given), Decimal(out), Decimal(cached) if cached else None),
            )
            for id_, name, given, out, cached in MODELS
        ]
        opened.catalogue.put_models(prices, AS_OF)


@cache
def market() -> bytes:
    """A cache file with the market alone."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cache.sqlite3"
        fill(path)
        return path.read_bytes()


class Cli:
    """`orwatch` in this process: `cli("top")` is its exit code, standard output and standard error."""

    def __init__(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, filled: bool = True
    ) -> None:
        self.folder = folder
        self.config = folder / "config.toml"
        self.cache = folder / "cache.sqlite3"
        self._capsys = capsys
        for name in ("OPENROUTER_API_KEY", "NO_COLOR", "ORWATCH_BASE_URL", "ORWATCH_POLL_INTERVAL", "ORWATCH_DEBUG"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("ORWATCH_CONFIG", str(self.config))
        monkeypatch.setenv("ORWATCH_CACHE", str(self.cache))
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "caches"))
        monkeypatch.setenv("ORWATCH_ARCHIVE", "off")  # it would lie under the market, whose weeks it has too
        if filled:
            self.cache.touch(0o600)
            self.cache.write_bytes(market())

    def __call__(self, *argv: str) -> tuple[int, str, str]:
        code = main(argv)
        out, err = self._capsys.readouterr()
        return code, out, err

    def json(self, *argv: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """`meta` and `rows` of a command that succeeds."""
        code, out, err = self(*argv, "--format", "json")
        assert (code, err) == (0, "")
        answer = json.loads(out)
        return answer["meta"], answer["rows"]
