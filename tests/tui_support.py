"""The dashboard without a terminal: sources to look at, the keys, and what stands on the screen as plain text.

A condition is waited for by letting the app handle its messages; the only sleep is a moment in which its threads get their turn.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import httpx
from rich.segment import Segment
from textual import events
from textual._compositor import Compositor
from textual._context import visible_screen_stack
from textual.app import App as TextualApp
from textual.css.stylesheet import Stylesheet
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from orwatch import threads
from orwatch.api.client import Client
from orwatch.config import Config, Settings
from orwatch.core.market import Market
from orwatch.core.refresh import refresh
from orwatch.core.source import DemoOptions, Source, open_source
from orwatch.demo import DEMO_BASE_URL, DEMO_KEY
from orwatch.demo.clock import DemoClock
from orwatch.demo.server import transport
from orwatch.domain.alerts.alert import Alert
from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.filters import Filter
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import Query
from orwatch.domain.records import Listing
from orwatch.present.colours import DARK, Palette
from orwatch.store.cache import Cache
from orwatch.tui import app as orwatch_app
from orwatch.tui.actions import Keymap
from orwatch.tui.app import OrwatchApp
from orwatch.tui.panes.pane import Pane
from orwatch.tui.panes.table_pane import TablePane
from orwatch.tui.themes import Themes
from orwatch.tui.widgets.paint import LineWidget

THURSDAY: Final = date(2026, 7, 23)
"""A date of the demo: the newest complete week is 13–19 July, the one in progress has three days of seven."""
BILLION: Final = 10**9
CHARACTERS: Final = {"space": " ", "slash": "/", "question_mark": "?", "exclamation_mark": "!", "asterisk": "*"}
ORIGIN: Final = "https://openrouter.ai"

_demos: dict[date, Source] = {}
_markets: dict[int, Market] = {}


_painted = Compositor.render_update


def _unpainted(compositor: Compositor, full: bool = False, **how: Any) -> object:
    """There is no terminal to be painted: what stands on the screen is drawn when a test asks for it, or a picture is made."""
    compositor._dirty_regions.clear()
    return _painted(compositor, full=True, **how) if full else None


Compositor.render_update = _unpainted  # type: ignore[method-assign,assignment]
orwatch_app.WRITTEN = 0.001  # type: ignore[misc]  # nothing is written to a terminal that work could hold up

_submit = threads._ASIDE.submit
_working: set[Future[Any]] = set()
"""What the thread beside the loop has been asked for, and has not done."""


def _noted(work: Callable[..., Any], *given: Any, **named: Any) -> Future[Any]:
    future = _submit(work, *given, **named)
    _working.add(future)
    future.add_done_callback(_working.discard)
    return future


threads._ASIDE.submit = _noted  # type: ignore[method-assign,assignment]

_draw_anew = LineWidget.on_idle


def _draw_when_looked_at(widget: LineWidget) -> None:
    """What a test looks at is drawn, not what stood there between two messages."""
    if isinstance(widget.app, App):
        widget.app.undrawn.add(widget)
    else:
        _draw_anew(widget)


LineWidget.on_idle = _draw_when_looked_at  # type: ignore[method-assign,assignment]

_parsed: dict[tuple[Any, ...], Any] = {}
_parse = Stylesheet._parse_rules


def _parsed_once(sheet: Stylesheet, css: str, **how: Any) -> Any:
    """The rules of every app are the same."""
    key = (css, *how.values(), *sheet._variables.items())
    if key not in _parsed:
        _parsed[key] = _parse(sheet, css, **how)
    return _parsed[key]


Stylesheet._parse_rules = _parsed_once  # type: ignore[method-assign,assignment]


async def fresh_demo(at: date) -> Source:
    """A demo of one's own whose clock stands at a date, filled to it."""
    source = open_source(Config(), demo=DemoOptions(at=at, speed=0.0, replay=True))
    await refresh(source, force=True)
    return source


async def demo(at: date = THURSDAY) -> Source:
    """A demo filled to a date. It is shared by every test that only looks at it."""
    if at not in _demos:
        _demos[at] = source = await fresh_demo(at)
        _markets[id(source)] = source.market()
        atexit.register(source.close)
    return _demos[at]


