"""The demo's API on loopback, in a process of its own: prints its address, and serves until it is ended."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from orwatch.demo import DEMO_END
from orwatch.demo.server import catalogue, rankings

ROUTES = {
    "/models": lambda now, query: catalogue(now),
    "/providers": lambda now, query: {"data": [{"slug": "demo", "name": "Demo", "headquarters": None}]},
    "/datasets/rankings-daily": rankings,
}


class Answers(BaseHTTPRequestHandler):
    """GET alone."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answers by the demo's rules, as it stands at its end."""
        parts = urlsplit(self.path)
        route = ROUTES.get(parts.path.removeprefix("/api/v1"))
        body = b"{}" if route is None else json.dumps(route(DEMO_END, dict(parse_qsl(parts.query)))).encode()
        self.send_response_only(404 if route is None else 200)  # without the time: the asker's clock runs as it likes
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
    server.serve_forever()
