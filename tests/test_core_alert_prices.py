"""Alerts about prices and listings, from what a cache saw: the catalogue at one time after the other.

Times are hours after 1 August 2026, 12:00 UTC. Prices are USD per million tokens.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import pytest
from msgspec.structs import replace

import recorded
from orwatch.api.models import read as decoded
from orwatch.core.judge import RuleSet, idle_alarms, judge
from orwatch.core.market import Market
from orwatch.domain.alerts.alert import Alert, Severity, Standing
from orwatch.domain.alerts.listings import Expiring
from orwatch.domain.alerts.memory import Findings, KnownAlert
from orwatch.domain.alerts.prices import Discount, Free, PriceChange, PriceCrosses
from orwatch.domain.alerts.registry import AlertRules
from orwatch.domain.alerts.rule import Freshness
from orwatch.domain.alerts.totals import Stale
from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.hosts import Host
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.domain.vendors import Attribution
from orwatch.present.alerts import message
from orwatch.store.cache import Cache
from rule_support import observed

START = datetime(2026, 8, 1, 12, tzinfo=UTC)
OLD = ("openai/old", "5")
"""What every catalogue lists, so that none is empty."""

EVERY = AlertRules(
    price_change=PriceChange(scope="all"),
    discount=Discount(scope="all"),
    free=Free(scope="all"),
    expiring=Expiring(scope="all"),
)
"""The rules about every model: the caches here hold no rankings."""


def entry(id_: str, given: str, out: str | None = None, **more: object) -> CatalogueModel:
    """An entry with its input price, and the output price where it is another."""
    pricing = Pricing(Decimal(given) / 10**6, Decimal(out or given) / 10**6)
    return CatalogueModel(id_, id_.partition(":")[0], id_, pricing=pricing, **more)  # type: ignore[arg-type]


class Watch:
    """A cache that sees catalogues."""

    def __init__(self) -> None:
        self.cache = Cache.open(None, "https://openrouter.ai")

    def see(self, hours: float, *entries: tuple[str, str] | CatalogueModel) -> Watch:
        """The catalogue at a time."""
        listed = [e if isinstance(e, CatalogueModel) else entry(*e) for e in (OLD, *entries)]
        self.cache.catalogue.put_models(listed, START + timedelta(hours=hours))
        return self

    def alerts(self, rule: str, rules: AlertRules | None = None) -> list[Alert]:
        """Every alert of a rule, oldest first."""
        market = Market(self.cache, Attribution())
        found = judge(market, RuleSet(rules or EVERY))
        return [alert for alert in reversed(found) if alert.rule == rule]


def hours(alert: Alert) -> float:
    assert alert.at is not None
    return (alert.at - START).total_seconds() / 3600


def told(watch: Watch, rule: str = "price-change") -> list[tuple[float, str, float]]:
    """When observed, which model, and the change of the input price in percent."""
    return [
        (hours(a), a.subject, round(float(str(a.values.get("input_change", 0))) * 100, 1)) for a in watch.alerts(rule)
    ]


# Changes of price


def cached(per_million: str | None) -> CatalogueModel:
    """A model at 1 and 2 USD, with its price of cached input."""
    read = Decimal(per_million) / 10**6 if per_million else None
    pricing = Pricing(Decimal(1) / 10**6, Decimal(2) / 10**6, read)
    return CatalogueModel("a/x", "a/x", "X", pricing=pricing)


def test_a_halved_price_of_cached_input_is_told() -> None:
    watch = Watch().see(0, cached("0.1")).see(24, cached("0.05")).see(48, cached("0.05")).see(72, cached("0.05"))
    (alert,) = watch.alerts("price-change")
    assert hours(alert) == 24
    assert alert.values == {
        "model": "a/x", "cached_input": "0.05", "cached_input_before": "0.1", "cached_input_change": -0.5,
    }  # fmt: skip
    assert alert.direction == "down"


@pytest.mark.parametrize("second", ["0.094", None, "0"])
def test_a_small_or_unknown_change_of_cached_input_is_not_told(second: str | None) -> None:
    watch = Watch().see(0, cached("0.1")).see(24, cached(second)).see(72, cached(second))
    assert watch.alerts("price-change") == []


@pytest.mark.parametrize("minutes", [0, 7, -7])
def test_a_price_that_rotates_daily_is_told_once_it_stands(minutes: int) -> None:
    """0.93, 0.29, 0.25, 0.96, 0.81 on consecutive days; looks are a few minutes early or late."""
    watch = Watch()
    for n, price in enumerate(("0.93", "0.29", "0.25", "0.96", "0.81")):
        watch.see(24 * n + (minutes / 60 if n % 2 else 0), ("deepseek/v", price))
        assert told(watch) == []
    watch.see(96 + 23.9, ("deepseek/v", "0.81"))
    assert told(watch) == []
    watch.see(96 + 24, ("deepseek/v", "0.81"))
    assert told(watch) == [(96, "deepseek/v", -12.9)]


def test_two_lasting_cuts_are_two_alerts() -> None:
    """$1, 0.5, 0.1, as one model's price fell in July 2026."""
    watch = Watch()
    for day, price in ((0, "1"), (4, "1"), (8, "0.5"), (12, "0.1"), (18, "0.1")):
        watch.see(24 * day, ("openai/luna", price))
    assert told(watch) == [(8 * 24, "openai/luna", -50.0), (12 * 24, "openai/luna", -80.0)]
    first = watch.alerts("price-change")[0]
    assert first.id == "price-change|model|openai/luna|day||0.07|down|2026-08-09T12:00:00Z"
    assert (first.severity, first.state, first.basis) == (Severity.NOTABLE, Standing.CONFIRMED, None)
    assert first.fired_at == START + timedelta(hours=9 * 24)
    assert first.values == {
        "model": "openai/luna",
        "input": "0.5", "input_before": "1", "input_change": -0.5,
        "output": "0.5", "output_before": "1", "output_change": -0.5,
    }  # fmt: skip


