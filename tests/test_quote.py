"""`orwatch quote`: one subject in a finished sentence, on the shipped archive and on the demo, without a network."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli_market import AS_OF, BILLION, ORIGIN, Cli
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Listing
from orwatch.store.cache import Cache

Quote = Callable[..., str]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """`orwatch` on a first start."""
    found = Cli(tmp_path, monkeypatch, capsys, filled=False)
    monkeypatch.delenv("ORWATCH_ARCHIVE")
    return found


@pytest.fixture
def quote(cli: Cli) -> Quote:
    """The quote of a subject of the archive, its lines joined: `quote("CN:US", "--at", "2026-06-03")`."""

    def quote(subject: str, *options: str) -> str:
        code, out, err = cli("quote", subject, "--offline", *options)
        assert (code, err) == (0, "")
        return " ".join(out.split())

    return quote


def test_a_head_to_head_with_its_change_its_ratio_its_streak_and_what_disagrees(quote: Quote) -> None:
    text = quote("CN:US", "--at", "2026-08-12", "--basis", "top50")
    assert text.startswith(
        "In the week of 10 to 16 August 2026, models of Chinese companies handled 42.85 trillion tokens on OpenRouter, 4.8 % more"
        " than the week before, and models of US companies 26.42 trillion (+13.3 %): 1.6 to 1, counting the fifty largest models."
        " Chinese models have led for at least eight weeks. All models together: 75.34 trillion (+9.1 %)."
    )
    assert (
        "CN China 42,846,180,405,234 +4.8 56.9 leads ≥ 8 weeks US United States 26,421,622,630,896 +13.3 35.1" in text
    )
    assert "disagrees chart CN 3.6 : 1, 36.82T to 10.26T, 16th week top10 CN 3.0 : 1" in text
    assert "The same leader by another margin: print the basis beside the ratio." in text
    assert (
        "source Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22T02:01:37Z. Aggregated by orwatch." in text
    )
    assert text.endswith("repeat orwatch quote CN:US --at 2026-08-10 --basis top50")


def test_the_larger_side_comes_first_whichever_was_named_first(quote: Quote) -> None:
    text = quote("US:CN", "--at", "2026-06-03", "--basis", "chart")
    assert "models of Chinese companies handled 14.18 trillion tokens" in text
    assert "models of US companies 3.20 trillion (−24.8 %): 4.4 to 1, counting the nine largest models." in text
    assert "Chinese models lead for the sixth week, since that of 27 April." in text


def test_a_flip_says_from_whom_the_lead_was_taken(quote: Quote) -> None:
    assert "Chinese models take the lead from US ones." in quote("CN:US", "--at", "2026-04-27", "--basis", "chart")


def test_a_basis_that_is_not_filled_is_said_to_be_unknown_with_the_one_that_knows(quote: Quote) -> None:
    text = quote("CN:US", "--at", "2026-06-03", "--basis", "top50")
    assert "is unknown on top50: the record names nine models of this week." in text
    assert "disagrees chart CN 4.4 : 1, 14.18T to 3.20T, 6th week" in text


def test_whoever_has_no_model_on_the_basis_has_unknown_tokens_and_no_zero(quote: Quote) -> None:
    week = ("--at", "2026-08-12", "--basis", "top50")
    alone = quote("FR", *week)
    assert "no models of French companies are among the fifty largest models: their tokens are unknown." in alone
    assert "FR France — — — ·" in alone
    one = quote("mistralai:deepseek", *week)
    assert "counting the fifty largest models; no models of mistralai are among them." in one
    assert "mistralai — — — ·" in one
    neither = quote("KR:FR", *week[:2], "--basis", "chart")
    assert (
        "neither models of South Korean companies nor models of French companies are among the nine largest models."
        in neither
    )
    never = quote("DE", *week)
    assert "no models of companies in Germany are among the fifty largest models: their tokens are unknown." in never
    assert not [text for text in (alone, one, neither, never) if " 0 tokens" in text or " 0 " in text]


def test_where_nobody_leads_a_leader_on_another_basis_is_another(quote: Quote) -> None:
    text = quote("anthropic:google", "--at", "2026-07-29", "--basis", "chart")
    assert "disagrees top50 google 1.03 : 1, 4.47T to 4.36T, 1st week Another leader by basis" in text


def test_a_model_with_its_place_its_share_and_how_long_it_has_been_first(quote: Quote) -> None:
    text = quote("deepseek/deepseek-v4-flash-20260423", "--at", "2026-06-03", "--basis", "chart")
    assert (
        "DeepSeek V4 Flash of deepseek handled 3.68 trillion tokens on OpenRouter, 18.5 % more than the week before and 10.2 % of"
        " all: first of all models for the third week in a row." in text
    )
    assert "CN DeepSeek V4 Flash 3,684,392,865,603 +18.5 10.2 leads 3 weeks" in text


def test_a_model_that_takes_the_first_place_names_whom_it_passed(quote: Quote) -> None:
    text = quote("mimo-v2.5-20260422", "--at", "2026-07-20", "--basis", "chart")
    assert "first of all models, in place of Hy3 (free)." in text


def test_a_model_outside_the_named_rows_has_no_figures_and_no_zero(quote: Quote) -> None:
    text = quote("xiaomi/mimo-v2-pro-20260318", "--at", "2026-08-12", "--basis", "top50")
    assert "is not among the models that the record names." in text
    assert "mimo-v2-pro — — — ·" in text


def test_countries_and_vendors_have_their_place_and_their_tokens_on_the_other_bases(quote: Quote) -> None:
    text = quote("CN", "--at", "2026-08-12", "--basis", "chart")
    assert "first of the countries for the 16th week in a row, counting the nine largest models." in text
    assert "disagrees top10 36.82T, 1st top50 42.85T, 1st" in text
    assert "models of deepseek handled" in quote("deepseek", "--at", "2026-08-12", "--basis", "chart")


def test_all_tokens_with_their_growth(quote: Quote) -> None:
    text = quote("total", "--at", "2026-06-03", "--basis", "chart")
    assert (
        "handled 36.13 trillion tokens, 13.6 % more than the week before: the seventh week of growth in a row." in text
    )
    assert "7.5 % less than the week before: the first week of decline." in quote("total", "--at", "2026-07-20")


def test_a_running_week_is_told_so_far_and_how_much_of_it_is_complete(quote: Quote) -> None:
    text = quote("CN:US", "--at", "now", "--basis", "chart")
    assert "so far (5 of 7 days being complete), models of Chinese companies" in text
    assert "% more than the same days of the week before" in text
    assert "Up to the last complete week Chinese models had led for 16 weeks." in text


@pytest.mark.parametrize(
    ("subject", "told"),
    [
        ("total", "models on OpenRouter handled 66.75 trillion tokens."),
        ("CN", "models of Chinese companies handled 35.87 trillion tokens"),
        ("deepseek", "models of deepseek handled 10.76 trillion tokens"),
        ("CN:US", "models of Chinese companies handled 35.87 trillion tokens"),
    ],
)
def test_a_month_of_which_the_record_lacks_days_says_how_many_it_has(subject: str, told: str, quote: Quote) -> None:
    text = quote(subject, "--period", "month", "--at", "2026-06-01")
    assert text.startswith(f"In June 2026, as far as it is in the record (10 of 30 days), {told}")


def test_seven_days_that_begin_before_the_record_say_how_many_it_has(quote: Quote) -> None:
    text = quote("total", "--period", "7d", "--at", "2026-06-23")
    assert text.startswith(
        "In the trailing week of 17 to 23 June 2026, as far as it is in the record (3 of 7 days), models"
    )


def test_a_whole_period_counts_no_days(quote: Quote) -> None:
    assert quote("total", "--period", "month", "--at", "2026-07-01").startswith("In July 2026, models on OpenRouter")


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("now", "On 22 June 2026 so far, models on OpenRouter handled 1.00 billion tokens"),
        (
            "2026-06-20",
            "On 20 June 2026, as far as it is in the record (part of the day), models on OpenRouter handled",
        ),
        ("2026-06-21", "On 21 June 2026, models on OpenRouter handled"),
    ],
)
def test_a_day_is_whole_in_progress_or_known_in_part(
    at: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(tmp_path, monkeypatch, capsys)
    taken = {20: datetime(2026, 6, 20, 10, tzinfo=UTC), 21: AS_OF, 22: AS_OF + timedelta(hours=8)}
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.rankings.put(
            Listing.build(Period(Grain.DAY, date(2026, 6, day)), as_of, [("openai/gpt", BILLION)])
            for day, as_of in taken.items()
        )
    code, out, err = cli("quote", "total", "--offline", "--period", "day", "--at", at)
    assert (code, err) == (0, "")
    assert " ".join(out.split()).startswith(told)


def test_a_vendor_is_among_the_ten_largest_for_at_least_the_weeks_whose_split_is_known(quote: Quote) -> None:
    assert "among the ten largest vendors for at least eight weeks." in quote("deepseek", "--basis", "top50")


def test_a_price_with_when_it_was_seen_and_what_it_was_before(cli: Cli) -> None:
    code, out, _ = cli("quote", "price:deepseek/deepseek-v4-flash", "--demo", "--at", "2026-08-12")
    text = " ".join(out.split())
    assert code == 0
    assert "cost $0.14 as input ($0.028 where it is cached) and $0.28 as output, as seen on 7 August 2026." in text
    assert "Its input price was $0.098 until 28 July (+42.9 %)." in text
    assert "Whether a host sells it at a discount is unknown." in text
    assert "source Source: OpenRouter (openrouter.ai/models), seen 2026-08-07T02:00:00Z, replayed. repeat" in text


@pytest.mark.parametrize(
    "asked", [("quote", "price:openai/gpt-5.6-luna"), ("quote", "spend", "--at", "now"), ("explain", "in"), ("brief",)]
)
def test_the_command_that_is_printed_gives_the_same_again(cli: Cli, asked: tuple[str, ...]) -> None:
    out = cli(*asked, "--demo")[1]
    found = re.search(r"^(?:repeat +)?(orwatch .*--demo)", out, re.MULTILINE | re.DOTALL)
    assert found is not None
    assert cli(*shlex.split(found[1])[1:])[1] == out


def test_an_alert_by_its_id_in_the_words_of_the_alert_with_what_it_rests_on(cli: Cli, quote: Quote) -> None:
    _, rows = cli.json("alerts", "--basis", "chart", "--rule", "lead-flip", "--offline")
    flip = next(row for row in rows if row["subject"]["kind"] == "versus")
    text = quote(flip["id"], "--basis", "chart")
    assert text.startswith(f"{flip['message']}. Known on")
    assert "27 Apr–3 May CN 7,930,802,986,138" in text
    assert f"repeat orwatch quote '{flip['id']}' --at 2026-04-27 --basis chart" in text


def test_the_json_has_sentences_with_figures_basis_and_source(cli: Cli) -> None:
    meta, rows = cli.json("quote", "CN:US", "--at", "2026-06-03", "--basis", "chart", "--offline")
    (row,) = rows
    sentence: dict[str, Any] = row["sentences"][0]
    assert meta["period"]["start"] == "2026-06-01"
    assert sentence["figures"]["CN_tokens"] == 14178620957227
    assert sentence["figures"]["US_change"] == pytest.approx(-0.2476, abs=1e-4)
    assert sentence["basis"] == "chart"
    assert sentence["source"].startswith("Source: OpenRouter")
    assert row["sentences"][-1]["basis"] is None, "of all tokens, whatever the basis"


@pytest.mark.parametrize("command", [("quote", "CN:US"), ("brief",)])
def test_csv_has_a_row_a_sentence_as_the_json_has_them(cli: Cli, command: tuple[str, ...]) -> None:
    options = (*command, "--at", "2026-06-03", "--basis", "chart", "--offline")
    told: list[dict[str, Any]] = cli.json(*options)[1][0]["sentences"]
    rows = list(csv.DictReader(io.StringIO(cli(*options, "--format", "csv")[1])))
    assert [(row["text"], json.loads(row["figures"]), row["basis"] or None, row["source"]) for row in rows] == [
        (one["text"], one["figures"], one["basis"], one["source"]) for one in told
    ]
    assert rows[0]["citation"].startswith("Source: OpenRouter (openrouter.ai/rankings), as of 2026-")


def test_markdown_is_a_quotation_with_a_table_and_a_link_to_the_source(cli: Cli) -> None:
    code, out, _ = cli("quote", "CN:US", "--at", "2026-06-03", "--basis", "chart", "--offline", "--format", "md")
    assert code == 0
    assert out.startswith("> In the week of 1 to 7 June 2026, models of Chinese companies")
    assert "| CN China | 14,178,620,957,227 | +27.3 | 39.2 | leads 6 weeks |" in out
    assert "Reproduce: `orwatch quote CN:US --at 2026-06-01 --basis chart`" in out
    assert "[OpenRouter (openrouter.ai/rankings)](https://openrouter.ai/rankings)" in out


@pytest.mark.parametrize(
    ("subject", "sentence"),
    [
        ("XX", "'XX' is no country code;"),
        ("CN:CN", "A head to head needs two different sides"),
        ("nosuchmodel", "'nosuchmodel' is no model of the record;"),
        ("vendor:deepsek", "'deepsek' is no known vendor; nearest: deepseek"),
        ("lead-flip|nothing", "is no alert of the record; `orwatch alerts --format json` lists them"),
        ("model:hy3-pre", "fits several models: "),
    ],
)
def test_a_subject_that_stands_for_nothing_is_a_usage_error_that_names_the_mend(
    subject: str, sentence: str, cli: Cli
) -> None:
    code, out, err = cli("quote", subject, "--offline")
    assert (code, out) == (2, "")
    assert sentence in err


def test_a_price_that_nobody_has_seen_is_no_data(cli: Cli) -> None:
    code, _, err = cli("quote", "price:deepseek/deepseek-v4-flash-20260423", "--offline")
    assert code == 3
    assert "No price of DeepSeek V4 Flash is known of that time" in err
