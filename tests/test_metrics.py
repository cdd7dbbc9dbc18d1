"""`orwatch watch --metrics`: what Prometheus reads, held against the figures of the market, and who is answered."""

from __future__ import annotations

import http.client
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from alerts_support import flip
from cli_market import AS_OF, BILLION, CITATION, ORIGIN, Cli, fill
from market_support import app_week, put_apps
from orwatch.config import BASE_URL, Settings
from orwatch.core.alerting import AlertService
from orwatch.core.outbox import Sent, Sink, Undelivered
from orwatch.core.poller import Failed, Synced
from orwatch.core.source import Source
from orwatch.core.watch import Fired
from orwatch.domain.alerts.memory import KnownAlert
from orwatch.errors import UsageError
from orwatch.listening import address_of
from orwatch.metrics import Metrics, serving
from orwatch.notify.channel import Message
from orwatch.store.cache import Cache
from orwatch.store.deliveries import Terms

KEY = "sk-or-secret"

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


async def _nowhere(message: Message) -> None: ...


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    fill(tmp_path / "cache.sqlite3")
    with Cache.open(tmp_path / "cache.sqlite3", ORIGIN) as cache:
        yield Source(Settings(), cache, BASE_URL, KEY, machine=lambda: AS_OF.replace(hour=3))


@pytest.fixture
def metrics(source: Source) -> Metrics:
    service = AlertService(source)
    service.sinks = (Sink(_nowhere, Terms("file")),)
    found = Metrics(service)
    found.renew()
    return found


def samples(metrics: Metrics) -> Samples:
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


def value(found: Samples, name: str, /, **labels: str) -> float | None:
    return found.get((f"orwatch_{name}", frozenset(labels.items())))


def labels(found: Samples, name: str) -> list[dict[str, str]]:
    return [dict(of) for (named, of) in found if named == f"orwatch_{name}"]


def test_figures_are_those_of_the_newest_complete_week(metrics: Metrics) -> None:
    found = samples(metrics)
    assert value(found, "market_tokens") == 900 * BILLION
    assert value(found, "market_change_ratio") == pytest.approx(200 / 700)
    v4 = {"permaslug": "deepseek/v4", "vendor": "deepseek", "country": "CN"}
    assert value(found, "model_tokens", **v4) == 300 * BILLION
    assert value(found, "model_share_ratio", **v4) == pytest.approx(1 / 3)
    assert value(found, "model_change_ratio", **v4) == pytest.approx(0.5)
    assert (value(found, "model_rank", **v4), value(found, "model_top_ten_streak", **v4)) == (1, 3)
    assert value(found, "model_price_usd", **v4, price="input") == 2e-7
    assert value(found, "model_price_usd", **v4, price="cached_input") == 2e-8
    assert value(found, "versus_ratio", a="CN", b="US", basis="top10") == pytest.approx(1.6)
    assert value(found, "lead_streak", kind="versus", leader="CN", basis="chart") == 2
    assert value(found, "price_gap_ratio", price="input", basis="chart") == pytest.approx(4 / 0.3)


def test_countries_sum_to_the_market_on_every_basis_whose_split_is_known(metrics: Metrics) -> None:
    found = samples(metrics)
    sums: dict[str, float] = {}
    for (name, of), n in found.items():
        if name == "orwatch_country_tokens":
            sums[dict(of)["basis"]] = sums.get(dict(of)["basis"], 0) + n
    assert sums == {"chart": 900 * BILLION, "top10": 900 * BILLION}, "ten rows do not fill top50"
    assert value(found, "country_tokens", country="??", basis="chart") == 40 * BILLION
    assert value(found, "country_tokens", country="other", basis="chart") == 80 * BILLION


def test_every_metric_that_a_rule_or_the_dashboard_names_is_in_a_scrape(metrics: Metrics) -> None:
    folder = Path(__file__).parents[1] / "contrib" / "monitoring"
    texts = [(folder / name).read_text() for name in ("orwatch.rules.yml", "grafana/dashboard.json")]
    named = {name for text in texts for name in re.findall(r"orwatch_\w+", text)}
    served = set(re.findall(r"^# TYPE (\w+)", metrics.exposition().decode(), re.MULTILINE))
    assert len(named) > 20
    assert named <= served, named - served


def test_what_is_not_known_is_left_out(metrics: Metrics) -> None:
    """Kimi is new, and is in no catalogue."""
    found = samples(metrics)
    kimi = {"permaslug": "moonshotai/kimi", "vendor": "moonshotai", "country": "CN"}
    assert value(found, "model_tokens", **kimi) == 30 * BILLION
    assert kimi not in labels(found, "model_change_ratio")
    assert kimi.items() not in [of.items() for of in labels(found, "model_price_usd")]
    assert labels(found, "country_attributed_ratio") == [
        {"country": code, "basis": basis} for basis in ("chart", "top10") for code in ("CN", "US")
    ] + [{"country": "FR", "basis": "top10"}]


def test_apps_are_those_of_their_newest_complete_week(metrics: Metrics, source: Source) -> None:
    put_apps(source.cache, app_week(date(2026, 6, 15), AS_OF, {"Cli": 90, "Agent": 45}))
    metrics.renew()
    found = samples(metrics)
    assert value(found, "app_tokens", app_id="3", name="Cli") == 90 * BILLION
    assert value(found, "app_share_ratio", app_id="5", name="Agent") == pytest.approx(0.05)
    _, _, cited = labels(found, "source_info")
    assert cited["citation"] == "Source: OpenRouter (openrouter.ai/apps), as of 2026-06-22T02:00:00Z."
    assert labels(found, "week_info")[1] == {"of": "apps", "start": "2026-06-15", "end": "2026-06-21"}