# An alarm at a value


def alarms(watch: Watch, rule: PriceCrosses) -> list[tuple[float, object, object, object]]:
    """When an alarm fired, the price before, the price then, and the value."""
    found = watch.alerts("price-crosses", AlertRules(price_crosses=rule))
    return [(hours(a), a.values["before"], a.values["now"], a.values["mark"]) for a in found]


def luna() -> Watch:
    """$1, 0.5, 0.1, as the price of one model fell in July 2026, with a day of $0.2 between."""
    watch = Watch()
    for day, price in ((0, "1"), (4, "0.5"), (8, "0.1"), (10, "0.2"), (11, "0.1")):
        watch.see(24 * day, ("openai/luna", price))
    return watch


def test_an_alarm_fires_at_once_when_the_price_comes_down_to_its_value() -> None:
    watch = luna()
    assert alarms(watch, PriceCrosses(model="openai/luna", at_most=0.5)) == [(4 * 24, "1", "0.5", "0.5")]
    (alert,) = watch.alerts("price-crosses", AlertRules(price_crosses=PriceCrosses(model="OpenAI/Luna", at_most=0.5)))
    assert alert.id == "price-crosses|model|openai/luna|day||0.5|input at most|2026-08-05T12:00:00Z"
    assert (alert.severity, alert.fired_at) == (Severity.NOTABLE, alert.at)


@pytest.mark.parametrize(("apart", "fired"), [(24, [8 * 24, 11 * 24]), (24.1, [8 * 24])])
def test_an_alarm_fires_again_after_the_price_has_stood_on_the_other_side(apart: float, fired: list[float]) -> None:
    """It fell below 0.15 on the 8th day, was above it for the tenth, and fell again."""
    rule = PriceCrosses(model="openai/luna", at_most=0.15, hours=apart)
    assert [at for at, *_ in alarms(luna(), rule)] == fired


def test_an_alarm_tells_a_rise_too_and_of_the_price_that_is_meant() -> None:
    watch = Watch().see(0, entry("a/x", "1", "2")).see(1, entry("a/x", "1", "3")).see(2, entry("a/x", "3", "3"))
    assert alarms(watch, PriceCrosses(model="a/x", at_least=3)) == [(2, "1", "3", "3")]
    assert alarms(watch, PriceCrosses(model="a/x", price="output", at_least=2.5)) == [(1, "2", "3", "2.5")]


