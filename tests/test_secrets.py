"""The key goes to its own server and nowhere else: whatever that server does with it, and wherever else one looks."""

from __future__ import annotations

import http.server
import json
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from alerts_support import LAST
from cli_market import Cli
from kill_loop import listing
from orwatch.config import exposed, load, set_values, store_key
from orwatch.store.cache import Cache
from pseudo_terminal import environment, terminal

KEY = "sk-or-v1-0a1b2c3d4e5f60718293a4b5c6d7e8f9"
HALF = KEY[9:30]
"""Enough of the key to know it by."""


class Echo(http.server.ThreadingHTTPServer):
    """A server that gives back what it is told: in errors, in addresses that it redirects to, in names and headers.

    asked: paths with the key that came along. hooks: what was posted, with its headers.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.hooks: list[str] = []
        super().__init__(("127.0.0.1", 0), _Echo)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Echo(http.server.BaseHTTPRequestHandler):
    server: Echo

    def do_GET(self) -> None:
        key = self.headers.get("Authorization", "")
        path = self.path.partition("?")[0]
        self.server.asked.append((path, key))
        if path.endswith("/models"):
            entry = {"id": "lab/a", "canonical_slug": "lab/a", "name": f"A {KEY}", "created": 1, "context_length": 1}
            return self._answer(200, {"data": [entry | {"pricing": {"prompt": "1", "completion": "1"}}]})
        if path.endswith("/providers"):
            self.send_response(302)
            self.send_header("Location", f"http://{KEY}.example.org/?key={KEY}")
            self.end_headers()
            return None
        return self._answer(500 if "day" in self.path else 401, {"error": {"message": f"no: {key} {KEY} {KEY[:20]}"}})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.hooks.append(f"{self.path} {self.headers} {body}")
        self._answer(500, {"error": KEY})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("X-Echo", KEY)
        self.send_header("ETag", f'"{KEY}"')
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield server
        server.shutdown()


def test_no_command_shows_or_keeps_the_key(cli: Cli, echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.cache.unlink()
    cli.config.write_text(f'[notify.webhook]\nurl = "{echo.origin}/hook/private"\n')
    cli.config.chmod(0o600)
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    monkeypatch.setenv("ORWATCH_BASE_URL", f"{echo.origin}/api/v1")
    said = ""
    for debug, argv in (
        ("", ("poll", "--format", "json")), ("1", ("poll", "--format", "json")), ("", ("status", "--format", "json")),
        ("", ("doctor",)), ("", ("top",)), ("1", ("top",)), ("", ("prices",)), ("", ("config", "show")), ("", ("export",)),
        ("", ("alerts", "test", "webhook")), ("", ("watch", "--once")),
    ):  # fmt: skip
        monkeypatch.setenv("ORWATCH_DEBUG", debug)
        said += "".join(map(str, cli(*argv)))
    assert {key for _, key in echo.asked} == {f"Bearer {KEY}"}
    assert "Traceback" not in said
    assert "…" in said
    assert "refuses the key" in said or "trouble of its own" in said
    assert HALF not in said
    assert "private" not in said
    assert echo.hooks
    assert not [hook for hook in echo.hooks if HALF in hook]
    check_files(cli.folder)


def check_files(folder: Path) -> None:
    """No file below the folder holds the key."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name.startswith("cache.sqlite3") for path in files)
    assert not [path for path in files if HALF.encode() in path.read_bytes()]


def test_the_dashboard_neither_draws_nor_exports_the_key(tmp_path: Path, echo: Echo) -> None:
    with Cache.open(tmp_path / "cache.sqlite3", echo.origin) as cache:
        cache.rankings.put([listing(LAST, 9, 1)])
    config = f'[export]\nfolder = "{tmp_path / "out"}"\n'
    (tmp_path / "config.toml").write_text(config)
    env = environment(tmp_path, OPENROUTER_API_KEY=KEY, ORWATCH_BASE_URL=f"{echo.origin}/api/v1")
    with terminal(env=env, fresh=True) as it:
        it.until("help", "!")
        it.while_reading(lambda: any("rankings" in path for path, _ in echo.asked))
        it.still(0.2)
        command = Path(f"/proc/{it.process.pid}/cmdline")
        if command.exists():
            assert HALF.encode() not in command.read_bytes()
        for form in "svg", "json":
            it.type("e" + {"svg": "s", "json": "j"}[form])
            it.while_reading(lambda form=form: any((tmp_path / "out").glob(f"*.{form}")))  # type: ignore[misc]
        it.still(0.2)
        it.type("q")
        assert it.ends()[0] == 0
    assert HALF.encode() not in it.out
    check_files(tmp_path)


# Files


def test_files_that_hold_a_secret_are_private_from_their_first_byte(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        env = {"ORWATCH_CONFIG": str(tmp_path / "new" / "config.toml")}
        store_key("https://openrouter.ai", KEY, env)
        set_values(tmp_path / "new" / "config.toml", {"notify.webhook.url": "https://hooks.example.org/secret"})
    finally:
        os.umask(old)
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()} == {
        "key.toml": 0o600,
        "config.toml": 0o600,
    }
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_file_that_gets_a_secret_is_closed_to_others_first(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[view]\nfree = false\n")
    config.chmod(0o644)
    set_values(config, {"view.basis": "chart"})
    assert stat.S_IMODE(config.stat().st_mode) == 0o644  # a file of dotfiles stays as it is
    set_values(config, {"notify.webhook.url": "https://hooks.example.org/secret"})
    assert stat.S_IMODE(config.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("config", "mode", "named"),
    [
        ('[notify.webhook]\nurl = "https://x.example/s"\n', 0o644, True),
        ('[notify.webhook]\nurl = "https://x.example/s"\n', 0o640, True),
        ('[notify.webhook]\nurl = "https://x.example/s"\n', 0o600, False),
        ("[view]\nfree = false\n", 0o644, False),
    ],
)
def test_a_config_is_named_where_it_holds_a_secret_that_others_can_read(
    cli: Cli, config: str, mode: int, named: bool
) -> None:
    cli.config.write_text(config)
    cli.config.chmod(mode)
    said = (
        f"orwatch: {cli.config} holds a secret address and can be read by others; `chmod 600 {cli.config}` mends it.\n"
    )
    assert cli("top", "--basis", "chart")[2] == (said if named else "")


def test_a_key_file_that_others_can_read_is_named_once(cli: Cli) -> None:
    store_key("https://openrouter.ai", KEY, os.environ)
    path = cli.folder / "key.toml"
    assert cli("top")[2] == ""
    path.chmod(0o604)
    assert cli("top")[2] == f"orwatch: {path} holds a key and can be read by others; `chmod 600 {path}` mends it.\n"
    assert exposed(load(os.environ), os.environ) == [cli("top")[2].removeprefix("orwatch: ").rstrip()]


def test_the_dashboard_names_it_on_itself(tmp_path: Path) -> None:
    env = environment(tmp_path)
    store_key("https://openrouter.ai", KEY, env)
    (tmp_path / "key.toml").chmod(0o644)
    with terminal("--offline", env=env) as it:
        it.until("A secre")
        it.type("q")
        assert it.ends()[0] == 0
        assert HALF.encode() not in it.out
