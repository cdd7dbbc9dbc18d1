"""The dashboard in a browser: the extra `orwatch[web]`. A reader has a process of its own, which only reads."""

from __future__ import annotations

import asyncio
import os
import shlex
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final

from orwatch.errors import ExtraMissingError, OrwatchError
from orwatch.listening import is_named, place

try:
    from aiohttp import web
    from textual_serve.server import Server
except ImportError:
    raise ExtraMissingError("`orwatch serve`", "web") from None

READERS: Final = 16
"""Who may read at once: each takes the memory of a dashboard."""

PAGE: Final = Path(__file__).with_name("web.html")

ASKS_NOBODY: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline';"
    " font-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""What the page may load: its own files alone."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Readers:
    """The pages of a server. names: that requests may use for it. arguments: of the dashboard of each reader."""

    def __init__(self, names: Sequence[str], arguments: Sequence[str]) -> None:
        self.names = names
        self.server = Server(shlex.join([sys.executable, "-m", "orwatch", "--read-only", *arguments]))
        self.count = 0

    def application(self) -> web.Application:
        """The pages, answered to requests for this machine alone."""

        @web.middleware
        async def meant_for_here(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not is_named(request.headers.get("Host"), *self.names):
                raise web.HTTPMisdirectedRequest(text="Ask by an address of this machine, or by its own name.")
            return await handler(request)

        found = web.Application(middlewares=[meant_for_here])
        found.add_routes([web.get("/", self.page), web.get("/ws", self.read)])
        found.add_routes([web.static("/static", self.server.statics_path)])
        return found

    async def page(self, request: web.Request) -> web.Response:
        """What draws a dashboard."""
        return web.Response(text=PAGE.read_text(encoding="utf-8"), content_type="text/html", headers=ASKS_NOBODY)

    async def read(self, request: web.Request) -> web.StreamResponse:
        """A dashboard, for a page of this server alone."""
        if request.headers.get("Origin", "").partition("://")[2] != request.host:
            raise web.HTTPForbidden(text="Only a page of this server may read on.")
        if self.count >= READERS:
            raise web.HTTPServiceUnavailable(text=f"{READERS} read already; try again later.")
        self.count += 1
        try:
            return await self.server.handle_websocket(request)
        finally:
            self.count -= 1


def serve_dashboards(
    host: str, port: int, names: Sequence[str], arguments: Sequence[str], say: Callable[[str], None]
) -> None:
    """Serves until a signal ends it. names: further ones of this machine. arguments: of each dashboard. say: tells where it is.

    Raises OrwatchError where the address cannot be had.
    """
    try:
        (family, *_), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        listening = socket.create_server((host, port), family=family)
    except OSError as error:
        why = str(error.strerror or error).partition(" (")[0]
        raise OrwatchError(
            f"Nothing can be served on {place(host, port)}: {why}; give --listen another address or port."
        ) from None
    os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")  # what browsers draw, whatever terminal this is
    os.environ.pop("COLORFGBG", None)
    with listening:
        where = place(host, listening.getsockname()[1])
        say(f"The dashboard is on http://{where}, read-only; Ctrl+C ends it.")
        web.run_app(
            Readers([host, *names], arguments).application(),
            sock=listening,
            print=None,
            access_log=None,
            shutdown_timeout=3.0,
            loop=asyncio.new_event_loop(),
        )