def test_a_price_that_is_past_the_value_from_the_first_crosses_nothing() -> None:
    assert alarms(Watch().see(0, ("a/x", "1")).see(9, ("a/x", "0.9")), PriceCrosses(model="a/x", at_most=2)) == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (PriceCrosses(model="openai/luna", at_most=0.1), []),
        (PriceCrosses(), []),
        (PriceCrosses(model="openai/lunar", at_most=0.1), [
            "The price alarm for openai/lunar cannot fire: the catalogue lists no such model; nearest: openai/luna, openai/old."
        ]),
        (PriceCrosses(model="openai/luna"), [
            "The price alarm for openai/luna has no value: set at_most or at_least of alerts.price-crosses."
        ]),
    ],
)  # fmt: skip
def test_what_keeps_an_alarm_from_firing_is_said(rule: PriceCrosses, said: list[str]) -> None:
    assert idle_alarms(Market(luna().cache, Attribution()), AlertRules(price_crosses=rule)) == said


# Several rules of one kind


def test_two_rules_of_one_kind_find_their_own_and_what_both_find_is_one_alert() -> None:
    """A cut of 50 % passes a rule at 7 %, one of 80 % that one and another at 60 %, which needs an hour instead of a day."""
    later = ("price-change", PriceChange(scope="all", change=0.6, hours=1))
    found = luna().alerts("price-change", replace(EVERY, also=(later,)))
    assert [(hours(alert), alert.threshold) for alert in found] == [
        (4 * 24, "0.07"),
        (8 * 24, "0.6"),
        (10 * 24, "0.6"),
    ]


def test_another_rule_of_the_kind_does_not_tell_again_what_is_remembered() -> None:
    watch = luna()
    before = {alert.id: KnownAlert(alert, None, START) for alert in watch.alerts("price-change")}
    for change in (0.02, 0.3):
        rules = RuleSet(replace(EVERY, also=(("price-change", PriceChange(scope="all", change=change, hours=1)),)))
        found = judge(Market(watch.cache, Attribution()), rules, known=before)
        told = [alert.id for alert in found if alert.rule == "price-change"]
        assert set(before) <= set(told)
        assert len({id_.rpartition("|")[2] for id_ in told}) == len(told), "one at a time"


def test_what_was_told_stays_told_when_the_price_moves_on() -> None:
    watch = Watch().see(0, ("a/b", "1")).see(1, ("a/b", "2")).see(25, ("a/b", "2"))
    before = watch.alerts("price-change")
    assert len(before) == 1
    watch.see(26, ("a/b", "3"))
    assert watch.alerts("price-change") == before


@pytest.mark.parametrize(("price", "change"), [("1.069", None), ("1.07", 7.0), ("0.931", None), ("0.93", -7.0)])
def test_seven_percent_is_enough(price: str, change: float | None) -> None:
    watch = Watch().see(0, ("a/b", "1")).see(1, ("a/b", price)).see(40, ("a/b", price))
    assert told(watch) == ([] if change is None else [(1, "a/b", change)])


def test_small_steps_add_up_from_the_last_price_told() -> None:
    watch = Watch()
    for n, price in enumerate(("1", "0.96", "0.92", "0.88", "0.88")):
        watch.see(48 * n, ("a/b", price))
    assert told(watch) == [(96, "a/b", -8.0)]


def test_a_price_that_comes_back_within_the_day_is_none() -> None:
    watch = Watch().see(0, ("a/b", "1")).see(10, ("a/b", "2")).see(20, ("a/b", "1")).see(90, ("a/b", "1"))
    assert told(watch) == []


def test_noise_behind_the_sixth_digit_neither_is_a_change_nor_restarts_the_day() -> None:
    watch = Watch().see(0, ("a/b", "1")).see(1, ("a/b", "0.6")).see(20, ("a/b", "0.6000000000000001"))
    watch.see(26, ("a/b", "0.6"))
    assert told(watch) == [(1, "a/b", -40.0)]


def test_an_output_price_alone_is_told_as_such() -> None:
    watch = Watch().see(0, entry("a/b", "1", "4")).see(1, entry("a/b", "1", "5")).see(40, entry("a/b", "1", "5"))
    (alert,) = watch.alerts("price-change")
    assert alert.values == {"model": "a/b", "output": "5", "output_before": "4", "output_change": 0.25}
    assert alert.direction == "up"


