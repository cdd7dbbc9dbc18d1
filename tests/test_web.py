"""A dashboard that only reads, and `orwatch serve`, which gives each browser one."""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alerts_support import LAST, NOON
from cli_market import Cli
from orwatch.tui.actions import ACTIONS, Keymap, refused
from tui_support import handmade, running, week

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
LEAD = re.compile(r"CN leads US \d+\.\d : 1")


async def test_a_dashboard_that_only_reads_refuses_what_goes_beyond_its_screen_and_says_so(tmp_path: Path) -> None:
    keymap = Keymap(refused=refused(demo=False))
    with handmade([week(LAST.start, NOON, {"deepseek/v4": 300, "openai/gpt": 200, "new-lab/x": 100})]) as source:
        async with running(source, keymap=keymap, toasts=True) as tui:
            tui.app.choices.config = tmp_path / "config.toml"
            before = source.cache.journal.count()
            await tui.press("j", "j")
            order = tui.shown()
            await tui.burst("C", "e", "o", "a", "u", "space", "r", "P", "+", "-", "ctrl+z", "4", "A", "n", "e")
            assert tui.app.screen is tui.app.dashboard
            assert (tui.shown(), tui.app.opened, source.cache.journal.count()) == (order, (), before)
            assert not tui.app.choices.config.exists()
            tui.app.clear_notifications()
            await tui.press("e")
            assert "e would write a file: this dashboard only reads." in tui.text


async def test_it_offers_no_key_that_it_refuses_and_shows_what_others_poll() -> None:
    keymap = Keymap(refused=refused(demo=False))
    with handmade([week(LAST.start, NOON, {"deepseek/v4": 300, "openai/gpt": 200})]) as source:
        async with running(source, keymap=keymap, size=(200, 50)) as tui:
            assert {"pin", "export", "refresh"}.isdisjoint(tui.footer.split())
            assert {"copy", "filter", "explain"} <= set(tui.footer.split())
            source.cache.rankings.put([week(LAST.start, NOON + timedelta(hours=1), {"openai/gpt": 500})])
            tui.app.live.tick()
            await tui.until(lambda: tui.shown() == ["openai/gpt"])
            await tui.press(":", *"view.theme light")
            assert "set view.theme" not in tui.text
            assert "setting" not in tui.text


def test_the_demos_own_clock_can_be_steered_by_its_only_reader() -> None:
    assert refused(demo=False) - refused(demo=True) == {"refresh", "pause", "more", "less"}
    assert {action.id for action in ACTIONS if action.beyond} == refused(demo=False)


# The server


def test_what_speaks_has_keys_of_its_own_and_is_not_read_only(cli: Cli) -> None:
    said = "orwatch: --read-only is for the drawn screen, not for --screen-reader; give one of them.\n"
    assert cli("--read-only", "--screen-reader") == (2, "", said)


def test_without_the_extra_the_mend_is_named(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "orwatch.web", raising=False)
    for name in ("textual_serve", "textual_serve.server", "aiohttp"):
        monkeypatch.setitem(sys.modules, name, None)  # as if they were not installed
    code, out, err = cli("serve", "--offline")
    assert (code, out) == (2, "")
    assert "`orwatch serve` needs packages that are not installed: `pip install 'orwatch[web]'`" in err


def test_an_address_that_is_taken_is_named(cli: Cli) -> None:
    pytest.importorskip("textual_serve", reason="the extra `web` is not installed")
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        code, _, err = cli("serve", "--offline", "--listen", str(port))
    said = "Address already in use; give --listen another address or port."
    assert (code, err) == (1, f"orwatch: Nothing can be served on 127.0.0.1:{port}: {said}\n")


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server of the demo, whose clock stands on 23 July 2026."""
    pytest.importorskip("textual_serve", reason="the extra `web` is not installed")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        found = int(free.getsockname()[1])
    home = tmp_path_factory.mktemp("home")
    env = {
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(Path(__file__).parents[1] / "src"),
    }
    argv = [
        sys.executable,
        "-m",
        "orwatch",
        "serve",
        "--demo",
        "--at",
        "2026-07-23",
        "--listen",
        str(found),
        "--name",
        "market.example",
    ]
    with subprocess.Popen(argv, env=env, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as server:
        assert server.stderr is not None
        assert f"http://127.0.0.1:{found}, read-only" in server.stderr.readline()
        yield found
        server.terminate()
        assert server.wait(10) == 0


def answered(port: int, path: str, **headers: str) -> tuple[int, str]:
    """The status and body of an answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
}


