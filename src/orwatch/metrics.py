"""The figures of a watch as Prometheus reads them: the extra `orwatch[metrics]`.

What is of the newest complete week is written out whenever the cache has changed; a scrape adds what is of the moment. It reads no
file and asks nobody.
"""

from __future__ import annotations

import platform
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any, Final

from msgspec.structs import replace

from orwatch import __version__
from orwatch.core.alerting import AlertService
from orwatch.core.judge import app_weeks
from orwatch.core.market import Market
from orwatch.core.outbox import Sent, Undelivered
from orwatch.core.poller import Failed, Synced
from orwatch.core.views.overview import snapshot
from orwatch.core.views.prices import gaps, price_list
from orwatch.core.watch import Fired
from orwatch.domain.alerts.alert import Standing
from orwatch.domain.alerts.registry import RULES
from orwatch.domain.apps import AppRecord
from orwatch.domain.catalogue import MILLION
from orwatch.domain.leads import Kind, Subject
from orwatch.domain.names import vendor_of
from orwatch.domain.overview import Snapshot
from orwatch.domain.periods import Grain, Period, State
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis
from orwatch.domain.vendors import UNATTRIBUTED
from orwatch.errors import ExtraMissingError, NoDataError, OrwatchError
from orwatch.listening import is_named, place
from orwatch.present.citation import APPS, citation, cited, models_citation
from orwatch.present.formats import moment

try:
    from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
    from prometheus_client.metrics_core import Metric
    from prometheus_client.registry import Collector
except ImportError:
    raise ExtraMissingError("--metrics", "metrics") from None

SILENT: Final = 60.0
"""Seconds without a look at the cache after which `/healthz` says that it is not well."""

ANSWER_SECONDS: Final = 10.0
"""Seconds that a request may take to arrive."""

NAMED: Final = ("permaslug", "vendor", "country")
"""Labels of a model."""

Number = float | Decimal
Figures = Sequence[tuple[str, str, Callable[[Any], Number | None]]]
"""Figures of a row: what each is called, what it says, and how it is read."""

MODEL: Final[Figures] = (
    ("tokens", "Tokens of the week.", lambda row: row.tokens),
    ("share_ratio", "Part of all tokens of the week.", lambda row: row.share),
    ("change_ratio", "Change of its tokens on the week before: 0.5 is 50 % more.", lambda row: row.change),
    ("rank", "Place among all named rows.", lambda row: row.rank),
    ("top_ten_streak", "Complete weeks in a row among the ten largest, at least.", lambda row: row.streak.length),
)
COUNTRY: Final[Figures] = (
    ("tokens", "Tokens of the week; with other, those outside the basis, they are all.", lambda row: row.tokens),
    ("share_ratio", "Part of all tokens of the week.", lambda row: row.share_of_all),
    (
        "attributed_ratio",
        "Part of the tokens of the basis whose country is known.",
        lambda row: row.share_of_attributed,
    ),
    ("change_ratio", "Change of its tokens on the week before: 0.5 is 50 % more.", lambda row: row.change),
)
VENDOR: Final[Figures] = (
    ("tokens", "Tokens of the week.", lambda row: row.tokens),
    ("share_ratio", "Part of all tokens of the week.", lambda row: row.share),
)
APP: Final[Figures] = (
    ("tokens", "Tokens of the week.", lambda row: row.tokens),
    ("requests", "Requests of the week.", lambda row: row.requests),
    ("share_ratio", "Part of all tokens of the week: what apps use at least.", lambda row: row.share),
)

Labelled = Iterable[tuple[Sequence[str | None], Number | None]]
"""Values of labels, and the figure under them; None where it is not known, and then it is left out."""


def _gauge(name: str, help_: str, labels: Sequence[str], rows: Labelled) -> Metric:
    family = GaugeMetricFamily(f"orwatch_{name}", help_, labels=labels)
    for values, figure in rows:
        if figure is not None:
            family.add_metric([value or UNATTRIBUTED for value in values], float(figure))
    return family


def _figures(of: str, figures: Figures, labels: Sequence[str], rows: Sequence[tuple[Any, Any]]) -> Iterator[Metric]:
    """The figures of rows, each with the values of its labels before it."""
    for name, help_, figure in figures:
        yield _gauge(f"{of}_{name}", help_, labels, ((at, figure(row)) for at, row in rows))