def test_a_variant_that_moves_with_its_model_is_told_by_it() -> None:
    watch = Watch()
    for n, (price, batch, thinking) in enumerate((("2", "1", "2"), ("4", "2", "2"), ("4", "2", "9"), ("4", "2", "9"))):
        watch.see(48 * n, ("a/b", price), ("a/b:batch", batch), ("a/b:thinking", thinking))
    assert told(watch) == [(48, "a/b", 100.0), (96, "a/b:thinking", 350.0)]


@pytest.mark.parametrize("id_", ["~a/latest", "openrouter/auto"])
def test_aliases_and_routers_have_no_price_to_change(id_: str) -> None:
    prices = ("1", "3", "3") if id_.startswith("~") else ("-1000000", "3", "-1000000")
    watch = Watch()
    for n, price in enumerate(prices):
        watch.see(48 * n, (id_, price))
    assert told(watch) == []


def test_how_long_and_how_much_are_settings() -> None:
    watch = Watch().see(0, ("a/b", "1")).see(1, ("a/b", "1.03")).see(3, ("a/b", "1.03"))
    rules = AlertRules(price_change=PriceChange(scope="all", change=0.02, hours=2))
    assert [alert.subject for alert in watch.alerts("price-change", rules)] == ["a/b"]


# Free


def test_a_model_starts_and_ends_being_free() -> None:
    watch = Watch()
    for n, price in enumerate(("1", "0", "0", "1", "1", "1.05")):
        watch.see(48 * n, ("a/b", price))
    assert [(hours(a), a.direction, a.values["free"]) for a in watch.alerts("free")] == [
        (48, "starts", True),
        (144, "ends", False),
    ]
    assert told(watch) == [], "a price that becomes zero or stops being it is no change of price"


def test_free_for_less_than_a_day_is_not_told() -> None:
    watch = Watch().see(0, ("a/b", "1")).see(1, ("a/b", "0")).see(20, ("a/b", "1")).see(80, ("a/b", "1"))
    assert watch.alerts("free") == []


def test_a_free_variant_is_listed_and_taken_off() -> None:
    """As of a model whose free variant ran from 10 to 50 hours after the first look."""
    both = ("a/b", "1"), ("a/b:free", "0")
    watch = Watch().see(0, both[0]).see(10, *both).see(30, *both)
    assert watch.alerts("free") == []
    watch.see(50, *both)
    assert [(a.subject, a.direction, hours(a)) for a in watch.alerts("free")] == [("a/b:free", "starts", 10)]
    watch.see(60, both[0])
    assert len(watch.alerts("free")) == 1
    watch.see(80, both[0])
    assert [(a.direction, hours(a)) for a in watch.alerts("free")] == [("starts", 10), ("ends", 50)]


def test_a_free_variant_of_the_first_catalogue_or_of_a_new_model_is_no_news() -> None:
    watch = Watch().see(0, ("a/b", "1"), ("a/b:free", "0"))
    new = ("c/d", "1"), ("c/d:free", "0")
    watch.see(10, ("a/b", "1"), ("a/b:free", "0"), *new).see(60, ("a/b", "1"), ("a/b:free", "0"), *new)
    assert watch.alerts("free") == []
    assert [alert.subject for alert in watch.alerts("new-model")] == ["c/d"]


# Discounts


def test_a_discount_begins_changes_and_ends() -> None:
    watch = Watch()
    for n, discount in enumerate(("0", "0.5", "0.52", "0.25", "0", "0")):
        pricing = Pricing(Decimal(1), Decimal(1), discount=Decimal(discount))
        watch.see(48 * n, CatalogueModel("a/b", "a/b", "B", pricing=pricing))
    found = watch.alerts("discount")
    assert [(hours(a), a.direction, a.values["discount"], a.values["discount_before"]) for a in found] == [
        (48, "starts", 0.5, 0.0),
        (144, "down", 0.25, 0.5),
        (192, "ends", 0.0, 0.25),
    ]
    assert found[0].id == "discount|model|a/b|day||0.5|starts|2026-08-03T12:00:00Z"