def test_requests_by_another_name_and_pages_of_others_are_turned_away(port: int) -> None:
    here = f"127.0.0.1:{port}"
    status, page = answered(port, "/", Host=f"localhost:{port}")
    assert status == 200
    assert "//" not in re.sub(r"<script>.*?</script>", "", page, flags=re.S), "it names no other host"
    assert answered(port, "/", Host="rebound.example")[0] == 421
    assert answered(port, "/", Host="Market.example")[0] == 200
    assert answered(port, "/ws", Host=here, Origin="http://rebound.example", **UPGRADE)[0] == 403
    assert answered(port, "/ws", Host=here, **UPGRADE)[0] == 403
    assert answered(port, "/download/x", Host=here)[0] == 404
    assert answered(port, "/static/js/textual.js", Host="rebound.example")[0] == 421


async def test_a_browser_shows_the_lead_and_asks_no_other_host(port: int, tmp_path: Path) -> None:
    """In headless Chromium. What the terminal draws is a picture: the lead is read in what the page received to draw."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; .ci/run installs it")
    import aiohttp  # of the extra

    argv = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0"]
    browser = await asyncio.create_subprocess_exec(
        *argv, f"--user-data-dir={tmp_path}", "--window-size=1400,900", "about:blank", stderr=asyncio.subprocess.PIPE
    )
    assert browser.stderr is not None
    try:
        async with asyncio.timeout(45), aiohttp.ClientSession() as session:
            while (found := re.search(r"ws://([\d.:]+)/", (await browser.stderr.readline()).decode())) is None:
                pass
            async with session.get(f"http://{found[1]}/json") as listed:
                page = next(tab for tab in await listed.json() if tab["type"] == "page")
            async with session.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as devtools:
                view = Viewed(devtools)
                await view.send("Network.enable")
                await view.send("Page.navigate", url=f"http://127.0.0.1:{port}/")
                await view.until(lambda: LEAD.search(view.text) is not None)
                await view.send("Input.dispatchKeyEvent", type="char", text="e")
                await view.until(lambda: "e would write a file: this dashboard only reads." in view.text)
                canvas = "document.querySelector('body.-first-byte .xterm-screen canvas') !== null"
                assert (await view.ask("Runtime.evaluate", expression=canvas))["result"]["value"] is True
                assert {re.sub(r"(//[^/]+).*", r"\1", url) for url in view.asked if not url.startswith("data:")} == {
                    f"http://127.0.0.1:{port}"
                }
    finally:
        browser.terminate()
        await browser.wait()


class Viewed:
    """A page: what it asked for, and the text that came to be drawn, without what moves the cursor and colours it."""

    def __init__(self, devtools: Any) -> None:
        self._devtools = devtools
        self._sent = 0
        self._came = b""
        self.asked: list[str] = []

    @property
    def text(self) -> str:
        return re.sub(r"\x1b\[[\d;?]*[A-Za-z$]", "", self._came.decode(errors="replace"))

    async def send(self, method: str, **params: object) -> int:
        self._sent += 1
        await self._devtools.send_json({"id": self._sent, "method": method, "params": params})
        return self._sent

    async def ask(self, method: str, **params: object) -> Any:
        number = await self.send(method, **params)
        while (message := await self._next()).get("id") != number:
            pass
        return message["result"]

    async def until(self, holds: Any) -> None:
        while not holds():
            await self._next()

    async def _next(self) -> Any:
        message = json.loads((await self._devtools.receive()).data)
        params = message.get("params", {})
        if message.get("method") == "Network.requestWillBeSent":
            self.asked.append(params["request"]["url"])
        elif message.get("method") == "Network.webSocketFrameReceived" and params["response"]["opcode"] == 2:
            self._came += base64.b64decode(params["response"]["payloadData"])
        return message
