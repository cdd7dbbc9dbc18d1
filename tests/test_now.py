"""The period in progress: its figures, where it is heading, what it may turn, and the line that tells them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

import standin as recorded
from cli_market import BILLION, ORIGIN, Cli
from orwatch.core.market import Market
from orwatch.core.views.overview import beside, now, snapshot
from orwatch.domain.now import Now, Outlook, outlook
from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Listing, Record
from orwatch.domain.vendors import Attribution
from orwatch.present.formats import cell_width
from orwatch.present.now import lines, one_line, spoken
from orwatch.present.table import plain
from orwatch.store.cache import Cache

MONDAY = date(2026, 6, 22)
THURSDAY = datetime(2026, 6, 25, 2, tzinfo=UTC)
"""Of the week that runs: its Monday, Tuesday and Wednesday are over."""


def day_listing(day: date, cn: int, us: int = 0, *, as_of: datetime | None = None) -> Listing:
    """A day with two models, in thousand millions of tokens; taken the morning after unless told otherwise."""
    taken = as_of or datetime(day.year, day.month, day.day, 2, tzinfo=UTC) + timedelta(days=1)
    return Listing.build(Period(Grain.DAY, day), taken, [("deepseek/v4", cn * BILLION), ("openai/gpt", us * BILLION)])


def days_from(first: date, totals: Sequence[int]) -> list[Listing]:
    """Days one after the other, each with as many thousand millions."""
    return [day_listing(first + timedelta(days=n), total) for n, total in enumerate(totals)]


def outlook_of(grain: Grain, days: Sequence[Listing], moment: datetime) -> Outlook | None:
    """The outlook of the running period of a record of days, in thousand millions."""
    record = Record.build(grain, moment, [], days)
    running = record.running
    assert running is not None
    totals = {one.period.start: one.total for one in days if one.period.settled_by(one.as_of)}
    found = outlook(record, running, totals)
    return found and Outlook(found.low // BILLION, found.high // BILLION, found.periods)


# Monday to Wednesday had 3 of 10, 6 of 10 and 4 of 10 in the three weeks before.
WEEKS = [*(1, 1, 1, 1, 1, 1, 4), *(2, 2, 2, 1, 1, 1, 1), *(1, 1, 2, 2, 2, 1, 1)]
THREE_WEEKS = days_from(date(2026, 6, 1), WEEKS)


def test_a_running_week_is_heading_for_what_the_share_of_its_days_gave_before() -> None:
    days = [*THREE_WEEKS, *days_from(MONDAY, [1, 2, 3])]
    # 6 so far: 6 ÷ 0.6 = 10, 6 ÷ 0.4 = 15, 6 ÷ 0.3 = 20
    assert outlook_of(Grain.WEEK, days, THURSDAY) == Outlook(10, 20, 3)


def test_the_running_day_is_not_in_it() -> None:
    thursday = day_listing(THURSDAY.date(), 5, as_of=THURSDAY)
    days = [*THREE_WEEKS, *days_from(MONDAY, [1, 2, 3]), thursday]
    assert outlook_of(Grain.WEEK, days, THURSDAY) == Outlook(10, 20, 3)


def test_a_week_that_lacks_a_day_tells_nothing() -> None:
    days = [*THREE_WEEKS, *days_from(MONDAY, [1, 2, 3])]
    assert outlook_of(Grain.WEEK, days[1:], THURSDAY) == Outlook(10, 15, 2)


def test_no_more_than_eight_weeks_tell_it() -> None:
    even = days_from(MONDAY - timedelta(weeks=8), [1] * 56)
    odd = days_from(MONDAY - timedelta(weeks=9), [1, 0, 0, 0, 0, 0, 99])
    assert outlook_of(Grain.WEEK, [*odd, *even, *days_from(MONDAY, [3, 3, 3])], THURSDAY) == Outlook(21, 21, 8)


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_running_week_that_lacks_a_day_is_not_reckoned_on(missing: int) -> None:
    days = days_from(MONDAY, [1, 2, 3])
    del days[missing]
    assert outlook_of(Grain.WEEK, [*THREE_WEEKS, *days], THURSDAY) is None


def test_before_its_first_day_is_over_nothing_is_known_of_it() -> None:
    monday = datetime(2026, 6, 22, 2, tzinfo=UTC)
    assert outlook_of(Grain.WEEK, [*THREE_WEEKS, day_listing(MONDAY, 1, as_of=monday)], monday) is None


def test_months_of_other_lengths_tell_it_by_the_days_that_are_left() -> None:
    """1 a day in February, 2 a day since: 31 days of 2."""
    days = [*days_from(date(2026, 2, 1), [1] * 28), *days_from(date(2026, 3, 1), [2] * 14)]
    assert outlook_of(Grain.MONTH, days, datetime(2026, 3, 15, 2, tzinfo=UTC)) == Outlook(62, 62, 1)


def test_a_month_that_is_longer_than_the_one_before_is_not_told_by_it_at_its_end() -> None:
    days = [*days_from(date(2026, 1, 1), [1] * 59), *days_from(date(2026, 3, 1), [2] * 29)]
    assert outlook_of(Grain.MONTH, days, datetime(2026, 3, 30, 2, tzinfo=UTC)) == Outlook(62, 62, 1)


# The view


def market_of(listings: Sequence[Listing]) -> Market:
    """A market of some listings, in memory."""
    cache = Cache.open(None, ORIGIN)
    cache.rankings.put(listings)
    return Market(cache, Attribution({}))


def turning() -> list[Listing]:
    """A week that CN led 40 to 30, and Monday to Wednesday of the next: US 24 to 18."""
    before = [day_listing(MONDAY - timedelta(days=7 - n), 6 if n < 5 else 5, 4 if n < 5 else 5) for n in range(7)]
    return [*before, *(day_listing(MONDAY + timedelta(days=n), 6, 8) for n in range(3))]


def test_a_lead_that_would_turn_is_told_with_who_and_how_much() -> None:
    market = market_of(turning())
    found = now(market, Query())
    assert (found.flip is not None, found.subject and found.subject.id) == (True, "CN:US")
    text = "  ".join(map(plain, next(lines(found))))
    assert text == (
        "now    22–28 Jun ~ day 3 of 7    42.0B ▲ 40.0% ~ same days    US : CN 1.3 : 1    ≈ 98B by Sunday"
        "  ◇ on course US passes CN 24.00 : 18.00"
    )
    assert list(spoken(found)) == [
        "In progress: week of 22 to 28 June 2026, day 3 of 7.",
        "So far 42.0 billion tokens, up 40.0 percent on the same days before.",
        "The United States leads China 1.3 to 1 so far.",
        "It is heading for 98 billion by Sunday, if its days have the share that they had in the week before.",
        "On course: the United States passes China, 24.00 to 18.00 billion tokens.",
    ]


def test_a_lead_that_would_turn_without_figures_is_told_all_the_same() -> None:
    found = now(market_of(turning()), Query())
    assert found.flip is not None
    bare = replace(found, flip=replace(found.flip, tokens={"US": None, "CN": None}))
    assert [*spoken(bare)][-1] == "On course: the United States passes China."
    assert plain(next(lines(bare))[1]) == "◇ on course US passes CN"


def test_where_nothing_of_it_is_known_the_line_says_so() -> None:
    week = turning()[:7]
    assert plain(next(lines(now(market_of(week), Query())))[0]) == (
        "now    22–28 Jun ~ day 0 of 7    no figures before its first day ends"
    )
    catalogue_alone = day_listing(date(2026, 6, 1), 1, as_of=datetime(2026, 6, 24, 2, tzinfo=UTC))
    found = now(market_of([*week, catalogue_alone]), Query())
    assert plain(next(lines(found))[0]).endswith("~ day 0 of 7    no figures of it")
    assert list(spoken(found)) == ["In progress: week of 22 to 28 June 2026; no figures of it."]


def test_a_week_that_lacks_a_day_is_marked_and_compared_with_nothing() -> None:
    days = turning()
    del days[8]
    found = now(market_of(days), Query())
    assert plain(next(lines(found))[0]) == "now    22–28 Jun ~ day 2 of 7 partial    28.0B    US : CN 1.3 : 1"


def test_beside_trailing_weeks_stands_the_week() -> None:
    market = market_of(turning())
    assert now(market, Query(Grain.TRAILING)) == now(market, Query(Grain.WEEK))


def test_a_running_day_has_a_total_and_a_lead_and_no_more() -> None:
    market = market_of([*turning(), day_listing(THURSDAY.date(), 4, 1, as_of=THURSDAY)])
    assert plain(next(lines(now(market, Query(Grain.DAY))))[0]) == "now    25 Jun ~ running    5.00B    CN : US 4.0 : 1"


# The one line


def test_the_line_of_a_prompt_fits_and_says_as_much_as_there_is_room_for() -> None:
    market = market_of(turning())
    complete, running = beside(market, Query()), now(market, Query())
    whole = one_line(complete, running, Lens())
    assert whole == (
        "15–21 Jun ✓ 70.0B CN : US 1.3 : 1 · 22–28 Jun ~ day 3 of 7 42.0B ▲ 40.0% ~ same days US : CN 1.3 : 1"
        " ≈ 98B by Sunday · ◇ on course US passes CN 24.00 : 18.00 · top50"
    )
    widths = [cell_width(one_line(complete, running, Lens(), width)) for width in range(1, 200)]
    assert all(taken <= width for width, taken in enumerate(widths, 1))
    assert widths[-1] == cell_width(whole)
    assert one_line(complete, running, Lens(), 64) == "15–21 Jun 70.0B CN 1.3 : 1 · ~ 3 of 7 42.0B US 1.3 : 1 · top50"
    assert one_line(complete, running, Lens(), 46) == "70.0B CN 1.3 : 1 · ~ 3 of 7 42.0B US 1.3 : 1"
    assert one_line(complete, running, Lens(), 40) == "70.0B CN 1.3 : 1 · ~ 3 of 7 42.0B"
    assert one_line(complete, running, Lens(), 30) == "70.0B · ~ 3 of 7 42.0B"
    assert one_line(complete, running, Lens(), 16) == "70.0B · ~ 42.0B"


def test_without_a_complete_period_the_line_has_the_running_one_alone() -> None:
    market = market_of(turning()[7:])
    found = one_line(beside(market, Query()), now(market, Query()), Lens(Basis.CHART, free=False))
    assert found == "22–28 Jun ~ day 3 of 7 42.0B US : CN 1.3 : 1 · chart free out"


def test_status_prints_it_without_the_network(cli: Cli) -> None:
    line = (
        "15–21 Jun ✓ 900B ▲ 28.6% CN : US 1.6 : 1 · 22–28 Jun ~ day 0 of 7 no figures before its first day ends"
        " · chart · not polled\n"
    )
    assert cli("status", "--format", "line", "--basis", "chart") == (0, line, "")
    narrow = cli("status", "--format", "line", "--basis", "chart", "--width", "44")[1]
    assert narrow == "900B CN 1.6 : 1 · ~ 0 of 7 no figures\n"


def test_the_line_follows_all_that_it_depends_on(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is kept from call to call."""

    def line(*more: str) -> str:
        return cli("status", "--format", "line", *more)[1]

    first = line()
    assert (line(), "900B" in first, "top50" in first) == (first, True, True)
    assert "chart" in line("--basis", "chart")
    (cli.folder / "other.toml").write_text('[view]\nbasis = "top10"\n')
    with monkeypatch.context() as patch:
        patch.setenv("ORWATCH_CONFIG", str(cli.folder / "other.toml"))
        assert "top10" in line()
    assert line() == first
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.rankings.put([Listing.build(Period(Grain.WEEK, MONDAY), THURSDAY, [("openai/gpt", 7 * BILLION)])])
    assert "~ day 3 of 7 7.00B" in line()
    cli.config.write_text('[view]\nbasis = "chart"\n')
    assert "chart" in line()
    cli.cache.unlink()
    assert cli("status", "--format", "line")[0] == 3