def test_the_hosts_of_a_model_tell_its_discount() -> None:
    """The catalogue carries none in practice."""
    listed = entry("openai/luna", "0.1", "0.6")
    watch = Watch().see(0, listed)
    for hour, discount in ((1, "0"), (2, "0.5"), (30, "0.5")):
        pricing = Pricing(listed.pricing.prompt, listed.pricing.completion, discount=Decimal(discount))
        watch.cache.hosts.put("openai/luna", [Host("OpenAI", "openai", pricing)], START + timedelta(hours=hour))
        watch.see(hour, listed)
    (alert,) = watch.alerts("discount")
    assert (hours(alert), alert.values["discount"]) == (2, 0.5)
    assert message(alert, {}) == "openai/luna is sold at 50% off its list price, seen 1 August"


# Listings


def test_what_the_first_catalogue_lists_is_no_news() -> None:
    watch = Watch().see(0, ("a/b", "1")).see(5, ("a/b", "1"))
    assert watch.alerts("new-model") == []


def test_a_new_model_is_told_once_whatever_its_variants() -> None:
    """28 `:batch` ids one day, none four days later, 60 the week after: variants of models that are known are no new models."""
    watch = Watch().see(0, ("a/b", "1"))
    new = ("google/flash", "1"), ("google/flash:batch", "0.5"), ("a/b", "1"), ("a/b:batch", "0.5"), ("~g/latest", "1")
    watch.see(5, *new).see(6, ("a/b", "1")).see(7, *new, ("openrouter/auto", "-1"))
    (alert,) = watch.alerts("new-model")
    assert (alert.subject, hours(alert), alert.severity) == ("google/flash", 5, Severity.NOTE)
    assert alert.values == {"model": "google/flash", "vendor": "google", "country": "US", "cloaked": False}
    assert alert.id == "new-model|model|google/flash|day||||2026-08-01T17:00:00Z"


def days(watch: Watch, *rows: Iterable[str]) -> None:
    """Days from 1 August on: fifty rows each, those named the largest."""
    for n, named in enumerate(rows):
        slugs = [*named, *(f"openai/m{k}" for k in range(50))][:50]
        period = Period(Grain.DAY, date(2026, 8, 1) + timedelta(days=n))
        as_of = START + timedelta(days=len(rows))
        tokens = [(slug, 10**9 * (100 - k)) for k, slug in enumerate(slugs)]
        watch.cache.rankings.put([Listing.build(period, as_of, [*tokens, ("other", 5)])])


def test_a_cloaked_model_is_new_where_it_is_first_ranked() -> None:
    """No catalogue lists `stealth/ox-alpha`; the first day of the record tells nothing."""
    watch = Watch()
    days(watch, ["stealth/old"], ["stealth/old", "stealth/ox-alpha"], ["stealth/ox-alpha", "google/flash"])
    (alert,) = watch.alerts("new-model")
    assert (alert.subject, alert.period.start, alert.values["cloaked"]) == ("stealth/ox-alpha", date(2026, 8, 2), True)
    assert (
        message(alert, {})
        == "stealth/ox-alpha, a cloaked model under stealth, is ranked for the first time: 99.0B, 2 August"
    )


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("2026-07-31", False),  # it had ended when it was first seen
        ("2026-08-01", True),
        ("2026-08-02", True),
        ("2026-08-15", True),
        ("2026-08-16", False),
        ("2098-12-31", False),
    ],
)
def test_a_model_that_ends_within_two_weeks_is_told(end: str, told: bool) -> None:
    watch = Watch().see(0, entry("openai/chat", "1", expires=date.fromisoformat(end)))
    found = watch.alerts("expiring")
    assert [(a.values["expires"], a.severity) for a in found] == ([(end, Severity.NOTE)] if told else [])


def test_another_end_is_another_alert() -> None:
    ids = set()
    for day in (10, 12):
        watch = Watch().see(0, entry("openai/chat", "1", expires=date(2026, 8, day)))
        ids |= {alert.id for alert in watch.alerts("expiring")}
    assert ids == {f"expiring|model|openai/chat|day||14||2026-08-{day}" for day in (10, 12)}


