"""Some days of the soak test; `python tests/soak/soak.py --days 92` is the whole of it."""

from __future__ import annotations

import gc
from functools import partial
from pathlib import Path

import pytest

from soak.soak import soak
from tui_support import WiredSource, running


@pytest.mark.timeout(240)
async def test_days_of_polling_with_faults_keep_memory_files_budget_and_record(tmp_path: Path) -> None:
    gc.freeze()  # each poll ends with a collection, which need not look through what earlier tests have left
    usual = gc.get_threshold()
    gc.set_threshold(200_000)  # as the program does: what a poll leaves is its own to clear away
    try:
        found = await soak(2, tmp_path / "cache.sqlite3")
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
    assert found.broken() == []
    assert found.polls > 2 * 250


async def test_polls_leave_no_lines_of_the_screen_behind() -> None:
    source = WiredSource()
    async with running(source, offline=False) as tui:
        await tui.until(lambda: "day 3 of 7" in tui.text)
        gc.collect()
        for broken in ("refused", None) * 3:
            source.clock.pass_time(minutes=5)
            source.wire.broken = broken
            await tui.press("p")  # other lines
            tui.app.live.wake.now()
            await tui.until(partial(lambda fails: (tui.app.live.problem is not None) == fails, broken is not None))
        asked = len(source.wire.asked)
        tui.app.live.wake.now()
        await tui.until(lambda: len(source.wire.asked) > asked)  # so the poll before is over
        assert gc.collect() < 1000