def _single(name: str, help_: str, figure: Number | None) -> Metric:
    return _gauge(name, help_, (), [((), figure)])


def _counter(name: str, help_: str, labels: Sequence[str], counts: Mapping[Any, int]) -> Metric:
    family = CounterMetricFamily(f"orwatch_{name}", help_, labels=labels)
    for values, count in counts.items():
        family.add_metric(values, count)
    return family


class _Families(Collector):
    """Families of metrics that are there already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """They."""
        return self._families


def week_of(market: Market, lens: Lens, versus: tuple[str, str]) -> Iterator[Metric]:
    """The newest complete week of a market, of the models on top50 and split on every basis; nothing without such a week."""
    try:
        views = [snapshot(market, Query(Grain.WEEK, "newest", replace(lens, basis=basis), versus)) for basis in Basis]
    except NoDataError:
        return
    whole = next(view for view in views if view.lens.basis is Basis.TOP50)
    if whole.state is not State.COMPLETE:
        return
    apps = app_weeks(market)
    app_week = apps.record.newest_complete() if apps else None
    yield from _sources(market, whole, apps, app_week)
    yield _single("market_tokens", "All tokens of the week, free ones included.", whole.total)
    yield _single("market_change_ratio", "Change of all tokens on the week before.", whole.total_change)
    yield _single("market_growth_streak", "Complete weeks in a row that grew, at least.", whole.total_grew.length)
    models = [((row.permaslug, row.vendor, row.country), row) for row in whole.models]
    yield from _figures("model", MODEL, NAMED, models)
    names = InfoMetricFamily("orwatch_model", "The name of a model.")
    for row in whole.models:
        names.add_metric((), {"permaslug": row.permaslug, "name": row.name})
    yield names
    known = [view for view in views if view.split.known]
    countries = [((row.key, view.lens.basis), row) for view in known for row in view.split.rows]
    yield from _figures("country", COUNTRY, ("country", "basis"), countries)
    vendors = [((row.vendor.slug, row.vendor.country, view.lens.basis), row) for view in known for row in view.vendors]
    yield from _figures("vendor", VENDOR, ("vendor", "country", "basis"), vendors)
    yield from _leads(market, known, versus)
    yield from _prices(market, whole, known)
    users = [((str(row.app_id), row.name), row) for row in apps.figures(app_week)] if apps and app_week else []
    yield from _figures("app", APP, ("app_id", "name"), users)


def _sources(market: Market, view: Snapshot, apps: AppRecord | None, app_week: Period | None) -> Iterator[Metric]:
    """Whence the figures are, with the line to cite, and of which days."""
    sources = InfoMetricFamily("orwatch_source", "The source to cite, by what it is of, and when it was read.")
    weeks = InfoMetricFamily("orwatch_week", "The newest complete week, by what it is of.")

    def add(of: str, line: str, as_of: datetime) -> None:
        sources.add_metric((), {"of": of, "source": view.source, "citation": line, "as_of": moment(as_of)})

    def add_week(of: str, week: Period, **more: str) -> None:
        weeks.add_metric((), {"of": of, "start": week.start.isoformat(), "end": week.end.isoformat(), **more})

    add("rankings", citation(view.source, market.now), market.now)
    add_week("rankings", view.period, origin=view.origin, composed=str(view.composed).lower())
    if seen := market.prices().seen_at:
        add("prices", models_citation(view.source, seen), seen)
    if apps is not None and app_week is not None:
        add("apps", cited(APPS, apps.weeks[app_week].as_of), apps.weeks[app_week].as_of)
        add_week("apps", app_week)
    yield from (sources, weeks)


def _leads(market: Market, views: Sequence[Snapshot], versus: tuple[str, str]) -> Iterator[Metric]:
    """Who leads, and the head to head, on every basis whose split is known."""
    a, b = versus
    yield _gauge(
        "versus_ratio",
        "Tokens of the week of a to those of b, the sides of the head to head.",
        ("a", "b", "basis"),
        (((a, b, view.lens.basis), view.standoff.ratio) for view in views),
    )
    rows = []
    for view in views:
        for subject in (Subject.versus(a, b), *map(Subject, (Kind.COUNTRY, Kind.VENDOR, Kind.MODEL))):
            lead = market.leadership(Grain.WEEK, view.lens, subject).lead(view.period)
            if lead.leader is not None:
                rows.append(((subject.kind, lead.leader, view.lens.basis), lead.streak.length))
    yield _gauge(
        "lead_streak", "Complete weeks in a row in which this leader led, at least.", ("kind", "leader", "basis"), rows
    )


def _prices(market: Market, view: Snapshot, bases: Sequence[Snapshot]) -> Iterator[Metric]:
    """What the ranked models cost, and the gap between countries."""
    prices, discounts = [], []
    for row in price_list(market, view.query).rows:
        if row.permaslug is None:
            continue
        at, figures = (row.permaslug, vendor_of(row.permaslug), row.country), row.figures
        for which in ("input", "output", "cached_input"):
            prices.append(((*at, which), _of_one(getattr(figures, which))))
        discounts.append((at, figures.discount))
    yield _gauge("model_price_usd", "The listed price of one token in US dollars.", (*NAMED, "price"), prices)
    yield _gauge("model_discount_ratio", "How far below its list price it is sold.", NAMED, discounts)
    medians, ratios = [], []
    for basis in bases:
        for which, gap in gaps(market, basis.lens).items():
            for country, median in (("CN", gap.cn), ("US", gap.us)):
                medians.append(((country, which, basis.lens.basis), _of_one(median)))
            ratios.append(((which, basis.lens.basis), gap.ratio))
    yield _gauge(
        "price_median_usd",
        "The middle price of one token of the models of a country in US dollars.",
        ("country", "price", "basis"),
        medians,
    )
    yield _gauge("price_gap_ratio", "The median of US to that of CN.", ("price", "basis"), ratios)


def _of_one(per_million: Decimal | None) -> Decimal | None:
    """The price of one token."""
    return None if per_million is None else per_million / MILLION


class Metrics:
    """The metrics of a watch: figures of its cache, and what it has done since it began.

    `renew` is called in a thread after each look at the cache; `count` with each happening; `exposition` by scrapes.
    """

    def __init__(self, service: AlertService, now: Callable[[], float] = time.monotonic) -> None:
        self.service = service
        self._now = now
        self._revision: int | None = None
        self._figures = b""
        self._noted: list[Metric] = []
        self._dated: datetime | None = None
        self._looked_at = now()
        channels = [sink.terms.channel for sink in service.sinks]
        self._polls = Counter({("succeeded",): 0, ("failed",): 0})
        self._fired = Counter({(rule,): 0 for rule in RULES})
        self._deliveries = Counter({(name, came): 0 for name in channels for came in ("sent", "failed")})

    def renew(self) -> None:
        """Takes over what the cache holds now. Blocking. Raises CacheError."""
        source, view = self.service.source, self.service.source.settings.view
        revision = source.cache.revision()
        if revision != self._revision:
            lens = Lens(free=view.free, merged=view.merge_variants)
            self._figures = generate_latest(_Families(week_of(source.market(), lens, view.versus)))
            self._revision = revision
        as_of, ahead = source.cache.rankings.newest_as_of(), source.coordination.server_now - source.machine()
        self._dated = None if as_of is None else as_of - ahead
        self._noted = [*self._of_the_cache()]
        self._looked_at = self._now()

    def count(self, happening: object) -> None:
        """Counts what happened, if it is something that is counted."""
        match happening:
            case Fired():
                self._fired[happening.known.alert.rule,] += 1
            case Synced(shared=False):
                self._polls["succeeded",] += 1
            case Failed():
                self._polls["failed",] += 1
            case Sent():
                self._deliveries[happening.channel, "sent"] += 1
            case Undelivered():
                self._deliveries[happening.channel, "failed"] += 1

    def exposition(self) -> bytes:
        """Everything, as text for Prometheus."""
        return self._figures + generate_latest(_Families(self._of_the_moment()))

    def trouble(self) -> str | None:
        """Why it is not well; None where it is."""
        silent = self._now() - self._looked_at
        return f"The cache has not been read for {silent:.0f} seconds." if silent > SILENT else None

    def _of_the_cache(self) -> Iterator[Metric]:
        """What the processes on the cache note, and the alerts that are remembered."""
        source, shared = self.service.source, self.service.source.coordination
        polled = None if shared.last_success is None else shared.last_success.timestamp()
        yield _single("last_poll_success_timestamp_seconds", "When a poll of any process last succeeded.", polled)
        yield _single("poll_failures", "Polls in a row that failed, of any process.", shared.failures)
        if source.has_key and source.demo_clock is None:
            used = shared.keyed_requests_today()
            left = max(0, shared.budget.per_day - used)
            yield _single("budget_requests_used", "Keyed requests of this UTC day, of all processes.", used)
            yield _single("budget_requests_left", "Keyed requests that this UTC day has left.", left)
        known = self.service.remembered().values()
        unread = Counter(one.alert.rule for one in known if one.unread)
        course = Counter(one.alert.rule for one in known if one.alert.state is Standing.ON_COURSE)
        for name, help_, found in (
            ("unread", "Alerts that fired and that nobody has acknowledged.", unread),
            ("on_course", "Alerts that the running period points to.", course),
        ):
            yield _gauge(f"alerts_{name}", help_, ("rule",), (((rule,), found[rule]) for rule in RULES))

    def _of_the_moment(self) -> Iterator[Metric]:
        age = None if self._dated is None else (self.service.source.machine() - self._dated).total_seconds()
        at_least = None if age is None else max(0.0, age)
        yield _single("data_age_seconds", "How old the newest figures are, by the server's clock.", at_least)
        yield from self._noted
        polls, came = "Polls since the start, by how they ended.", "Messages since the start, by what came of them."
        yield _counter("polls", polls, ("result",), self._polls.copy())
        yield _counter("alerts_fired", "Alerts that fired since the start.", ("rule",), self._fired.copy())
        yield _counter("deliveries", came, ("channel", "result"), self._deliveries.copy())
        build = {"version": __version__, "python": platform.python_version()}
        yield InfoMetricFamily("orwatch_build", "The program that serves this.", build)


class MetricsServer(ThreadingTCPServer):
    """Serves `/metrics` and `/healthz`. host: as it was given: requests by this name are answered."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, metrics: Metrics, host: str, port: int) -> None:
        """Raises OSError where the address cannot be had."""
        self.metrics = metrics
        self.host = host
        (family, _, _, _, address), *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        self.address_family = family
        super().__init__(address[:2], Handler)  # type: ignore[arg-type]

    @property
    def url(self) -> str:
        """Where the metrics are."""
        host, port = self.server_address[:2]
        return f"http://{place(str(host), int(port))}/metrics"