class Clock:
    """The machine's clock; it stands until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def pass_time(self, **span: float) -> None:
        """Moves on by a span: `minutes=5`."""
        self.moment += timedelta(**span)


class Wire(httpx.AsyncBaseTransport):
    """Between client and server: counts requests and answers; can hold them back, break, or alter bodies.

    asked, answered: paths, in order. broken: what every request ends in. edit: the body of a path, changed.
    """

    def __init__(self, server: httpx.AsyncBaseTransport) -> None:
        self.server = server
        self.asked: list[str] = []
        self.answered: list[str] = []
        self.broken: str | None = None
        self.edit: Callable[[str, bytes], bytes] = lambda path, body: body
        self._open = asyncio.Event()
        self._open.set()

    def hold(self) -> None:
        """Lets no request through."""
        self._open.clear()

    def let_go(self) -> None:
        """Lets the requests through that were held back, and later ones."""
        self._open.set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        path = request.url.path
        self.asked.append(path)
        await self._open.wait()
        if self.broken is not None:
            raise httpx.ConnectError(self.broken, request=request)
        response = await self.server.handle_async_request(request)
        body = self.edit(path, await response.aread())
        self.answered.append(path)
        headers = {
            name: response.headers[name] for name in ("date", "etag", "content-type") if name in response.headers
        }
        return httpx.Response(response.status_code, headers=headers, content=body, request=request)


class WiredSource(Source):
    """The demo's API over a wire, as a source with a key: polled at the pace of the live one."""

    def __init__(self, at: date = THURSDAY) -> None:
        moment = datetime(at.year, at.month, at.day, 2, tzinfo=UTC)
        self.clock = Clock(moment)
        self.wire = Wire(transport(DemoClock(moment, 0.0)))
        cache = Cache.open(None, "https://demo.orwatch.invalid")
        super().__init__(Settings(), cache, DEMO_BASE_URL, DEMO_KEY, machine=self.clock)

    def client(self) -> Client:
        """A client on the wire."""
        return Client(self.base_url, self._key, transport=self.wire)


def listing(period: Period, as_of: datetime, tokens: Mapping[str, int]) -> Listing:
    """A listing from thousand millions of tokens by permaslug."""
    return Listing.build(period, as_of, [(slug, n * BILLION) for slug, n in tokens.items()])


def week(monday: date, as_of: datetime, tokens: Mapping[str, int]) -> Listing:
    """A week from thousand millions of tokens by permaslug."""
    return listing(Period(Grain.WEEK, monday), as_of, tokens)


def model(id_: str, name: str, price: str = "0.000001") -> CatalogueModel:
    """An entry of the catalogue."""
    from decimal import Decimal

    prices = Pricing(Decimal(price), Decimal(price) * 4, None)
    slug = id_.partition(":")[0]
    return CatalogueModel(id=id_, canonical_slug=slug, name=name, context=128_000, open_weights=False, pricing=prices)


def handmade(
    listings: Iterable[Listing] = (),
    models: Iterable[CatalogueModel] = (),
    *,
    now: datetime = datetime(2026, 6, 22, 2, tzinfo=UTC),
    settings: Settings | None = None,
) -> Source:
    """A source without a key on a cache in memory that holds what is given."""
    cache = Cache.open(None, ORIGIN)
    cache.rankings.put(listings)
    cache.catalogue.put_models(models, now)
    return Source(settings or Settings(), cache, f"{ORIGIN}/api/v1", None, machine=lambda: now)


async def idle() -> None:
    """Until only timers, threads and the network are waited for. `Pilot.pause` asks every widget, and sleeps, to the same end."""
    loop: Any = asyncio.get_running_loop()
    for _ in range(100_000):
        await asyncio.sleep(0)
        if not loop._ready:
            return
    raise AssertionError("the app is never idle")


def strips(app: TextualApp[Any]) -> list[Strip]:
    """What stands on the screen."""
    draw_anew(app)
    visible_screen_stack.set(app._background_screens)
    return app.screen._compositor.render_strips()


def draw_anew(app: TextualApp[Any]) -> None:
    """Draws what has changed since it was looked at."""
    while isinstance(app, App) and app.undrawn:
        _draw_anew(app.undrawn.pop())


async def drawn(app: TextualApp[Any]) -> None:
    """Until the screen is laid out and drawn: what is drawn anew is painted with the next frame, which is now."""
    await idle()
    draw_anew(app)
    for _ in range(2):
        app.screen._on_timer_update()
        await idle()


def type_key(app: TextualApp[Any], key: str) -> None:
    """A key reaches the app, which has not handled it yet."""
    name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
    event = events.Key(name, CHARACTERS.get(name, key if len(key) == 1 else None))
    event.set_sender(app)
    app.post_message(event)


