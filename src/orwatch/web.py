"""The dashboard in a browser: the extra `orwatch[web]`. A reader has a process of its own, which only reads."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from aiohttp import web
from textual_serve.server import Server

from orwatch.errors import OrwatchError
from orwatch.listening import is_named, place

READERS: Final = 16
"""Who may read at once: each takes the memory of a dashboard."""

PAGE: Final = Path(__file__).with_name("web.html")

ASKS_NOBODY: Final = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; font-src 'self';"
    " connect-src 'self' ws: wss:; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"
)
"""What the page may load: its own files alone."""


class WebServer(Server):
    """Serves dashboards to browsers. host: as it was given: requests by this name are answered."""

    def __init__(self, host: str, port: int, arguments: Sequence[str], say: Callable[[str], None]) -> None:
        command = shlex.join([sys.executable, "-m", "orwatch", "--read-only", *arguments])
        super().__init__(command, host=host, port=port, title="orwatch")
        self.readers = 0
        self._say = say

    def initialize_logging(self) -> None:
        """None: standard error is for what orwatch says."""

    async def on_startup(self, app: web.Application) -> None:
        """Says where it is."""
        self._say(f"The dashboard is on http://{place(self.host, self.port)}, read-only; Ctrl+C ends it.")

    async def handle_index(self, request: web.Request) -> web.Response:
        """The page."""
        self._check(request)
        headers = {"Content-Security-Policy": ASKS_NOBODY, "X-Content-Type-Options": "nosniff"}
        return web.Response(text=PAGE.read_text(encoding="utf-8"), content_type="text/html", headers=headers)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """A dashboard, for a page of this server alone."""
        self._check(request)
        if request.headers.get("Origin", "").partition("://")[2] != request.host:
            raise web.HTTPForbidden(text="Only a page of this server may read on.")
        if self.readers >= READERS:
            raise web.HTTPServiceUnavailable(text=f"{READERS} read already; try again later.")
        self.readers += 1
        try:
            return await super().handle_websocket(request)
        finally:
            self.readers -= 1

    async def handle_download(self, request: web.Request) -> web.StreamResponse:
        """Nothing: a dashboard that only reads gives no files."""
        raise web.HTTPNotFound

    def _check(self, request: web.Request) -> None:
        if not is_named(request.headers.get("Host"), self.host):
            raise web.HTTPMisdirectedRequest(text="Ask by an address of this machine, or by its own name.")


def serve_dashboards(host: str, port: int, arguments: Sequence[str], say: Callable[[str], None]) -> None:
    """Serves until a signal ends it. arguments: of each dashboard. say: tells where it is.

    Raises OrwatchError where the address cannot be had.
    """
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")  # what browsers draw, whatever terminal this is
    os.environ.pop("COLORFGBG", None)
    asyncio.set_event_loop(asyncio.new_event_loop())
    try:
        WebServer(host, port, arguments, say).serve()
    except OSError as error:
        raise OrwatchError(
            f"Nothing can be served on {place(host, port)}: {error.strerror or error}; give --listen another address or port."
        ) from None
