"""Whole periods added up, `--from` and `--until`, and changes on the period N before, `--change N`.

The market of `cli_market`, in thousand millions, on chart; three weeks:

    week        CN   US   FR   ??  other  total
    2026-06-01  200  290  20   30     60    600
    2026-06-08  330  290  20   30     30    700
    2026-06-15  480  300   0   40     80    900
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import recorded
from cli_market import BILLION, ORIGIN, Cli
from orwatch.domain.leads import Kind, Leadership, Subject
from orwatch.domain.names import vendor_of
from orwatch.domain.periods import UNCOUNTED, Grain, Period
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import Basis, Listing, Record
from orwatch.domain.vendors import Attribution
from orwatch.store.cache import Cache

CHART = ("--basis", "chart")
TWO = ("--from", "2026-06-01", "--until", "2026-06-14")


# What a span is


@pytest.mark.parametrize(
    ("grain", "since", "until", "start", "end", "count"),
    [
        (Grain.WEEK, "2026-06-01", "2026-06-14", "2026-06-01", "2026-06-14", 2),
        (Grain.WEEK, "2026-06-02", "2026-06-27", "2026-06-08", "2026-06-21", 2),
        (Grain.WEEK, "2025-07-14", "2025-12-28", "2025-07-14", "2025-12-28", 24),
        (Grain.MONTH, "2025-11-15", "2026-03-31", "2025-12-01", "2026-03-31", 4),
        (Grain.DAY, "2026-02-27", "2026-03-02", "2026-02-27", "2026-03-02", 4),
    ],
)
def test_the_periods_of_a_span_lie_wholly_between_two_days(
    grain: Grain, since: str, until: str, start: str, end: str, count: int
) -> None:
    span = Period.between(grain, date.fromisoformat(since), date.fromisoformat(until))
    assert span is not None
    assert (span.start.isoformat(), span.end.isoformat(), span.count) == (start, end, count)
    parts = list(span.parts())
    assert (parts[0].start, parts[-1].end, len(parts)) == (span.start, span.end, count)
    assert span.previous().next() == span
    assert span.previous().end < span.start


def test_no_whole_week_lies_within_six_days() -> None:
    assert Period.between(Grain.WEEK, date(2026, 6, 2), date(2026, 6, 13)) is None


# Sums over several weeks


def test_share_adds_up_weeks_with_what_they_cover(cli: Cli) -> None:
    meta, rows = cli.json("share", *CHART, *TWO)
    assert meta["period"]["grain"] == "week"
    assert [meta["period"][name] for name in ("start", "end", "complete", "periods", "missing")] == [
        "2026-06-01",
        "2026-06-14",
        True,
        2,
        [],
    ]
    tokens = {row["country"]: row["tokens"] // BILLION for row in rows}
    assert tokens == {"US": 580, "CN": 530, "FR": 40, None: 60, "other": 90}
    assert meta["total_tokens"] == meta["shown_tokens"] == sum(row["tokens"] for row in rows) == 1300 * BILLION
    shares = {row["country"]: (row["share_of_all"], row["share_of_attributed"]) for row in rows}
    assert shares["US"] == (pytest.approx(580 / 1300), pytest.approx(580 / 1150))
    assert shares["other"] == (pytest.approx(90 / 1300), None)
    assert meta["leader"] == "US"
    assert {row["lead_streak"] for row in rows} == {meta["total_streak"]} == {None}


def test_the_coverage_stands_in_the_table(cli: Cli) -> None:
    _, out, _ = cli("share", *CHART, *TWO)
    assert out.startswith("Countries · 2 weeks 1–14 Jun 2026 ✓ · total 1.30T · basis chart")
    assert "\nUS 44.6 %, CN 40.8 %, FR 3.1 % of 2026-06-01 to 2026-06-14, 2 weeks, chart.\n" in out
    assert "Sums over 2026-06-01 to 2026-06-14, 2 weeks, chart." in cli("top", *CHART, *TWO)[1]


def test_top_adds_up_each_model_where_it_is_on_the_basis(cli: Cli) -> None:
    """`moonshotai/kimi` and `mistralai/large` are ninth in one week each; the free row is tenth, outside the chart."""
    meta, rows = cli.json("top", *CHART, "--from", "2026-06-08")
    assert (meta["period"]["start"], meta["period"]["end"]) == ("2026-06-08", "2026-06-21")
    found = {row["permaslug"]: (row["tokens"] // BILLION, row["periods"]) for row in rows}
    assert found == {
        "deepseek/v4": (500, 2), "anthropic/opus": (210, 2), "qwen/max": (190, 2), "openai/gpt": (160, 2),
        "google/flash": (120, 2), "x-ai/grok": (100, 2), "z-ai/glm": (90, 2), "stealth/bunny": (70, 2),
        "moonshotai/kimi": (30, 1), "mistralai/large": (20, 1),
    }  # fmt: skip
    assert [row["rank"] for row in rows] == list(range(1, 11))
    assert meta["shown_tokens"] + meta["other_tokens"] == meta["total_tokens"] == 1600 * BILLION
    assert rows[0]["share"] == pytest.approx(500 / 1600)


def test_a_head_to_head_has_the_weeks_of_the_span_and_their_sums(cli: Cli) -> None:
    meta, rows = cli.json("versus", "CN", "US", *CHART, *TWO)
    assert [(row["start"], row["flip"]) for row in rows] == [("2026-06-08", True), ("2026-06-01", False)]
    assert (meta["a_tokens"], meta["b_tokens"], meta["ratio"]) == (530 * BILLION, 580 * BILLION, 530 / 580)
    assert (meta["shown_a_tokens"], meta["shown_b_tokens"]) == (530 * BILLION, 580 * BILLION)
    assert (meta["leader"], meta["streak"], meta["since"]) == ("US", None, None)
    assert meta["flips"] == [{"start": "2026-06-08", "from": "US", "to": "CN"}]
    _, out, _ = cli("versus", "CN", "US", *CHART, *TWO)
    assert "CN 530B, US 580B, US 1.1 : 1 over 2026-06-01 to 2026-06-14, 2 weeks, chart; flips: 1." in out


def test_a_span_of_one_week_is_that_week(cli: Cli) -> None:
    whole = cli.json("share", *CHART, "--at", "2026-06-10")
    assert cli.json("share", *CHART, "--from", "2026-06-08", "--until", "2026-06-14") == whole


def test_a_span_is_compared_with_as_many_weeks_before_it_or_further_back(cli: Cli) -> None:
    """The last two weeks against 18 to 31 May, of 300 in all, by themselves; and against 11 to 24 May, of 200."""
    assert cli.json("share", *CHART, "--from", "2026-06-08")[0]["compared_with"] is None
    may(cli)
    meta, rows = cli.json("share", *CHART, "--from", "2026-06-01", "--until", "2026-06-14")
    assert meta["compared_with"] == {"start": "2026-05-18", "end": "2026-05-31"}
    assert meta["total_change"] == pytest.approx((1300 - 300) / 300)
    assert {row["country"]: row["change"] for row in rows}["CN"] == pytest.approx((530 - 300) / 300)
    meta, _ = cli.json("share", *CHART, "--from", "2026-06-01", "--until", "2026-06-14", "--change", "3")
    assert meta["compared_with"] == {"start": "2026-05-11", "end": "2026-05-24"}
    assert meta["total_change"] == pytest.approx((1300 - 200) / 200)


def may(cli: Cli) -> None:
    """Weeks of 11, 18 and 25 May, in each of which one model has all tokens: 100, 100 and 200."""
    taken = datetime(2026, 6, 22, 2, tzinfo=UTC)
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.rankings.put(
            Listing.build(Period(Grain.WEEK, date(2026, 5, day)), taken, [("deepseek/v4", tokens * BILLION)])
            for day, tokens in ((11, 100), (18, 100), (25, 200))
        )


@pytest.mark.parametrize("command", [("top",), ("share",), ("versus", "CN", "US")])
def test_several_weeks_are_not_compared_with_some_of_themselves(cli: Cli, command: tuple[str, ...]) -> None:
    code, out, err = cli(*command, *CHART, *TWO, "--change", "1")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "--change 1 compares 2 weeks with some of themselves; give 2 or more, or leave it out" in err
    assert cli(*command, *CHART, *TWO, "--change", "2")[0] == 0


def test_a_model_has_a_change_where_every_week_of_both_spans_names_it(cli: Cli) -> None:
    may(cli)
    _, rows = cli.json("top", *CHART, "--from", "2026-06-08", "--change", "3")
    changes = {row["permaslug"]: row["change"] for row in rows}
    assert changes["deepseek/v4"] == pytest.approx((500 - 300) / 300)
    assert (changes["moonshotai/kimi"], changes["mistralai/large"]) == (None, None)
    assert {row["permaslug"]: row["status"] for row in rows}["moonshotai/kimi"] == "new"


def test_weeks_that_the_record_lacks_are_named_and_nothing_is_compared(cli: Cli) -> None:
    with Cache.open(cli.cache, ORIGIN) as cache:
        taken = datetime(2026, 6, 22, 2, tzinfo=UTC)
        old = [Listing.build(Period(Grain.WEEK, date(2026, 5, 4)), taken, [("qwen/max", 50 * BILLION)])]
        cache.rankings.put(old)
    meta, rows = cli.json("share", *CHART, "--from", "2026-05-04", "--until", "2026-06-14")
    assert (meta["period"]["complete"], meta["period"]["partial"], meta["period"]["periods"]) == (False, True, 6)
    assert meta["period"]["missing"] == ["2026-05-11", "2026-05-18", "2026-05-25"]
    assert meta["total_tokens"] == 1350 * BILLION
    assert (meta["total_change"], {row["change"] for row in rows}) == (None, {None})
    assert meta["warnings"][0] == (
        "The record does not have 3 of 6 weeks whole: the sums are without 2026-05-11 to 2026-05-31, and nothing is compared."
    )
    assert "3 of 6 weeks, chart" in cli("share", *CHART, "--from", "2026-05-04", "--until", "2026-06-14")[1]


def test_sums_of_countries_are_unknown_where_one_of_the_weeks_does_not_fill_the_basis(cli: Cli) -> None:
    """The week of 25 May names one model, and the rest of it is in `other`: who made that is unknown."""
    taken = datetime(2026, 6, 22, 2, tzinfo=UTC)
    rows = [("qwen/max", 50 * BILLION), ("other", 150 * BILLION)]
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.rankings.put([Listing.build(Period(Grain.WEEK, date(2026, 5, 25)), taken, rows)])
    three = ("--from", "2026-05-25", "--until", "2026-06-14")
    warning = (
        "The record names fewer models of 1 of 3 weeks, 2026-05-25 to 2026-05-31, than chart asks for: sums by country or"
        " vendor on chart, and who leads, are unknown."
    )
    split, found = cli.json("share", *CHART, *three)
    assert {row["country"] for row in found} == {"CN", "US", "FR", None, "other"}
    figures = ("tokens", "share_of_all", "share_of_attributed", "change", "models")
    assert {row[name] for row in found for name in figures} == {None}
    assert (split["total_tokens"], split["shown_tokens"], split["leader"]) == (1500 * BILLION, None, None)
    duel, weeks = cli.json("versus", "CN", "US", *CHART, *three)
    assert [row["a_tokens"] for row in weeks] == [330 * BILLION, 200 * BILLION, None]
    assert {duel[name] for name in ("a_tokens", "b_tokens", "ratio", "shown_a_tokens", "shown_b_tokens")} == {None}
    assert split["warnings"] == duel["warnings"] == [warning]
    span = "unknown over 2026-05-25 to 2026-06-14, 3 weeks, chart.\n"
    assert f"Sums by country are {span}" in cli("share", *CHART, *three)[1]
    out = cli("versus", "CN", "US", *CHART, *three)[1]
    assert f"Sums of CN and US are {span}3 rows.\n" in out
    weeks_shown = cli.json("versus", "CN", "US", *CHART, *three, "--limit", "2")[0]
    assert (weeks_shown["shown_a_tokens"], weeks_shown["shown_b_tokens"]) == (530 * BILLION, 580 * BILLION)
    assert cli.json("versus", "CN", "US", *CHART)[0]["shown_a_tokens"] is None, "without a span there is no other sum"


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--from", "2026-06-14", "--until", "2026-06-01"), 2, "--from 2026-06-14 lies after --until 2026-06-01; give"),
        (("--from", "2026-06-02", "--until", "2026-06-12"), 2, "No whole week that is over lies between 2026-06-02 and"),
        (("--from", "2026-06-1"), 2, "--from is '2026-06-1'; it takes a date such as 2026-06-01."),
        (("--until", "now"), 2, "--until is 'now'; it takes a date such as 2026-06-01."),
        (("--from", "2026-06-01", "--at", "2026-06-01"), 2, "--at names one period and --from and --until several"),
        (("--from", "2026-06-01", "--period", "7d"), 2, "Trailing weeks share days and are not added up; --period day"),
        (("--until", "2026-06-23"), 3, "--until 2026-06-23 lies ahead: the newest whole week of the record ends on 2026-06-21."),
        (("--from", "2026-01-05", "--until", "2026-02-01"), 3, "it has 2026-06-01 to 2026-06-21."),
        (("--from", "2026-05-31"), 3, "--from 2026-05-31 lies before the week figures of the record: it has 2026-06-01 to"),
        (("--from", "1999-01-01"), 3, "--from 1999-01-01 lies before the week figures of the record: it has 2026-06-01 to"),
        (("--from", "0001-01-01"), 3, "--from 0001-01-01 lies before the week figures of the record: it has 2026-06-01 to"),
        (("--from", "2026-07-01"), 3, "--from 2026-07-01 lies ahead: the newest whole week of the record ends on 2026-06-21."),
        (("--from", "2026-06-22"), 3, "no whole week from 2026-06-22 on: it has 2026-06-01 to 2026-06-21."),
        (("--until", "2025-12-31"), 3, "no whole week up to 2025-12-31: it has 2026-06-01 to 2026-06-21."),
        (("--until", "0001-01-01"), 3, "no whole week up to 0001-01-01: it has 2026-06-01 to 2026-06-21."),
        (("--change", "0"), 2, "--change is '0'; it takes a whole number of periods from 1 to 4000."),
        (("--change", "two"), 2, "--change is 'two'; it takes a whole number of periods from 1 to 4000."),
    ],
)  # fmt: skip
def test_what_cannot_be_added_up_is_one_sentence(cli: Cli, options: tuple[str, ...], code: int, words: str) -> None:
    for command in (("top",), ("share",), ("versus", "CN", "US")):
        found, out, err = cli(*command, *CHART, *options)
        assert (found, out, err.count("\n")) == (code, "", 1)
        assert words in err


def test_commands_of_one_period_refuse_a_span(cli: Cli) -> None:
    for command in (("history", "deepseek/v4"), ("prices",), ("vendors",)):
        code, _, err = cli(*command, "--from", "2026-06-01")
        assert (code, "--from is no option" in err) == (2, True)


# On the period N before


def test_changes_on_the_week_two_before(cli: Cli) -> None:
    meta, rows = cli.json("top", *CHART, "--change", "2")
    assert meta["compared_with"] == {"start": "2026-06-01", "end": "2026-06-07"}
    assert meta["total_change"] == pytest.approx(300 / 600)
    found = {row["permaslug"]: (row["change"], row["rank_change"], row["status"]) for row in rows}
    assert found["deepseek/v4"] == (pytest.approx(210 / 90), 1, None)
    assert found["anthropic/opus"] == (pytest.approx(10 / 100), -1, None)
    assert found["moonshotai/kimi"] == (None, None, "new")
    assert meta["total_streak"] == 2, "a streak is of neighbouring weeks all the same"
    _, out, _ = cli("top", *CHART, "--change", "2")
    assert "total 900B +50.0 % over 2 weeks" in out
    assert " 2 wk % " in out


def test_share_and_versus_look_back_as_far(cli: Cli) -> None:
    _, rows = cli.json("share", *CHART, "--change", "2")
    changes = {row["country"]: row["change"] for row in rows}
    assert (changes["CN"], changes["US"]) == (pytest.approx(280 / 200), pytest.approx(10 / 290))
    meta, rows = cli.json("versus", "CN", "US", *CHART, "--change", "2")
    assert (rows[0]["a_change"], rows[0]["b_change"]) == (pytest.approx(280 / 200), pytest.approx(10 / 290))
    assert (meta["a_change"], meta["b_change"]) == (rows[0]["a_change"], rows[0]["b_change"])
    assert [row["a_change"] for row in rows[1:]] == [None, None]
    assert "CN 2 wk %" in cli("versus", "CN", "US", *CHART, "--change", "2")[1]


def test_a_model_that_came_since_is_new_and_one_that_was_there_before_is_back(cli: Cli) -> None:
    """Weeks of 4, 11, 18 and 25 May: `a/old` in the first and last alone, `a/late` in the last two."""
    taken = datetime(2026, 6, 22, 2, tzinfo=UTC)
    rows = [("a/old", "a/x"), ("a/x",), ("a/x", "a/late"), ("a/x", "a/old", "a/late")]
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.rankings.put(
            Listing.build(Period(Grain.WEEK, date(2026, 5, 4 + 7 * n)), taken, [(slug, BILLION) for slug in slugs])
            for n, slugs in enumerate(rows)
        )
    at = ("top", *CHART, "--at", "2026-05-25")

    def status(*options: str) -> dict[str, str | None]:
        return {row["permaslug"]: row["status"] for row in cli.json(*at, *options)[1]}

    assert status() == {"a/x": None, "a/old": "back", "a/late": None}
    assert status("--change", "2") == {"a/x": None, "a/old": "back", "a/late": "new"}
    assert status("--change", "3") == {"a/x": None, "a/old": None, "a/late": "new"}


def test_where_the_record_does_not_reach_back_so_far_it_says_so(cli: Cli) -> None:
    meta, _ = cli.json("top", *CHART, "--change", "3")
    assert (meta["total_change"], meta["compared_with"]) == (None, None)
    assert "The record does not have the week 3 weeks before whole: there is no change." in meta["warnings"]


def test_a_running_week_is_compared_with_the_same_days_of_the_week_two_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wednesday 17 June: Monday and Tuesday of 100 each, against 10 and 20 two weeks before and 40 each a week before."""
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    now = datetime(2026, 6, 17, 2, tzinfo=UTC)
    daily = [10, 20, 5, 5, 5, 5, 5, *[40] * 7, 100, 100]
    weekly = [55, 280, 230]
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.rankings.put(
            Listing.build(Period(grain, date(2026, 6, 1 + step * n)), now, [("a/x", tokens * BILLION)])
            for grain, step, figures in ((Grain.DAY, 1, daily), (Grain.WEEK, 7, weekly))
            for n, tokens in enumerate(figures)
        )
    meta, rows = cli.json("top", "--at", "now", "--change", "2")
    assert meta["total_change"] == rows[0]["change"] == pytest.approx((200 - 30) / 30)
    assert "with the same days of the week 2 weeks before" in meta["warnings"][0]
    assert cli.json("top", "--at", "now")[0]["total_change"] == pytest.approx((200 - 80) / 80)


