"""Every fault of the table, at every front end: what is told, what stays on screen, when it is tried again, how often."""

from __future__ import annotations

import re
import time

import pytest

from core_world import is_ranked
from faults.front_ends import FRONT_ENDS, FrontEnd, Scene
from faults.server import FaultServer
from faults.table import GROUPS, Fault, is_one_sentence

MOST_REQUESTS = 8
"""Of one poll; a good one that fills nothing makes three, and a redirect may be followed three times."""


@pytest.mark.parametrize("front_end", FRONT_ENDS)
@pytest.mark.parametrize("group", GROUPS)
async def test_of_every_fault_the_cause_is_told_and_nothing_is_lost(
    group: str, front_end: str, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = GROUPS[group]
    for keyed in sorted({fault.keyed for fault in faults}):
        with FaultServer() as server:
            scene = Scene(server, keyed=keyed)
            with scene.source:
                async with FRONT_ENDS[front_end](scene, lambda: capsys.readouterr().err) as front:
                    assert (await front.poll()).reason is None
                    whole = scene.figures()
                    for fault in faults:
                        if fault.keyed == keyed:
                            await check(scene, front, fault)
                    scene.later(seconds=3601)
                    assert (await front.poll()).reason is None, "the trouble is over"
                    after = scene.figures()
                    assert whole == {period: after.get(period) for period in whole}, "all is as before"


async def check(scene: Scene, front: FrontEnd, fault: Fault) -> None:
    scene.later(seconds=3601 if not fault.keyed else 61)
    scene.source.coordination.hold(0)
    scene.source.patience, scene.source.whole = fault.timeout, fault.whole
    scene.source.cache.journal.set("failures", None)
    scene.source.cache.journal.put_etag("/datasets/exports/rankings-daily", None, scene.now())
    before = scene.figures(days=9)
    with scene.server.misbehaving(fault.act, fault.only) as asked:
        began = time.monotonic()
        told = await front.poll()
        took = time.monotonic() - began  # a slow machine reads what is left of the wait later
    ranked = [one for one in asked if is_ranked(one.path)]
    assert 1 <= len(ranked) <= MOST_REQUESTS, f"{fault.name}: {asked}"
    if fault.says is None:
        assert told.reason is None, f"{fault.name}: {told.reason}"
    else:
        assert told.reason is not None, fault.name
        assert re.search(fault.says, told.reason), f"{fault.name}: {told.reason}"
        assert is_one_sentence(told.reason), f"{fault.name}: {told.reason}"
        assert "sk-or-test" not in told.reason
        low, high = fault.retry
        assert low - 1 - took <= told.retry_in <= high, f"{fault.name}: next try in {told.retry_in} s"
    after = scene.figures(days=9)
    if not fault.keeps_other:
        for figures in (*before.values(), *after.values()):
            figures.pop("other")
    assert before == {period: after.get(period) for period in before}, f"{fault.name} changed what was known"
    assert "lab/a" in told.shown or "a (lab)" in told.shown, f"{fault.name}: {told.shown}"