class App(OrwatchApp):
    """The app, but no browser is started: what it would open is noted. undrawn: widgets that draw when they are looked at."""

    opened: tuple[str, ...] = ()

    def __init__(self, *given: Any, **more: Any) -> None:
        self.undrawn: set[LineWidget] = set()
        super().__init__(*given, **more)

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Notes the address."""
        self.opened += (url,)


@dataclass
class Tui:
    """A dashboard that runs."""

    app: App
    pilot: Pilot[int]

    async def settle(self) -> None:
        """Waits until every message that is under way has been handled, and the screen is laid out and drawn."""
        await idle()
        for n in range(1000):  # a thread judges the alerts of a new view; one that something holds up is not waited for
            view = self.app.dashboard.view
            judged = view.snapshot is None or view.alerts is not None
            if judged and (n == 25 or not _working):
                break
            await asyncio.sleep(0.002)
            await idle()
        await drawn(self.app)

    async def press(self, *keys: str) -> None:
        """Types key after key; each is handled before the next."""
        for key in keys:
            type_key(self.app, key)
            await idle()
        await self.settle()

    async def burst(self, *keys: str) -> None:
        """Types faster than the app reads."""
        for key in keys:
            type_key(self.app, key)
        await self.settle()

    async def click(self, pane: str, x: int, y: int) -> None:
        """A click on a cell of a pane."""
        await self.pilot.click(f"#{pane}", offset=(x, y))
        await self.settle()

    async def resize(self, width: int, height: int) -> None:
        """Another terminal size. `Pilot.resize_terminal` sleeps until the process is idle, to the same end."""
        size = Size(width, height)
        assert isinstance(self.app._driver, HeadlessDriver)
        self.app._driver._size = size
        self.app.post_message(events.Resize(size, size))
        await idle()
        self.app._check_resize()  # else a timer does it, so that a window that is drawn larger is laid out at times only
        await self.settle()

    async def wheel(self, widget: Widget, *, down: bool) -> None:
        """One notch of the wheel over a widget."""
        kind = events.MouseScrollDown if down else events.MouseScrollUp
        widget.post_message(kind(widget, 5, 3, 0, 1 if down else -1, 0, False, False, False))
        await self.settle()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Lets the app work until something holds."""
        async with asyncio.timeout(20):
            while not holds():
                await self.settle()
                # A loop that is never idle starves the thread that polls: each statement of SQLite gives the interpreter away,
                # and has it back 5 ms later.
                await asyncio.sleep(0.002)
        await self.settle()

    async def renew(self) -> None:
        """What a poll ends in: the cache read anew, and shown."""
        await self.app.live.renew()
        await self.settle()

    @property
    def snapshot(self) -> Snapshot:
        """The figures on screen."""
        found = self.app.dashboard.view.snapshot
        assert found is not None
        return found

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """The alerts on screen, as judged."""
        found = self.app.dashboard.view.alerts
        assert found is not None
        return found

    def lines(self) -> list[str]:
        """The screen as text, line by line."""
        return ["".join(segment.text for segment in strip) for strip in strips(self.app)]

    def segments(self) -> list[Segment]:
        """The screen with its styles."""
        return [segment for strip in strips(self.app) for segment in strip]

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.lines())

    @property
    def header(self) -> str:
        """The first line."""
        return self.lines()[0].strip()

    @property
    def footer(self) -> str:
        """The last line."""
        return self.lines()[-1].strip()

    def pane(self, key: str) -> Pane:
        """A pane."""
        return self.app.dashboard.board.panes[key]

    def table(self, key: str) -> TablePane[Any, Any]:
        """A pane that is a table."""
        pane = self.pane(key)
        assert isinstance(pane, TablePane)
        return pane

    def pane_lines(self, key: str) -> list[str]:
        """A pane as text, line by line."""
        x, y, width, height = self.pane(key).widget.region
        return [line[x : x + width].rstrip() for line in self.lines()[y : y + height]]

    def shown(self, key: str = "models") -> list[str]:
        """Keys of a table's rows, after filter and sort: permaslugs, ids."""
        pane = self.table(key)
        return [pane.table.row_id(row) for row in pane.rows]

    def cursor(self, key: str = "models") -> str:
        """The key of the row under a table's cursor."""
        return self.shown(key)[self.table(key).cursor]

    def cursor_visible(self, key: str = "models") -> bool:
        """Whether the cursor's row stands on the screen."""
        return any(line.startswith("▌") for line in self.pane_lines(key))


@asynccontextmanager
async def running(
    source: Source,
    query: Query | None = None,
    *,
    size: tuple[int, int] = (120, 36),
    palette: Palette = DARK,
    themes: Themes | None = None,
    filter_: Filter | None = None,
    offline: bool = True,
    toasts: bool = False,
    attends: bool = False,
    keymap: Keymap | None = None,
) -> AsyncIterator[Tui]:
    """The dashboard on a source, drawn. attends: it judges alerts; what the source holds already is history."""
    app = App(
        source, query or Query(), filter_, themes=themes or Themes(palette.name, {}), offline=offline, keymap=keymap
    )
    if id(source) in _markets:
        app.reader.market = _markets[id(source)]  # what was computed of a shared demo once, need not be again
    settings = source.settings
    if not offline:
        gc.freeze()  # each poll ends with a collection, which need not look through what earlier tests have left
    try:
        async with app.run_test(size=size, notifications=toasts) as pilot:
            tui = Tui(app, pilot)
            if attends:
                app.live.alerts.serve({}, app.write, app.tell_alert)
                await app.live.renew()
            await tui.settle()
            yield tui
    finally:
        if not offline:
            gc.unfreeze()
        source.settings = settings  # a demo is shared with other tests
