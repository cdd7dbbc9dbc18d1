"""Some days of the soak test; `python tests/soak/soak.py --days 92` is the whole of it."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from soak.soak import soak


@pytest.mark.timeout(240)
async def test_days_of_polling_with_faults_keep_memory_files_budget_and_record(tmp_path: Path) -> None:
    gc.freeze()  # each poll ends with a collection, which need not look through what earlier tests have left
    try:
        found = await soak(3, tmp_path / "cache.sqlite3")
    finally:
        gc.unfreeze()
    assert found.broken() == []
    assert found.polls > 3 * 250