def test_an_end_is_known_when_it_comes_near_or_the_model_is_seen() -> None:
    watch = Watch().see(0, entry("openai/chat", "1", expires=date(2026, 8, 10)))
    watch.see(24, entry("openai/chat", "1", expires=date(2026, 8, 10)), entry("b/c", "1", expires=date(2026, 8, 16)))
    first, second = watch.alerts("expiring")
    assert (first.subject, first.fired_at) == ("openai/chat", START)
    assert (second.subject, second.fired_at) == ("b/c", START + timedelta(hours=24))


# Fresh data


@pytest.mark.parametrize(
    ("since_success", "since_figures", "told"),
    [
        (5.9, 20, None),
        (6.0, 20, "poll"),
        (100, 200, "poll"),
        (1, 47, None),
        (1, 48, "source"),
        (None, 300, "source"),
        (None, None, None),
    ],
)
def test_no_fresh_data(since_success: float | None, since_figures: float | None, told: str | None) -> None:
    def ago(span: float | None) -> datetime | None:
        return None if span is None else START - timedelta(hours=span)

    found = list(Stale().find(observed(freshness=Freshness(START, ago(since_success), START, ago(since_figures)))))
    assert [alert.values["what"] for alert in found] == ([told] if told else [])
    assert all(alert.severity is Severity.MAJOR for alert in found)


@pytest.mark.parametrize("settings", [{"on": False}, {"muted": ("total",)}, {"only": ("CN",)}])
def test_stale_data_are_not_told_where_the_rule_says_so(settings: dict[str, Any]) -> None:
    fresh = Freshness(START + timedelta(days=9), START, START + timedelta(days=9), START)
    rules = AlertRules(stale=Stale(**settings))
    assert judge(Market(Watch().cache, Attribution()), RuleSet(rules), freshness=fresh) == ()


def test_one_failure_is_told_once_however_long_it_lasts() -> None:
    market = Market(Watch().cache, Attribution())
    ids = set()
    for span in (7, 8, 90):
        now = START + timedelta(hours=span)
        fresh = Freshness(now, START, now, START)
        ids |= {alert.id for alert in judge(market, RuleSet(), freshness=fresh)}
    assert ids == {"stale|total|total|day||6|poll|2026-08-01T12:00:00Z"}


# The recorded catalogues, served in turn


RECORDED = [
    date(2026, 7, 17),
    date(2026, 7, 20),
    date(2026, 7, 24),
    date(2026, 7, 28),
    date(2026, 8, 1),
    date(2026, 8, 7),
]


@pytest.mark.recorded
def test_the_recorded_catalogues_raise_one_alert_for_each_lasting_change() -> None:
    folder = recorded.DATA / "models"
    if not folder.exists():
        pytest.skip("no recorded catalogues")
    watch = Watch()
    seen: dict[str, list[float]] = {}
    fired: list[str] = []
    for day in [*RECORDED, date(2026, 8, 9)]:
        body = (folder / f"{min(day, RECORDED[-1])}.json").read_bytes()
        at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
        watch.cache.catalogue.put_models(decoded(body)[0], at)
        for model in json.loads(body)["data"]:
            prices = seen.setdefault(model["id"], [])
            price = round(float(model["pricing"]["prompt"]) * 1e6, 6)
            if price > 0 and (not prices or abs(price - prices[-1]) >= 0.07 * prices[-1]):
                prices.append(price)
        fired += [alert.id for alert in watch.alerts("price-change") if alert.id not in fired]
    found = watch.alerts("price-change")
    assert sorted(fired) == sorted(alert.id for alert in found), "none twice, none taken back"
    by_input = [alert for alert in found if "input" in alert.values and ":" not in alert.subject]
    changes = {
        id_: len(prices) - 1 for id_, prices in seen.items() if len(prices) > 1 and id_[0] != "~" and ":" not in id_
    }
    assert {id_: sum(a.subject == id_ for a in by_input) for id_ in changes} == changes
    assert len(by_input) == sum(changes.values())
    luna = [
        (str(a.period.start), a.values["input_before"], a.values["input"])
        for a in found
        if a.subject == "openai/gpt-5.6-luna"
    ]
    assert luna == [("2026-07-28", "1", "0.5"), ("2026-08-01", "0.5", "0.1")]
    assert [str(a.period.start) for a in found if a.subject == "deepseek/deepseek-v4-flash-0731"] == ["2026-08-07"]