# Sums of what is shown


def test_every_table_has_the_sum_of_its_shown_rows(cli: Cli) -> None:
    """Nine rows of the last week: 820; the first three 510; of CN 480."""
    assert cli.json("top", *CHART)[0]["shown_tokens"] == 820 * BILLION
    assert cli.json("top", *CHART, "--limit", "3")[0]["shown_tokens"] == 510 * BILLION
    assert cli.json("share", *CHART, "--country", "CN")[0]["shown_tokens"] == 480 * BILLION
    assert cli.json("share", *CHART)[0]["shown_tokens"] == 900 * BILLION
    assert cli.json("history", "deepseek/v4")[0]["shown_tokens"] == 590 * BILLION
    assert cli.json("vendors", *CHART)[0]["shown_tokens"] == 820 * BILLION
    assert "\n9 rows 820B.\n" in cli("top", *CHART)[1]
    assert "\n3 of 9 rows 510B; --limit shows more.\n" in cli("top", *CHART, "--limit", "3")[1]
    assert "\n3 rows: CN 1.01T, US 880B.\n" in cli("versus", "CN", "US", *CHART)[1]
    assert "\n9 rows 820B.\n" in cli("top", *CHART, "--format", "md")[1]


# The recorded half-year


def recorded_half() -> tuple[Rankings, Period]:
    return Rankings(recorded.chart_weeks(), Lens(Basis.CHART)), Period(Grain.WEEK, date(2025, 7, 14), 24)


