"""Several real processes on one cache: each alert reaches each channel once, whoever is killed."""

from __future__ import annotations

import signal
from pathlib import Path

from alerts_support import LAST, NOON, ORIGIN
from kill_loop import Scene, kill_loop, listing, until
from orwatch.store.cache import Cache


def test_a_flip_that_three_processes_see_is_sent_once(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    watching = [scene.start() for _ in range(3)]
    with Cache.open(scene.cache, ORIGIN) as cache:
        until(lambda: len(cache.alerts.known(NOON)) > 0)  # the record as it was is judged, and is history
        cache.rankings.put([listing(LAST, 9, 1)])
        until(lambda: any("versus" in id_ for id_ in scene.ids()))
    for process, number in zip(watching, (signal.SIGTERM, signal.SIGHUP, signal.SIGTERM), strict=True):
        process.send_signal(number)
    for process in watching:
        assert process.wait() == 0
    ids = scene.ids()
    assert len(ids) == len(set(ids))
    assert "lead-flip|versus|CN:US|week|chart||CN|2026-06-01" in ids


def test_whoever_is_killed_no_alert_is_lost_or_doubled(tmp_path: Path) -> None:
    found = kill_loop(tmp_path, kills=5, alerts=150)
    assert set(found.values()) == {1}
    assert len(found) == 150