# Whose prices are told


@pytest.fixture(scope="module")
def market_of_august() -> Watch:
    """The recorded days and catalogues of summer 2026, the last of which stood for two days."""
    folder = recorded.DATA / "models"
    if not folder.exists():
        pytest.skip("no recorded catalogues")
    watch = Watch()
    watch.cache.rankings.put(recorded.listings(Grain.DAY))
    for day in [*RECORDED, date(2026, 8, 9)]:
        body = (folder / f"{min(day, RECORDED[-1])}.json").read_bytes()
        watch.cache.catalogue.put_models(decoded(body)[0], datetime(day.year, day.month, day.day, 2, tzinfo=UTC))
    return watch


def of_the_first(watch: Watch, scope: Literal["ranked", "pinned", "all"], *favourites: str) -> list[str]:
    """The models whose prices changed on 1 August 2026, that are told."""
    rules = RuleSet(AlertRules(price_change=PriceChange(scope=scope)), favourites=favourites)
    found = judge(Market(watch.cache, Attribution({})), rules)
    return sorted(a.subject for a in found if a.rule == "price-change" and a.period.start == date(2026, 8, 1))


@pytest.mark.recorded
def test_of_prices_those_of_ranked_and_pinned_models_are_told_unless_all_are_asked_for(market_of_august: Watch) -> None:
    assert len(of_the_first(market_of_august, "all")) == 23
    ranked = of_the_first(market_of_august, "ranked")
    assert ranked == [
        "google/gemma-4-26b-a4b-it", "google/gemma-4-31b-it", "moonshotai/kimi-k2.6", "nvidia/nemotron-3-ultra-550b-a55b",
        "openai/gpt-5.6-luna", "openai/gpt-5.6-luna-pro", "openai/gpt-5.6-terra", "poolside/laguna-s-2.1", "z-ai/glm-5.2",
    ]  # fmt: skip
    pinned = "qwen/qwen3-coder-next"
    assert pinned not in ranked
    assert of_the_first(market_of_august, "ranked", pinned) == sorted([*ranked, pinned])
    assert of_the_first(market_of_august, "pinned", pinned) == [pinned]
    assert of_the_first(market_of_august, "pinned") == []


@pytest.mark.recorded
def test_a_model_that_a_rule_names_needs_no_rank(market_of_august: Watch) -> None:
    rules = RuleSet(AlertRules(price_change=PriceChange(only=("qwen/qwen3-coder-next",))))
    found = judge(Market(market_of_august.cache, Attribution({})), rules)
    assert {a.subject for a in found if a.rule == "price-change"} == {"qwen/qwen3-coder-next"}


@pytest.mark.recorded
def test_other_rules_neither_fire_again_nor_take_back_what_is_remembered() -> None:
    """An earlier version told the prices of all models; this one those of ranked models."""
    watch = Watch()
    folder = recorded.DATA / "models"
    watch.cache.rankings.put(recorded.listings(Grain.DAY))

    def look(rules: RuleSet, day: date) -> tuple[str, ...]:
        body = (folder / f"{min(day, date(2026, 8, 1))}.json").read_bytes()
        at = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
        watch.cache.catalogue.put_models(decoded(body)[0], at)
        market = Market(watch.cache, Attribution({}))
        found = Findings(rules.scope, watch.cache.revision(), judge(market, rules), {}, at)
        recorded_ = watch.cache.alerts.record(found, at)
        assert recorded_ is not None
        assert recorded_.retracted == ()
        return recorded_.news

    before, after = RuleSet(EVERY), RuleSet()
    for day in (date(2026, 7, 28), date(2026, 8, 1)):
        look(before, day)
    news = look(before, date(2026, 8, 2))
    assert sum(id_.startswith("price-change|") for id_ in news) == 22
    assert look(after, date(2026, 8, 2)) == ()
    unread = {known.alert.id for known in watch.cache.alerts.known(START).values() if known.unread}
    assert unread >= set(news)