@pytest.mark.recorded
def test_the_recorded_second_half_of_2025_by_country() -> None:
    """Added up here from the rows of the file, week by week: the nine of each."""
    rankings, span = recorded_half()
    weeks = [one for one in recorded.listings(Grain.WEEK) if one.period.start <= date(2025, 12, 22)]
    country = Attribution().country
    us = sum(n for week in weeks for slug, n in week.rows if country(vendor_of(slug)) == "US")
    total = sum(week.total for week in weeks)
    assert len(weeks) == 24
    found = rankings.at(span)
    assert found is not None
    assert (found.total, found.by_key(country)["US"]) == (total, us)
    assert us / total == pytest.approx(0.5064, abs=5e-5)
    leads = Leadership(rankings, Subject(Kind.COUNTRY), country)
    assert (leads.lead(span).leader, leads.lead(span).streak) == ("US", UNCOUNTED)


@pytest.mark.recorded
def test_chinese_models_grow_by_127_percent_over_the_three_weeks_to_22_february() -> None:
    """As published: the weeks of 2, 9 and 16 February, so the base lies two weeks before."""
    record: Record = recorded.chart_weeks()
    pair = Rankings(record, Lens(Basis.CHART), back=2).compared(Period(Grain.WEEK, date(2026, 2, 16)))
    assert pair is not None
    now, before = (side.by_key(Attribution().country)["CN"] for side in pair)
    assert [now / 1e12, before / 1e12] == pytest.approx([5.155, 2.265], abs=1e-3)
    assert now / before - 1 == pytest.approx(1.27, abs=0.01)
