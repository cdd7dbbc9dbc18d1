"""Errors that nobody expected, in the workers of the dashboard: each is said, and none leaves a poller that is silently dead."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from orwatch.api.client import Client
from orwatch.errors import unexpected
from tui_support import Tui, WiredSource, demo, running

SAID = unexpected(KeyError())


class Buggy(WiredSource):
    """A source with a bug where its client is made."""

    def client(self) -> Client:
        raise KeyError(self._key)


def test_the_sentence_has_nothing_of_the_errors_own_text() -> None:
    assert unexpected(ValueError("sk-or-secret")) == (
        "Unexpected ValueError: this is a bug in orwatch; ORWATCH_DEBUG=1 shows where it is."
    )


async def test_a_poller_that_dies_is_a_problem_with_a_next_try() -> None:
    with Buggy() as source:
        async with running(source, offline=False, size=(140, 36)) as tui:
            await tui.until(lambda: tui.app.live.problem is not None)
            assert tui.app.live.problem == SAID
            assert "! Unexpected KeyError" in tui.text
            assert "sk-or" not in tui.text
            assert tui.app.live.next_at is not None
            assert 50 < tui.app.live.next_at - tui.app.live.clock() <= 60
            (worker,) = [worker for worker in tui.app.workers if worker.group == "poll"]
            assert worker.is_running


async def begun_anew(tui: Tui, fails: int) -> tuple[int, list[str]]:
    """How often work was begun that fails so many times, and what was said."""
    tui.app.live.restart_s = 0.0
    begun, said = 0, list[str]()

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun <= fails:
            raise KeyError

    await asyncio.wait_for(tui.app.live.lasting(work, said.append), 5)
    return begun, said


async def test_work_that_is_never_to_end_begins_anew() -> None:
    async with running(await demo()) as tui:
        assert await begun_anew(tui, 2) == (3, [SAID, SAID])


async def test_work_that_fails_of_its_end_does_not_begin_anew() -> None:
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise KeyError from None

    async with running(await demo()) as tui:
        said = list[str]()
        task = asyncio.ensure_future(tui.app.live.lasting(work, said.append))
        await begun.wait()
        task.cancel()
        await asyncio.wait({task}, timeout=5)
        assert task.cancelled()
        assert said == []


def failing(*_: object) -> None:
    raise KeyError


async def test_a_fault_while_the_cache_is_looked_at_is_a_problem_and_rows_stay() -> None:
    async with running(await demo()) as tui:
        shown = tui.shown()
        tui.app.reader.look = failing  # type: ignore[assignment, method-assign]
        await tui.renew()
        assert f"! {SAID}"[:40] in tui.text
        assert tui.shown() == shown


async def test_a_fault_while_hosts_are_asked_for_stands_in_their_place() -> None:
    with Buggy() as source:
        async with running(source) as tui:
            assert await tui.app.live.ask_hosts("lab/model") == SAID


async def test_a_fault_of_the_alerts_is_a_toast() -> None:
    def fails(*_: object) -> str:
        raise KeyError

    async with running(await demo(), toasts=True) as tui:
        tui.app.live.alerts.serve = fails  # type: ignore[assignment, method-assign]
        work: Callable[[], Awaitable[None]] = tui.app.live.attend
        lasting = asyncio.ensure_future(tui.app.live.lasting(work, tui.app.live.unattended))
        await tui.until(lambda: bool(tui.app.toasts.shown))
        assert [note.message for note in tui.app.toasts.shown] == [SAID]
        lasting.cancel()


LONG = (
    "A proxy of the company answered instead of OpenRouter: it gave the certificate of gateway.corporate.example for openrouter.ai,"
    " signed by an authority that this machine does not trust; give its certificate with SSL_CERT_FILE."
)


def page_text(tui: Tui) -> str:
    """What stands on the page that is open, on one line."""
    x, y, width, height = tui.app.screen.query_one("#page").content_region
    return " ".join(" ".join(line[x : x + width].replace("▌", "") for line in tui.lines()[y : y + height]).split())


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 12)])
async def test_a_cause_longer_than_the_screen_opens_whole(size: tuple[int, int]) -> None:
    async with running(await demo(), size=size) as tui:
        tui.app.dashboard.note(problem=LONG)
        await tui.settle()
        assert LONG not in " ".join(tui.text.split())
        assert "! why" in tui.footer
        await tui.press("!")
        await tui.until(lambda: "What failed" in tui.text)
        assert LONG in page_text(tui)
        await tui.press("G")
        assert "What is on screen is from the cache" in page_text(tui)
        await tui.press("escape")
        assert "What failed" not in tui.text


async def test_without_a_failure_nothing_opens_and_that_is_said() -> None:
    async with running(await demo(), size=(120, 36), toasts=True) as tui:
        await tui.press("!")
        assert "The last poll succeeded." in tui.text