class Handler(BaseHTTPRequestHandler):
    """Answers a request from memory."""

    server: MetricsServer
    server_version = f"orwatch/{__version__}"
    sys_version = ""
    timeout = ANSWER_SECONDS
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """`/metrics`, `/healthz`, or a sentence."""
        metrics, path = self.server.metrics, self.path.partition("?")[0]
        if not is_named(self.headers.get("Host"), self.server.host):
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, "Ask by an address of this machine, or by its own name.")
        elif path == "/metrics":
            self._answer(HTTPStatus.OK, metrics.exposition(), CONTENT_TYPE_PLAIN_0_0_4)
        elif path == "/healthz":
            trouble = metrics.trouble()
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE if trouble else HTTPStatus.OK, trouble or "ok")
        else:
            self._answer(HTTPStatus.NOT_FOUND, "There are /metrics and /healthz.")

    def do_HEAD(self) -> None:
        """The same, without a body."""
        self.do_GET()

    def _answer(self, status: HTTPStatus, body: bytes | str, kind: str = "text/plain; charset=utf-8") -> None:
        content = f"{body}\n".encode() if isinstance(body, str) else body
        with suppress(OSError):  # whoever asked has gone
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
        """Nothing: standard error is for what the watch says."""


@contextmanager
def serving(metrics: Metrics, host: str, port: int) -> Iterator[MetricsServer]:
    """Serves until the block ends. Raises OrwatchError where the address cannot be had."""
    try:
        server = MetricsServer(metrics, host, port)
    except (OSError, UnicodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "no host has such a name"
        raise OrwatchError(
            f"No metrics can be served on {place(host, port)}: {cause}; give --metrics another address or port."
        ) from None
    with server:
        threading.Thread(target=server.serve_forever, args=(0.2,), daemon=True, name="metrics").start()
        try:
            yield server
        finally:
            server.shutdown()
