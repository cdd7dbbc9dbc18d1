"""`orwatch brief` on the shipped archive, without a network: what it prints, and that it prints what the press did."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from cli_market import AS_OF, ORIGIN, Cli
from orwatch.core.market import Market
from orwatch.core.views.brief import brief as brief_of
from orwatch.domain.catalogue import CatalogueModel, Pricing
from orwatch.domain.periods import Grain, Period
from orwatch.domain.query import Query
from orwatch.domain.rankings import Lens
from orwatch.domain.records import Basis, Listing
from orwatch.domain.vendors import Attribution
from orwatch.present.brief import briefing
from orwatch.present.writers.briefing import text as text_of
from orwatch.store.cache import Cache
from test_published import FIGURES

NTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
COUNTS = ("one", "two", "three", "four", "five")

ARTICLES = {"2026-05-18": range(12, 20), "2026-06-01": range(20, 35)}
"""Weeks of which articles printed figures, and the numbers of these figures."""

Brief = Callable[..., str]


@pytest.fixture
def brief(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Brief:
    """The briefing of a first start without a network: `brief("--at", "2026-06-03")`."""
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    monkeypatch.delenv("ORWATCH_ARCHIVE")

    def brief(*options: str) -> str:
        code, out, err = cli("brief", "--offline", *options)
        assert (code, err) == (0, "")
        return out

    return brief


def number(text: str) -> float:
    """A figure as it is printed, tokens in T."""
    return float(text.replace("−", "-"))


def printed(text: str) -> dict[str, float | int]:
    """What the text of a briefing prints, under the words of the published figures."""
    lede = " ".join(text.split("\n\n")[1].split())
    total = re.search(r"handled ([\d.]+)T tokens, up ([\d.]+) % .*: the (\w+) week of growth in a row", lede)
    split = re.search(r"Chinese ones carried ([\d.]+)T \((\S+) %\) and US ones ([\d.]+)T \((\S+) %\)", lede)
    leads = re.search(r"Chinese models lead for the (\w+) week,", lede)
    first = re.search(r"; ([^;]+) is first for the (\w+) week\.", lede)
    ahead = re.search(r"First (\w+) places: CN\.", text)
    assert total
    assert split
    assert leads
    assert ahead
    found: dict[str, float | int] = {
        "tokens all models": number(total[1]) * 1e12,
        "growth all models": number(total[2]) / 100,
        "streak the total grew": NTH.index(total[3]) + 1,
        "tokens Chinese models": number(split[1]) * 1e12,
        "growth Chinese models": number(split[2]) / 100,
        "tokens US models": number(split[3]) * 1e12,
        "growth US models": number(split[4]) / 100,
        "streak Chinese models led US models": NTH.index(leads[1]) + 1,
        "count Chinese models at the head": COUNTS.index(ahead[1]) + 1,
    }
    if first:
        found[f"streak {first[1]}"] = NTH.index(first[2]) + 1
    for row in re.finditer(r"^ ?\d+ \S+ +(?:CN|US|\?\?) (\S.*?) {2,}([\d.]+) +[\d.]+ +(\S+) +\d+ weeks?$", text, re.M):
        name, tokens, change = row.groups()
        found[f"tokens {name}"] = number(tokens) * 1e12
        if change not in ("new", "back"):
            found[f"growth {name}"] = number(change) / 100
    return found


SUBJECTS = {
    "DeepSeek-V4-Flash": "DeepSeek V4 Flash",
    "Tencent Hy3 preview": "Hy3 preview",
    "MiniMax M3": "MiniMax M3",
}
"""Models of the articles as they are called where no catalogue was seen."""


def key_of(figure: dict[str, str]) -> str:
    """The words of a published figure in `printed`."""
    what, subject = figure["quantity"], figure["subject"]
    known = ("the total grew", "Chinese models led US models", "Chinese models at the head")
    who = next((words for words in known if words in subject), None)
    who = who or next((name for words, name in SUBJECTS.items() if words in subject), None)
    return f"{what} {who or subject.removesuffix(' on the week before')}"


@pytest.mark.parametrize(
    ("week", "id_"), [(week, f"F{n}") for week, numbers in ARTICLES.items() for n in numbers], ids=lambda value: value
)
def test_the_briefing_of_a_week_has_every_figure_that_articles_printed(week: str, id_: str, brief: Brief) -> None:
    figure = FIGURES[id_]
    assert figure["period_start"] == week
    found = printed(brief("--at", week, "--basis", "chart"))[key_of(figure)]
    value = float(figure["value"])
    match figure["quantity"]:
        case "tokens":
            assert found == pytest.approx(value, rel=0.005)
        case "growth":
            assert abs(found - value) < 0.005 + 1e-9, "half a point, and figures are printed to a tenth"
        case _:
            assert found == value


def test_its_order_and_words_are_those_of_a_page_to_print(brief: Brief) -> None:
    text = brief("--at", "2026-06-03", "--basis", "chart")
    assert text.splitlines()[0] == ("OpenRouter, 1–7 June 2026 (week 23)     chart, the nine largest models · free in")
    for line in (
        "Total ───────────────────────────────────────────────────────── Tokens T   WoW %",
        "7th week up. The largest week up to then; the record begins on 14 July 2025.",
        "?? unattributed: owl-alpha                     1.95       5.4          —   +17.1",
        "   outside the nine                           16.80      46.5          —   +13.8",
        "Ratio 4.4 : 1, the week before 2.6 : 1; the widest lead of CN up to then.",
        "CN leads, 6th week. Flips 9 Feb CN, 23 Feb US, 2 Mar CN, 13 Apr US, 27 Apr CN.",
        "New: MiniMax M3, at 3, no earlier week of the record. Left: MiMo-V2.5-Pro.",
        "No lead changed hands: country (CN), vendor (deepseek) and model stay.",
        "They can differ much: 10–16 August reads CN 3.6 : 1 on chart, 1.6 : 1 on top50.",
        "Free variants among the nine: none. owl-alpha is cloaked, maker unknown.",
        "Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22T02:01:37Z.",
    ):
        assert line in text.splitlines()


@pytest.mark.parametrize("at", ["2025-07-14", "2026-02-09", "2026-04-13", "2026-07-20", "2026-08-10", "2026-08-17"])
@pytest.mark.parametrize("basis", ["chart", "top50"])
def test_no_line_is_longer_than_80_columns(at: str, basis: str, brief: Brief) -> None:
    assert max(map(len, brief("--at", at, "--basis", basis).splitlines())) <= 80


def test_a_split_that_is_unknown_is_said_to_be_with_the_reason_and_the_basis_that_knows_it(brief: Brief) -> None:
    text = " ".join(brief("--at", "2026-06-03", "--basis", "top50").split())
    assert "is unknown on top50: the record names nine models of this week." in text
    assert "Chinese" not in text
    assert "chart CN 4.4 : 1, 14.18T to 3.20T, 6th week." in text
    assert "Whether another leads than the week before is unknown: country, vendor." in text


def test_a_flip_is_told_in_the_lede_and_among_the_flips(brief: Brief) -> None:
    text = " ".join(brief("--at", "2026-04-27", "--basis", "chart").split())
    assert "Chinese models take the lead from US ones;" in text
    assert (
        "Flip: CN passes US and leads the countries on chart: 7.93T to 3.25T, week of 27 April; US had led 2 weeks."
        in text
    )


def test_bases_that_differ_stand_at_its_end(brief: Brief) -> None:
    text = " ".join(brief("--at", "2026-08-12", "--basis", "top50").split())
    assert "chart CN 3.6 : 1, 36.82T to 10.26T, 16th week; top10 CN 3.0 : 1" in text
    assert "The same leader by another margin: print the basis beside the ratio." in text


def test_a_running_week_compares_like_days_and_calls_no_streak_its_own(brief: Brief) -> None:
    lede = " ".join(brief("--at", "now", "--basis", "chart").split("\n\n")[1].split())
    assert "64.2T tokens so far, 5 of 7 days being complete, up 15.8 % on the same days of the week before" in lede
    assert "Up to the last complete week Chinese models had led for 16 weeks." in lede


@pytest.mark.parametrize(
    ("period", "at", "told"),
    [
        ("month", "2026-06-01", "66.7T tokens, 10 of 30 days being in the record."),
        ("7d", "2026-06-23", "19.8T tokens, 3 of 7 days being in the record."),
    ],
)
def test_the_lede_of_a_period_of_which_the_record_lacks_days_says_how_many_it_has(
    period: str, at: str, told: str, brief: Brief
) -> None:
    lede = " ".join(brief("--period", period, "--at", at).split("\n\n")[1].split())
    assert lede.startswith(f"Models on OpenRouter handled {told}")


def test_the_first_week_of_the_record_claims_nothing_of_the_one_before(brief: Brief) -> None:
    text = " ".join(brief("--at", "2025-07-14", "--basis", "chart").split())
    assert "US models have led for at least one week; Claude Sonnet 4 has been first for at least one week." in text
    assert "changed hands" not in text
    assert "the widest" not in text
    assert "The largest" not in text


def test_every_sentence_of_the_json_has_its_figures_its_basis_and_its_source(brief: Brief) -> None:
    found: dict[str, Any] = json.loads(brief("--at", "2026-06-03", "--basis", "chart", "--format", "json"))
    (row,) = found["rows"]
    assert found["meta"]["period"]["start"] == "2026-06-01"
    told = row["sentences"]
    assert row["lede"].startswith(told[0]["text"])
    assert told[0]["figures"]["total_tokens"] == 36126105262907
    assert told[0]["basis"] is None
    assert told[1]["figures"]["CN_tokens"] == 14178620957227
    assert {sentence["basis"] for sentence in told} == {None, "chart"}
    source = "Source: OpenRouter (openrouter.ai/rankings), as of 2026-08-22T02:01:37Z. Aggregated by orwatch."
    assert {sentence["source"] for sentence in told} == {source}


def test_markdown_has_the_tables_and_the_command_that_gives_it_again(brief: Brief) -> None:
    text = brief("--at", "2026-06-03", "--basis", "chart", "--format", "md")
    assert "| CN China | 14.18 | 39.2 | 81.6 | +27.3 |\n| US United States | 3.20 | 8.8 | 18.4 | −24.8 |" in text
    assert "| **all tokens** | **36.13** | 100 | | +13.6 |" in text
    assert "| 3 | new | CN | MiniMax M3 | 2.50 | 6.9 | new | 1 week |" in text
    assert "Reproduce: `orwatch brief --at 2026-06-01 --basis chart --format md`" in text


def test_html_is_one_file_that_fetches_nothing_with_charts(brief: Brief) -> None:
    text = brief("--at", "2026-06-03", "--basis", "chart", "--format", "html")
    assert text.startswith("<!doctype html>")
    assert not re.search(r"<script|<link|<img|@import|url\(|\bsrc=|\bon\w+=", text)
    assert re.findall(r'https?://[^"<]+', text) == ["https://openrouter.ai/rankings"]
    assert text.count("<svg") == 2
    assert text.count("◆") == 5 + 1, "each flip of the year, and the sentence about the mark"
    assert "<td>CN China</td>" in text
    assert "Chinese ones carried 14.18T (+27.3 %)" in text


def test_a_model_that_leaves_is_told_with_its_variant(brief: Brief) -> None:
    text = " ".join(brief("--at", "2026-07-30", "--basis", "chart").split())
    assert "Left: Hy3 (free)." in text


def test_a_name_is_text_in_html_and_never_markup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(tmp_path, monkeypatch, capsys)
    with Cache.open(cli.cache, ORIGIN) as cache:
        named = [replace(model, name="<script>alert(1)</script>") for model in cache.catalogue.models()]
        cache.catalogue.put_models(named, AS_OF + timedelta(hours=1))
    code, out, _ = cli("brief", "--offline", "--basis", "chart", "--format", "html")
    assert code == 0
    assert "<script" not in out
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in out


def test_a_head_to_head_of_vendors_is_told_in_place_of_the_countries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cli = Cli(tmp_path, monkeypatch, capsys, filled=False)
    monkeypatch.delenv("ORWATCH_ARCHIVE")
    cli.config.write_text('[view]\nversus = "deepseek anthropic"\n')
    code, out, _ = cli("brief", "--offline", "--at", "2026-06-03", "--basis", "chart")
    text = " ".join(out.split())
    assert code == 0
    assert "those of deepseek carried 6.55T (+21.2 %) and those of anthropic 3.20T (−24.8 %): 2.0 : 1." in text
    assert "Ratio of deepseek and anthropic 2.0 : 1, the week before 1.3 : 1" in text
    assert "CN China 14.18" in text


def test_cloaked_and_discounted_rows_are_told_with_their_variant() -> None:
    rows = {f"mistralai/m{n}": 9 - n for n in range(7)} | {"stealth/bunny:free": 40, "qwen/max:thinking": 30}
    pricing = Pricing(Decimal("0.000001"), Decimal("0.000002"), discount=Decimal("0.5"))
    with Cache.open(None, "https://openrouter.ai") as cache:
        now = datetime(2026, 6, 21, 20, tzinfo=UTC)
        cache.rankings.put([Listing.build(Period(Grain.WEEK, date(2026, 6, 15)), now, rows.items())])
        cache.catalogue.put_models(
            [CatalogueModel("qwen/max:thinking", "qwen/max", "Qwen: Qwen Max", pricing=pricing)], now
        )
        found = briefing(brief_of(Market(cache, Attribution({})), Query(lens=Lens(Basis.CHART))))
    text = " ".join(text_of(found).split())
    assert "bunny (free) is cloaked, maker unknown." in text
    assert "Discounted: Qwen Max (thinking), 26.8 % of all tokens" in text


def test_sides_that_are_level_are_told_as_level_not_as_unknown() -> None:
    rows = {f"vendor-{n}/m": 9 - n for n in range(7)} | {"deepseek/v4": 40, "openai/gpt": 40}
    with Cache.open(None, "https://openrouter.ai") as cache:
        now = datetime(2026, 6, 21, 20, tzinfo=UTC)
        weeks = [Period(Grain.WEEK, date(2026, 6, day)) for day in (1, 8)]
        cache.rankings.put([Listing.build(week, now, rows.items()) for week in weeks])
        query = Query(lens=Lens(Basis.CHART))
        found = briefing(brief_of(Market(cache, Attribution({})), query))
    text = " ".join(text_of(found).split())
    assert (
        "Chinese ones carried 40 (0.0 %) and US ones 40 (0.0 %): 1.0 : 1. Chinese models and US ones are level." in text
    )
    assert "CN and US are level as first country." in text
    assert "deepseek and openai are level as first vendor." in text
    assert "v4 and gpt are level as first model." in text
    assert "top10 1.0 : 1, 40 to 40; top50 1.0 : 1, 40 to 40. The same on every basis." in text
    assert "Whether another leads" not in text


def test_a_month_of_which_the_record_has_the_end_says_on_which_day_it_begins(brief: Brief) -> None:
    text = " ".join(brief("--demo", "--period", "month", "--at", "2026-06-25").split())
    assert "10 of 30 days being in the record" in text
    assert "The record begins on 21 June 2026." in text