def test_figures_that_nobody_polled_for_a_day_say_how_old_they_are(cli: Cli) -> None:
    def line() -> str:
        return cli("status", "--format", "line")[1].rpartition(" · ")[2].strip()

    def polled(ago: timedelta) -> None:
        with Cache.open(cli.cache, ORIGIN) as cache:
            cache.journal.set("last_success", str((datetime.now(UTC) - ago).timestamp()))

    assert line() == "not polled"
    polled(timedelta(days=3, hours=1))
    assert line() == "3 d old"
    (kept,) = cli.folder.glob("caches/**/line.json")
    (told,) = json.loads(kept.read_text()).values()
    kept.write_text(kept.read_text().replace(str(told["until"]), "1.0").replace("3 d old", "2 d old"))
    assert line() == "3 d old", "a day later it is made anew"
    polled(timedelta(hours=23))
    assert line() == "top50", "a poll that brought nothing new"


def test_what_is_kept_of_it_may_be_damaged_or_have_no_place(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    first = cli("status", "--format", "line")
    (kept,) = cli.folder.glob("caches/**/line.json")
    for text in (
        "",
        "[]",
        "{",
        kept.read_text().replace('"revision"', '"revised"'),
        kept.read_text().replace("[", "{"),
    ):
        kept.write_text(text)
        assert cli("status", "--format", "line") == first
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/none")
    assert cli("status", "--format", "line") == first


def test_a_cache_that_is_named_from_the_working_folder_has_its_own_line(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("ORWATCH_CACHE", "cache.sqlite3")
    monkeypatch.chdir(tmp_path)
    assert "900B" in cli("status", "--format", "line")[1]
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert cli("status", "--format", "line")[0] == 3


def test_status_refuses_a_width_that_is_none_or_has_no_line(cli: Cli) -> None:
    assert cli("status", "--format", "line", "--width", "wide") == (
        2,
        "",
        "orwatch: --width is 'wide'; it takes a number of cells from 1 to 9999.\n",
    )
    assert cli("status", "--width", "80")[0] == 2


def test_status_of_an_empty_cache_says_how_to_fill_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    assert cli("status", "--format", "line") == (
        3,
        "",
        "orwatch: The cache is empty, and no archive lies under it (source.archive): run `orwatch poll`, or try `orwatch demo`.\n",
    )


# On the recorded figures, with and without a key, at some days of a week


@pytest.mark.recorded
@pytest.mark.parametrize(
    ("moment", "key", "expected"),
    [
        ("2026-08-17T02:00:00Z", False, "17–23 Aug ~ day 0 of 7    no figures before its first day ends"),
        ("2026-08-18T09:00:00Z", False, "17–23 Aug ~ day 1 of 7    13.3T"),
        (
            "2026-08-20T09:00:00Z",
            False,
            "17–23 Aug ~ day 3 of 7    38.1T ▲ 16.3% ~ same days    CN : US 1.6 : 1    ≈ 84–88T",
        ),
        (
            "2026-08-20T09:00:00Z",
            True,
            "17–23 Aug ~ day 3 of 7    42.7T ▲ 16.3% ~ same days    CN : US 1.6 : 1    ≈ 84–88T",
        ),
        ("2026-08-22T02:00:00Z", True, "17–23 Aug ~ day 5 of 7"),
    ],
)
def test_the_recorded_week(
    moment: str,
    key: bool,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    reason = recorded.absent()
    if reason is not None:
        pytest.skip(reason)
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    with recorded.serve(moment) as url:
        monkeypatch.setenv("ORWATCH_BASE_URL", url)
        if key:
            monkeypatch.setenv("OPENROUTER_API_KEY", recorded.KEY)
        assert cli("poll")[0] == 0
        with Cache.open(cli.cache, url.removesuffix("/api/v1")) as cache:
            market = Market(cache, Attribution({}))
            found = now(market, Query())
            assert plain(next(lines(found))[0]).startswith(f"now    {expected}")
            if found.headline is not None:
                _as_at_now(market, found)


def _as_at_now(market: Market, found: Now) -> None:
    """The same figures as of `--at now`."""
    shown, asked = found.headline, snapshot(market, Query(at="now"))
    assert shown is not None
    assert (shown.total, shown.total_change, shown.days) == (asked.total, asked.total_change, asked.days)
    assert shown.standoff == next(one for one in asked.standoffs if one.basis is Basis.TOP50)
