"""An OpenRouter on loopback, over real sockets, that misbehaves on demand.

Well-behaved answers are those of the small world of the other tests. A misbehaviour is a function that is given the wire and the
good answer, and does what it likes. Everything ends by itself: hangs within seconds, connections with the server.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime

import httpx

import core_world

LONGEST_HANG = 10.0
MOST_REQUESTS = 20_000


@dataclass
class Reply:
    """A good answer, to be sent as it is or spoilt."""

    status: int
    headers: dict[str, str]
    body: bytes

    def head(self, **changed: str | None) -> bytes:
        """Status line and headers; `content_length="9"` changes one, None leaves it out."""
        headers = {"content-length": str(len(self.body)), **self.headers}
        headers |= {name.replace("_", "-"): value for name, value in changed.items() if value is not None}
        for name, value in changed.items():
            if value is None:
                headers.pop(name.replace("_", "-"), None)
        lines = [f"HTTP/1.1 {self.status} {httpx.codes.get_reason_phrase(self.status) or 'Strange'}"]
        return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode("latin-1")

    def whole(self) -> bytes:
        """As it is."""
        return self.head() + (b"" if self.status == 304 else self.body)

    def with_body(self, body: bytes) -> Reply:
        """With another body, of its own right length."""
        return Reply(self.status, self.headers, body)


class Wire:
    """One connection, as a misbehaviour sees it."""

    def __init__(self, connection: socket.socket, over: threading.Event) -> None:
        self.connection = connection
        self._over = over
        self.done = False

    def send(self, data: bytes) -> None:
        """Bytes, as they are."""
        with contextlib.suppress(OSError):
            self.connection.sendall(data)
            return
        self.done = True

    def wait(self, seconds: float) -> None:
        """Says nothing for a while, or until the server ends."""
        if self._over.wait(min(seconds, LONGEST_HANG)):
            self.done = True

    def hang(self) -> None:
        """Says nothing more until the other side has gone."""
        self.connection.settimeout(LONGEST_HANG)
        with contextlib.suppress(OSError):
            while self.connection.recv(4096):
                pass
        self.done = True

    def drip(self, data: bytes, every: float) -> None:
        """One byte at a time."""
        for n in range(len(data)):
            self.send(data[n : n + 1])
            self.wait(every)
            if self.done:
                return

    def close(self) -> None:
        """Ends the connection in good order."""
        self.done = True

    def reset(self) -> None:
        """Breaks the connection off."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.done = True


Misbehaviour = Callable[[Wire, Reply], None]


@dataclass
class Asked:
    """A request: its path without the base, and whether it needs the key."""

    path: str
    keyed: bool


@dataclass
class FaultServer:
    """The server. world: answers and clock. fault: what it does instead, for paths that hold `only` (all: empty).

    asked: every request, in order. date_is_off: how far the clock that it tells is from its own.
    """

    world: core_world.Server = field(default_factory=core_world.Server)
    fault: Misbehaviour | None = None
    only: str = ""
    asked: list[Asked] = field(default_factory=list)
    date_is_off: timedelta = timedelta()
    certificate: str | None = None

    def __post_init__(self) -> None:
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None
        self.port = 0
        self.listen()

    @property
    def base_url(self) -> str:
        """Where it is."""
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}/api/v1"

    def listen(self) -> None:
        """Takes connections, on the same port as before."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self._listener, self.port = listener, listener.getsockname()[1]
        self._run(self._accept, listener)

    def refuse(self) -> None:
        """Takes no more connections: the port is closed."""
        if self._listener is not None:
            # Closing alone does not wake the thread that waits for a connection.
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def close(self) -> None:
        """Ends it, and every connection."""
        self._over.set()
        self.refuse()
        for thread in self._threads:
            thread.join(LONGEST_HANG)

    def __enter__(self) -> FaultServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextlib.contextmanager
    def misbehaving(self, fault: Misbehaviour | None, only: str = "") -> Iterator[list[Asked]]:
        """Misbehaves for a while; gives the requests of that while."""
        self.asked.clear()
        self.fault, self.only = fault, only
        try:
            yield self.asked
        finally:
            self.fault = None

    def _run(self, work: Callable[[socket.socket], None], connection: socket.socket) -> None:
        thread = threading.Thread(target=work, args=(connection,), daemon=True)
        self._threads = [*(one for one in self._threads if one.is_alive()), thread]
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while not self._over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.settimeout(LONGEST_HANG)
            self._run(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
            stack.enter_context(connection)
            if self.certificate is not None:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self.certificate)
                connection = stack.enter_context(context.wrap_socket(connection, server_side=True))
            wire = Wire(connection, self._over)
            while not wire.done and not self._over.is_set() and len(self.asked) < MOST_REQUESTS:
                head = self._head(connection)
                if not head:
                    return
                self._answer(wire, head)

    def _head(self, connection: socket.socket) -> bytes:
        head = b""
        connection.settimeout(0.2)
        while b"\r\n\r\n" not in head:
            try:
                part = connection.recv(65_536)
            except TimeoutError:
                if self._over.is_set():
                    return b""
                continue
            if not part:
                return b""
            head += part
            if not head[:1].isalpha():  # TLS, on a port that speaks none
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return b""
        connection.settimeout(LONGEST_HANG)
        return head

    def _answer(self, wire: Wire, head: bytes) -> None:
        first, *lines = head.decode("latin-1").split("\r\n")
        target = first.split(" ")[1]
        headers = [(name, value) for name, _, value in (line.partition(": ") for line in lines if line)]
        request = httpx.Request("GET", f"{core_world.ORIGIN}{target}", headers=headers)
        with self._lock:
            self.asked.append(
                Asked(target.removeprefix("/api/v1"), core_world.needs_key(target.removeprefix("/api/v1")))
            )
            response = self.world.answer(request)
        kept = {
            name: response.headers[name] for name in ("etag", "content-type", "retry-after") if name in response.headers
        }
        if self.world.tells_time:
            kept["date"] = format_datetime(self.world.now + self.date_is_off, usegmt=True)
        body = response.content.replace(core_world.BASE_URL.encode(), self.base_url.encode())
        reply = Reply(response.status_code, kept, body)
        if self.fault is not None and self.only in target:
            self.fault(wire, reply)
        else:
            wire.send(reply.whole())
