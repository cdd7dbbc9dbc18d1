"""Where models could be served from: brackets, seats and premiums, in sight and on the recorded week of 3 August 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import standin as recorded
from cli_market import AS_OF, ORIGIN, Cli
from orwatch.domain.catalogue import Pricing, Provider
from orwatch.domain.hosts import GROUPS, Bracket, Group, Host, HostLists, Reach, Seats, bracket, premium, reach
from orwatch.present.table import plain
from orwatch.present.tables.hosts import bracket_bar
from orwatch.store.cache import Cache

WEST = Group.of("west")


@pytest.mark.parametrize(
    ("seats", "how"),
    [
        (["US", "CA"], Reach.ALL),
        (["US", "CN"], Reach.SOME),
        (["US", None], Reach.SOME),
        (["SG"], Reach.NONE),
        (["SG", None], Reach.SEAT_UNKNOWN),
        ([None], Reach.SEAT_UNKNOWN),
        ([], Reach.NO_LIST),
    ],
)
def test_how_a_model_reaches_a_group(seats: list[str | None], how: Reach) -> None:
    assert reach(seats, WEST) is how


def test_what_is_not_known_is_in_neither_end_of_a_bracket() -> None:
    rows = [(30, Reach.ALL), (40, Reach.SOME), (5, Reach.NONE), (10, Reach.SEAT_UNKNOWN), (5, Reach.NO_LIST)]
    found = bracket(rows, outside=10)
    assert (found.at_least, found.at_most, found.nowhere, found.unknown) == (0.3, 0.7, 0.05, 0.25)
    assert Bracket(0, 0, 0, 0).at_least is None


@pytest.mark.parametrize(
    ("least", "most", "bar"),
    [
        (0.25, 0.85, "·····━━━━━━━━━━━━···"),
        (1.0, 1.0, "···················━"),
        (0.0, 0.001, "━···················"),
        (0.0, 0.0, "····················"),
    ],
)
def test_a_bracket_is_drawn_within_its_width(least: float, most: float, bar: str) -> None:
    assert plain(bracket_bar(least, most, 20, "text")) == bar


def test_groups_have_names_or_are_codes() -> None:
    assert {"US", "CA", "GB", "DE", "NO", "CH", "AU", "NZ"} <= WEST.countries
    assert not {"CN", "SG", "JP"} & WEST.countries
    assert Group.of("us ca") == Group("US CA", frozenset({"US", "CA"}))
    assert Group.of("eu").countries == GROUPS["EU"]


def test_a_premium_is_on_the_cheapest_of_all() -> None:
    assert premium(Decimal("0.6"), Decimal("0.2")) == 2
    assert premium(Decimal(0), Decimal(0)) is None, "what is free has none"
    assert premium(None, Decimal(1)) is None


def test_a_seat_of_the_users_own_goes_before_the_stated_one() -> None:
    seats = Seats({"novita": "US", "azure": "US"}, {"Novita": "CN"})
    assert seats.of(Host("Novita", "novita/fp8")) == "CN"
    assert seats.of(Host("Microsoft", "azure")) == "US", "by its slug where no name is alike"
    assert seats.of(Host("Nobody", "nobody")) is None
    assert (seats.is_assigned("NOVITA"), seats.is_assigned("Azure")) == (True, False)


# On the market of three weeks: deepseek/v4 300, anthropic/opus 110, qwen/max 100 of 900 thousand million tokens in the last


def host(name: str, given: str) -> Host:
    return Host(name, name.lower(), Pricing(Decimal(given) / 10**6, Decimal(given) / 10**6))


LISTS = {
    "deepseek/v4": (host("East", "0.2"), host("Prairie", "0.3"), host("Silent", "0.4")),
    "anthropic/opus": (host("Prairie", "5"),),
    "qwen/max": (host("East", "0.4"),),
    "openai/gpt": (host("Silent", "3"),),
}


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    made = Cli(tmp_path, monkeypatch, capsys)
    with Cache.open(made.cache, ORIGIN) as cache:
        seats = {"East": "CN", "Prairie": "US", "Silent": None}
        cache.catalogue.put_providers([Provider(name.lower(), name, seat) for name, seat in seats.items()], AS_OF)
        for id_, hosts in LISTS.items():
            cache.hosts.put(id_, hosts, AS_OF)
    return made


def test_made_in_and_served_from(cli: Cli) -> None:
    meta, rows = cli.json("hosts")
    by = {row["made_in"]: row for row in rows}
    assert next(iter(by)) == "all"
    assert list(by)[-1] == "other"
    assert by["all"]["at_least"] == pytest.approx(110 / 900)
    assert by["all"]["at_most"] == pytest.approx(410 / 900)
    assert by["all"]["nowhere"] == pytest.approx(100 / 900)
    assert by["all"]["unknown"] == pytest.approx(390 / 900)
    # deepseek 300, qwen 100, glm 50, kimi 30
    assert by["CN"]["at_most"] == pytest.approx(300 / 480)
    assert (by["other"]["at_least"], by["other"]["unknown"]) == (None, 1.0)
    assert (meta["group"]["name"], meta["hosts_seen"]) == ("West", "2026-06-22")
    assert meta["citation"].endswith("Source: OpenRouter (openrouter.ai/models), seen 2026-06-22.")


def test_another_group(cli: Cli) -> None:
    _, rows = cli.json("hosts", "--group", "cn")
    assert rows[0]["at_most"] == pytest.approx(400 / 900)
    code, _, err = cli("hosts", "--group", "XX")
    assert code == 2
    assert "West, EU, US, CN, or country codes" in err


def test_by_host_and_by_seat(cli: Cli) -> None:
    _, rows = cli.json("hosts", "--by", "host")
    assert [(row["host"], row["seat"], row["models"], round(row["could_serve"] * 900)) for row in rows] == [
        ("Prairie", "US", 2, 410),
        ("East", "CN", 2, 400),
        ("Silent", None, 2, 380),
    ]
    # deepseek/v4 at half as much again, anthropic/opus at the cheapest
    assert rows[0]["premium"] == pytest.approx(0.25)
    _, rows = cli.json("hosts", "--by", "seat")
    assert {row["seat"]: round(row["only"] * 900) for row in rows} == {"US": 110, "CN": 100, None: 80}


def test_the_price_of_staying(cli: Cli) -> None:
    _, rows = cli.json("hosts", "--by", "model")
    v4 = next(row for row in rows if row["permaslug"] == "deepseek/v4")
    assert (v4["hosts"], v4["hosts_in_group"], v4["premium"]) == (3, 1, 0.5)
    glm = next(row for row in rows if row["permaslug"] == "z-ai/glm")
    assert (glm["reach"], glm["premium"], glm["hosts"]) == ("no-list", None, None)


def test_a_seat_is_assigned_and_taken_back(cli: Cli) -> None:
    assert "Silent has its seat in FR" in cli("hosts", "assign", "Silent", "fr")[1]
    _, rows = cli.json("hosts", "--by", "host")
    assert [(row["seat"], row["assigned"]) for row in rows if row["host"] == "Silent"] == [("FR", "user")]
    assert 'Silent = "FR"' in cli.config.read_text()
    assert cli("hosts", "unassign", "silent")[0] == 0
    assert cli("hosts", "unassign", "silent")[0] == 2
    code, _, err = cli("hosts", "assign", "Silent", "UK")
    assert code == 2
    assert "GB (United Kingdom)" in err


def test_a_past_week_has_the_lists_of_then_or_none(cli: Cli) -> None:
    code, out, err = cli("hosts", "--at", "2026-06-08")
    assert (code, out) == (3, "")
    assert "No host lists were seen by the end of this week" in err
    with Cache.open(cli.cache, ORIGIN) as cache:
        day = date(2026, 6, 12)
        lists = HostLists(day, {"deepseek/v4": (host("Prairie", "1"),)})
        cache.snapshots.put(lists, day.isoformat(), datetime(2026, 6, 12, 3, tzinfo=UTC))
    meta, rows = cli.json("hosts", "--at", "2026-06-08")
    assert (meta["hosts_seen"], rows[0]["at_least"]) == ("2026-06-12", pytest.approx(200 / 700))


# The checks of the definitions


@pytest.fixture(scope="module")
def august() -> Iterator[str]:
    reason = recorded.absent()
    if reason is not None:
        pytest.skip(reason)
    with recorded.serve("2026-08-10T09:00:00Z") as url:
        yield url


@pytest.mark.recorded
def test_the_recorded_week(
    august: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    monkeypatch.setenv("ORWATCH_BASE_URL", august)
    monkeypatch.setenv("OPENROUTER_API_KEY", recorded.KEY)
    for _ in range(2):  # the hosts that a first start leaves come with the second poll
        assert cli("poll")[0] == 0
    _, rows = cli.json("hosts")
    found = {
        row["made_in"]: [round(100 * row[end], 1) for end in ("at_least", "at_most", "unknown")] for row in rows[:-1]
    }
    assert found["all"] == [29.7, 89.3, 10.4]
    assert found["CN"] == [0.6, 97.9, 1.5]
    assert found["US"] == [85.9, 91.5, 8.5]
    assert next(round(100 * row["nowhere"], 1) for row in rows if row["made_in"] == "CN") == 0.5

    _, rows = cli.json("hosts", "--by", "model")
    stay = {row["name"]: (row["hosts_in_group"], row["hosts"], row["premium"]) for row in rows}
    assert stay["DeepSeek V4 Flash 0731"] == (16, 24, pytest.approx(0.004, abs=5e-4))
    assert stay["GLM 5.2"][2] == pytest.approx(0.068, abs=5e-4)
    assert stay["Hy3"][2] == stay["Kimi K3"][2] == 0

    _, rows = cli.json("hosts", "--by", "host")
    assert len(rows) == 57
    assert (rows[0]["host"], rows[0]["models"], round(100 * rows[0]["could_serve"], 1)) == ("DeepInfra", 17, 59.5)
    assert rows[0]["premium"] == pytest.approx(0.165, abs=5e-4)
