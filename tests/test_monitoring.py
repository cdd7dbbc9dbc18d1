"""`contrib/monitoring`: its files before the programs that read them, and a flip from the demo through all of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import pytest

from orwatch.demo import DEMO_END, DEMO_KEY
from orwatch.demo.clock import DemoClock
from orwatch.demo.server import transport

FOLDER = Path(__file__).parents[1] / "contrib" / "monitoring"
BEFORE, AFTER = (datetime.fromisoformat(f"2026-02-{moment}Z") for moment in ("15T20:00", "16T02:00"))
"""Either side of the end of the week in which CN passed US."""
FLIP = "lead-flip|versus|CN:US|week|chart||CN|2026-02-09"

T = TypeVar("T")


def program(*names: str) -> str:
    """The path of a program by one of its names; the test is skipped without it."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip(f"{names[0]} is not installed")
    return found


def run(*argv: str | Path, stdin: bytes = b"", env: dict[str, str] | None = None) -> str:
    """Standard output of a program that succeeds."""
    done = subprocess.run([*map(str, argv)], input=stdin, capture_output=True, env=env, timeout=30, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout.decode()


def expressions() -> list[str]:
    """What the dashboard asks Prometheus, on the basis chart."""
    panels = json.loads((FOLDER / "grafana" / "dashboard.json").read_text())["panels"]
    return [target["expr"].replace("$basis", "chart") for panel in panels for target in panel.get("targets", ())]


def test_the_configurations_and_rules_are_valid() -> None:
    promtool = program("promtool")
    run(promtool, "check", "config", FOLDER / "prometheus.yml")
    run(promtool, "test", "rules", FOLDER / "orwatch.rules_test.yml")


def test_alertmanagers_configuration_is_valid() -> None:
    run(program("amtool"), "check-config", FOLDER / "alertmanager.yml")


class World:
    """On loopback: the demo's API at a moment that is set, and a receiver of what Alertmanager sends."""

    def __init__(self) -> None:
        self.moment = BEFORE
        self.received: list[dict[str, Any]] = []

    def told(self, id_: str) -> list[str]:
        """What a receiver was told of an alert: firing, resolved."""
        alerts = [alert for body in self.received for alert in body["alerts"]]
        return [alert["status"] for alert in alerts if alert["labels"].get("id") == id_]

    @contextmanager
    def served(self) -> Iterator[int]:
        """Its port."""
        world = self

        class Loopback(BaseHTTPRequestHandler):
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                request = httpx.Request("GET", f"https://demo.invalid{self.path}", headers=dict(self.headers))
                # The archive has no catalogue of that spring: the last one is there all the time.
                moment = DEMO_END if request.url.path.endswith("/models") else world.moment
                answer = transport(DemoClock(moment, 0.0)).handle_request(request)
                self.send_response(answer.status_code)
                for name in ("Date", "ETag"):
                    if name in answer.headers:
                        self.send_header(name, answer.headers[name])
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            def do_POST(self) -> None:
                world.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def send_response(self, code: int, message: str | None = None) -> None:
                self.send_response_only(code, message)

            def log_message(self, *args: object) -> None: ...

        with ThreadingHTTPServer(("127.0.0.1", 0), Loopback) as server:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            yield server.server_address[1]
            server.shutdown()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def started(argv: list[str], log: Path, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs until the block ends."""
    with log.open("wb") as out, subprocess.Popen(argv, stdout=out, stderr=out, env=env) as process:
        try:
            yield process
        finally:
            process.terminate()


def until(what: str, check: Callable[[], T | None], seconds: float = 20.0) -> T:
    """What a check gives as soon as it gives something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := check():
                return found
        except (OSError, httpx.HTTPError):
            pass  # not up yet
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come within {seconds:g} s")


@pytest.mark.timeout(90)
def test_a_flip_of_the_demo_comes_through_watch_prometheus_and_alertmanager_to_a_receiver_once(tmp_path: Path) -> None:
    prometheus, promtool, amtool = program("prometheus"), program("promtool"), program("amtool")
    alertmanager = program("prometheus-alertmanager", "alertmanager")
    world, ports = World(), [free_port() for _ in range(3)]
    scraped, asked, alerting = (f"127.0.0.1:{port}" for port in ports)
    config = tmp_path / "config.toml"
    config.write_text(
        '[view]\nbasis = "chart"\n[poll]\ninterval = 5\n[notify]\ngroup = 0\n'
        f'[notify.webhook]\nurl = "http://{alerting}"\nshape = "alertmanager"\n'
    )
    config.chmod(0o600)
    with ExitStack() as stack:
        port = stack.enter_context(world.served())
        for name in ("prometheus.yml", "orwatch.rules.yml", "alertmanager.yml"):
            text = (FOLDER / name).read_text().replace("127.0.0.1:9464", scraped).replace("127.0.0.1:9093", alerting)
            text = text.replace("127.0.0.1:5001", f"127.0.0.1:{port}")
            (tmp_path / name).write_text(re.sub(r"(group|scrape|evaluation)_interval: \w+", r"\1_interval: 1s", text))
        env = {key: value for key, value in os.environ.items() if not key.startswith(("ORWATCH", "XDG_"))}
        env |= {"HOME": str(tmp_path), "ORWATCH_CONFIG": str(config), "ORWATCH_CACHE": str(tmp_path / "cache.sqlite3")}
        env |= {"OPENROUTER_API_KEY": DEMO_KEY, "ORWATCH_BASE_URL": f"http://127.0.0.1:{port}/api/v1"}
        orwatch = [sys.executable, "-m", "orwatch"]
        for argv in (
            [*orwatch, "watch", "--metrics", scraped],
            [
                alertmanager,
                f"--config.file={tmp_path}/alertmanager.yml",
                f"--storage.path={tmp_path}/alerts",
                f"--web.listen-address={alerting}",
                "--cluster.listen-address=",
            ],
            [
                prometheus,
                f"--config.file={tmp_path}/prometheus.yml",
                f"--storage.tsdb.path={tmp_path}/series",
                f"--web.listen-address={asked}",
            ],
        ):
            stack.enter_context(started(argv, tmp_path / f"{Path(argv[0]).name}.log", env))
        client = stack.enter_context(httpx.Client(timeout=5, trust_env=False))

        def query(expression: str) -> list[dict[str, Any]]:
            response = client.get(f"http://{asked}/api/v1/query?query={quote(expression)}")
            if response.status_code == 503:  # it takes up its files yet
                return []
            answer = response.json()
            assert answer["status"] == "success", answer
            found: list[dict[str, Any]] = answer["data"]["result"]
            return found

        # Until the record has been polled and judged: what came before is history, and is sent to nobody.
        until("its figures in Prometheus", lambda: query("orwatch_market_tokens"))
        until("alertmanager", lambda: client.get(f"http://{alerting}/-/ready").is_success)
        world.moment = AFTER
        until("the flip", lambda: world.told(FLIP))
        (held,) = json.loads(
            run(amtool, "alert", "query", f"--alertmanager.url=http://{alerting}", "-o", "json", f"id={FLIP}")
        )
        assert {name: held["labels"][name] for name in ("alertname", "severity", "subject", "basis", "period")} == {
            "alertname": "OrwatchLeadFlip",
            "severity": "major",
            "subject": "CN:US",
            "basis": "chart",
            "period": "2026-02-09",
        }
        assert held["annotations"]["citation"].startswith(
            "Source: OpenRouter (openrouter.ai/rankings), as of 2026-02-16"
        )
        listed = run(*orwatch, *held["annotations"]["command"].split()[1:], "--format", "json", "--offline", env=env)
        assert FLIP in [row["id"] for row in json.loads(listed)["rows"]], "the command of an alert lists it"

        took = []
        for _ in range(10):
            begin = time.perf_counter()
            scrape = client.get(f"http://{scraped}/metrics")
            took.append(time.perf_counter() - begin)
        assert min(took) < 0.005, took
        assert DEMO_KEY not in scrape.text
        run(promtool, "check", "metrics", stdin=scrape.content)

        wanted = 'orwatch_country_tokens{basis="chart",country="CN"} > 4e12'
        (tokens,) = until("the week in Prometheus", lambda: query(wanted))
        assert float(tokens["value"][1]) == pytest.approx(4.119e12, rel=5e-4)
        # The archive has no discounts, and nothing is on course just after a week has ended.
        drawn = [each for each in expressions() if "discount" not in each and "on_course" not in each]
        until("a figure in every panel", lambda: all(map(query, drawn)))

        assert world.told(FLIP) == ["firing"], "once"
        run(*orwatch, "alerts", "ack", FLIP, env=env)
        until("its end", lambda: world.told(FLIP) == ["firing", "resolved"])