def test_the_source_the_age_and_the_budget_go_along(metrics: Metrics, source: Source) -> None:
    rankings, prices = labels(samples(metrics), "source_info")
    assert (rankings["citation"], rankings["as_of"]) == (CITATION, "2026-06-22T02:00:00Z")
    assert prices["citation"] == "Source: OpenRouter (openrouter.ai/models), seen 2026-06-22T02:00:00Z."
    source.coordination.spend("rankings")
    metrics.renew()
    found = samples(metrics)
    assert value(found, "data_age_seconds") == 3600
    assert (value(found, "budget_requests_used"), value(found, "budget_requests_left")) == (1, 499)


def test_happenings_are_counted_and_rules_begin_at_zero(metrics: Metrics) -> None:
    known = KnownAlert(flip(), 1, AS_OF)
    for happening in (Fired(known, {}), Synced(300.0), Synced(300.0, shared=True), Failed("It is down.", 10.0)):
        metrics.count(happening)
    metrics.count(Sent("file", ("one",)))
    metrics.count(Undelivered("file", ("two",), "the disk is full", None))
    found = samples(metrics)
    assert [value(found, "alerts_fired_total", rule=rule) for rule in ("lead-flip", "surge")] == [1, 0]
    assert [value(found, "polls_total", result=result) for result in ("succeeded", "failed")] == [1, 1]
    assert [value(found, "deliveries_total", channel="file", result=one) for one in ("sent", "failed")] == [1, 1]


def test_an_empty_cache_has_no_figures_and_is_well(tmp_path: Path) -> None:
    with Cache.open(None, ORIGIN) as cache:
        metrics = Metrics(AlertService(Source(Settings(), cache, BASE_URL, None)))
        metrics.renew()
        found = samples(metrics)
    assert labels(found, "build_info")
    assert (
        not labels(found, "market_tokens") + labels(found, "data_age_seconds") + labels(found, "budget_requests_left")
    )
    assert metrics.trouble() is None


@contextmanager
def served(metrics: Metrics, host: str = "127.0.0.1") -> Iterator[int]:
    with serving(metrics, host, 0) as server:
        yield int(server.server_address[1])


def ask(port: int, path: str, host: str = "localhost", method: str = "GET") -> tuple[int, str, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.putrequest(method, path, skip_host=True)
    connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    try:
        return answer.status, answer.headers.get("Content-Type", ""), answer.read().decode()
    finally:
        connection.close()


def test_a_scrape_is_of_memory_alone_and_holds_no_key(metrics: Metrics, source: Source) -> None:
    source.cache.close()
    with served(metrics) as port:
        status, kind, body = ask(port, "/metrics")
        assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
        assert "orwatch_market_tokens 9e+11\n" in body
        assert KEY not in body
        assert ask(port, "/metrics", method="HEAD")[::2] == (200, "")
        assert ask(port, "/healthz") == (200, "text/plain; charset=utf-8", "ok\n")
        assert ask(port, "/") == (404, "text/plain; charset=utf-8", "There are /metrics and /healthz.\n")


def test_only_requests_by_an_address_or_an_own_name_are_answered(metrics: Metrics) -> None:
    own = socket.gethostname()
    with served(metrics) as port:
        for host in ("127.0.0.1:9464", "[::1]:9464", "LOCALHOST", "localhost.", "10.0.0.8", own):
            assert ask(port, "/healthz", host)[0] == 200, host
        for host in ("evil.example", "evil.example:9464", "127.0.0.1.evil.example", "", "[evil]"):
            assert ask(port, "/metrics", host)[0] == 421, host


def test_a_watch_that_looks_no_more_is_not_well(source: Source) -> None:
    now = [0.0]
    metrics = Metrics(AlertService(source), now=lambda: now[0])
    metrics.renew()
    now[0] = 61.0
    with served(metrics) as port:
        assert ask(port, "/healthz")[::2] == (503, "The cache has not been read for 61 seconds.\n")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("9464", ("127.0.0.1", 9464)),
        ("0.0.0.0:80", ("0.0.0.0", 80)),
        ("[::1]:0", ("::1", 0)),
        ("box:9464", ("box", 9464)),
    ],
)
def test_where_metrics_are_served(text: str, address: tuple[str, int]) -> None:
    assert address_of("--metrics", text, 9464) == address


@pytest.mark.parametrize("text", ["", "localhost", ":9464", "127.0.0.1:", "::1:9464", "127.0.0.1:65536", "127.0.0.1:٣"])
def test_what_is_no_address_is_named(text: str) -> None:
    with pytest.raises(UsageError, match=r"takes an address and a port, such as 127.0.0.1:9464"):
        address_of("--metrics", text, 9464)


def test_what_keeps_it_from_serving_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(tmp_path, monkeypatch, capsys)
    assert cli("watch", "--once", "--metrics", "9464")[::2] == (
        2,
        "orwatch: --metrics serves for as long as a watch runs; it does not go with --once.\n",
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert cli("watch", "--offline", "--metrics", str(port)) == (
            1,
            "",
            f"orwatch: No metrics can be served on 127.0.0.1:{port}: Address already in use;"
            " give --metrics another address or port.\n",
        )
    monkeypatch.delitem(sys.modules, "orwatch.metrics")
    for name in [name for name in sys.modules if name.split(".")[0] == "prometheus_client"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    monkeypatch.delattr("orwatch.metrics", raising=False)
    assert cli("watch", "--offline", "--metrics", "9464") == (
        2,
        "",
        "orwatch: --metrics needs packages that are not installed: `pip install 'orwatch[metrics]'` brings them.\n",
    )
