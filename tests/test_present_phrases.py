"""Alerts of every rule in a row of a table and as a sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from orwatch.domain.alerts.alert import Alert, Severity, Standing, Value
from orwatch.domain.alerts.registry import RULES
from orwatch.domain.periods import Grain, Period
from orwatch.domain.records import Basis
from orwatch.present.alerts import citations, message, own_phrase, own_value, rule_word, subject_phrase, value_text
from orwatch.present.tables.alerts import AlertRow, fitted, spoken_alert, subject_pieces

NAMES = {
    "tencent/hy3:free": "Hy3", "openai/luna": "GPT-5.6 Luna", "anthropic/opus": "Claude Opus 5", "xiaomi/mimo": "MiMo-V2-Pro",
}  # fmt: skip
WEEK = Period(Grain.WEEK, date(2026, 4, 27))
DAY = Period(Grain.DAY, date(2026, 7, 28))
SEEN = datetime(2026, 7, 28, 2, tzinfo=UTC)
T, B = 10**12, 10**9
COURSE = Standing.ON_COURSE


def alert(
    rule: str, kind: str, subject: str, direction: str = "", *, state: Standing = Standing.CONFIRMED, **values: Value
) -> Alert:
    period = (
        WEEK
        if rule not in ("price-change", "price-crosses", "discount", "free", "new-model", "expiring", "stale")
        else DAY
    )
    return Alert(rule, Severity.NOTABLE, kind, subject, period, values, "", direction, Basis.CHART, state, SEEN)


def flip(kind: str, subject: str, to: str, before: str) -> Alert:
    values: dict[str, Value] = {
        "from": before, "to": to, "from_tokens": 3250 * B, "to_tokens": 7930 * B, "ratio": 2.44, "held": 2,
        "held_is_floor": False,
    }  # fmt: skip
    confirmed = Standing.CONFIRMED
    return Alert("lead-flip", Severity.MAJOR, kind, subject, WEEK, values, "", to, Basis.CHART, confirmed)


CASES: list[tuple[Alert, str, str, str, str]] = [
    (
        flip("versus", "CN:US", "CN", "US"),
        "flip", "CN passes US", "2.4 : 1",
        "CN passes US on chart: 7.93T to 3.25T, week of 27 April; US had led 2 weeks",
    ),
    (
        flip("country", "CN", "CN", "US"),
        "flip", "CN passes US first", "2.4 : 1",
        "CN passes US on chart: 7.93T to 3.25T, week of 27 April; US had led 2 weeks",
    ),
    (
        flip("model", "tencent/hy3:free", "tencent/hy3:free", "openai/luna"),
        "flip", "Hy3 free passes GPT-5.6 Luna", "2.4 : 1",
        "Hy3 (free) passes GPT-5.6 Luna on chart: 7.93T to 3.25T, week of 27 April; GPT-5.6 Luna had led 2 weeks",
    ),
    (
        alert("streak", "versus", "CN:US", "CN", leader="CN", length=4),
        "streak", "CN leads US", "4 weeks",
        "CN leads US on chart for the 4th week in a row, week of 27 April",
    ),
    (
        alert("streak", "versus", "CN:US", "CN", leader="CN", length=6, ended=True, by="US"),
        "streak", "CN leads US, ended", "6 weeks",
        "CN no longer leads US on chart, after 6 weeks, week of 27 April",
    ),
    (
        alert("streak", "vendor", "deepseek", leader="deepseek", length=1, ended=True, by="openai"),
        "streak", "deepseek vendor leads, ended", "1 week",
        "deepseek no longer leads the vendors on chart, after 1 week, week of 27 April",
    ),
    (
        alert("growth-streak", "total", "total", "up", length=8, tokens=44_606 * B, tokens_before=36_126 * B),
        "growth", "all tokens", "8 weeks",
        "All tokens grow for the 8th week in a row: 36.1T to 44.6T, week of 27 April",
    ),
    (
        alert("growth-streak", "total", "total", "up", length=5, tokens=21 * T, tokens_before=27 * T, ended=True),
        "growth", "all tokens, ended", "5 weeks",
        "All tokens stop growing after 5 weeks: 27.0T to 21.0T, week of 27 April",
    ),
    (
        alert("new-entrant", "model", "tencent/hy3:free", model="tencent/hy3:free", rank=1, rank_before=None,
              status="new", tokens=3031 * B, top=9),
        "top 10", "Hy3 free", "new at 1",
        "Hy3 (free) is new at 1 in the 9 largest on chart: 3.03T, week of 27 April",
    ),
    (
        alert("new-entrant", "model", "anthropic/opus", model="anthropic/opus", rank=8, rank_before=13, status=None,
              tokens=2666 * B, top=10),
        "top 10", "Claude Opus 5", "13 → 8",
        "Claude Opus 5 moves from 13 to 8, into the 10 largest on chart: 2.67T, week of 27 April",
    ),
    (
        alert("new-entrant", "model", "a/b", model="a/b", rank=3, rank_before=None, status="back", tokens=B, top=5),
        "top 5", "a/b", "back at 3",
        "a/b is back at 3 in the 5 largest on chart: 1.00B, week of 27 April",
    ),
    (
        alert("rank-jump", "model", "anthropic/opus", model="anthropic/opus", rank=8, rank_before=13, places=5),
        "rank", "Claude Opus 5", "13 → 8",
        "Claude Opus 5 climbs 5 places on chart: 13 to 8, week of 27 April",
    ),
    (
        alert("surge", "model", "xiaomi/mimo", model="xiaomi/mimo", change=0.896, tokens=1148 * B,
              tokens_before=606 * B, share=0.056),
        "surge", "MiMo-V2-Pro", "+89.6%",
        "MiMo-V2-Pro surges by 89.6%: 606B to 1.15T, week of 27 April",
    ),
    (
        alert("plunge", "model", "xiaomi/mimo", model="xiaomi/mimo", change=-0.803, tokens=606 * B,
              tokens_before=3076 * B, share=0.1),
        "plunge", "MiMo-V2-Pro", "−80.3%",
        "MiMo-V2-Pro plunges by 80.3%: 3.08T to 606B, week of 27 April",
    ),
    (
        alert("share-crosses", "country", "CN", "up", country="CN", share=0.709, share_before=0.467, mark=0.5, tokens=T),
        "share", "CN, of attributed", "47 → 71%, above 50",
        "CN rises above 50% of attributed tokens on chart: 47% to 71%, week of 27 April",
    ),
    (
        alert("share-crosses", "country", "CN", "down", state=COURSE, country="CN", share=0.4, share_before=0.6,
              mark=0.5, tokens=T),
        "share", "CN, of attributed", "60 → 40%, below 50",
        "CN is on course to fall below 50% of attributed tokens on chart: 60% to 40%, week of 27 April",
    ),
    (
        alert("ratio-crosses", "versus", "CN:US", side="CN", other="US", ratio=2.44, ratio_before=0.88, mark=2.0, above=True),
        "ratio", "CN : US", "0.9 → 2.4, above 2",
        "CN : US rises above 2 : 1 on chart: 0.9 to 2.4, week of 27 April",
    ),
    (
        alert("ratio-crosses", "versus", "CN:US", state=COURSE, side="US", other="CN", ratio=1.3, ratio_before=3.8,
              mark=2.5, above=False),
        "ratio", "US : CN", "3.8 → 1.3, below 2.5",
        "US : CN is on course to fall below 2.5 : 1 on chart: 3.8 to 1.3, week of 27 April",
    ),
    (
        alert("price-change", "model", "openai/luna", "down", model="openai/luna", input="0.09", input_before="0.14",
              input_change=-0.357, output="0.18", output_before="0.28", output_change=-0.357),
        "price", "GPT-5.6 Luna", "−36% to 0.09",
        "GPT-5.6 Luna changes its price per million tokens: input down 35.7%, $0.14 to $0.09; output down 35.7%, $0.28 to"
        " $0.18, seen 28 July",
    ),
    (
        alert("price-change", "model", "openai/luna", "up", model="openai/luna", output="5", output_before="4",
              output_change=0.25),
        "price", "GPT-5.6 Luna", "output +25% to 5.00",
        "GPT-5.6 Luna changes its price per million tokens: output up 25.0%, $4.00 to $5.00, seen 28 July",
    ),
    (
        alert("price-crosses", "model", "openai/luna", "input at most", model="openai/luna", price="input", now="0.1",
              before="0.5", mark="0.1"),
        "alarm", "GPT-5.6 Luna", "0.10 ≤ 0.10",
        "GPT-5.6 Luna: the input price falls to $0.10 per million tokens (≤ 0.10) from $0.50, seen 28 July",
    ),
    (
        alert("price-crosses", "model", "openai/luna", "output at least", model="openai/luna", price="output", now="5",
              before="4", mark="4.5"),
        "alarm", "GPT-5.6 Luna", "output 5.00 ≥ 4.50",
        "GPT-5.6 Luna: the output price rises to $5.00 per million tokens (≥ 4.50) from $4.00, seen 28 July",
    ),
    (
        alert("app-flip", "app", "7", "7", name="Hermes Agent", passed="OpenClaw", from_id=8, from_tokens=186 * B,
              to_tokens=224 * B),
        "app", "Hermes Agent passes OpenClaw", "1.2 : 1",
        "Hermes Agent passes OpenClaw as first public app: 224B to 186B, week of 27 April",
    ),
    (
        alert("app-entrant", "app", "7", "up", name="Zazen", rank=8, rank_before=12, tokens=550 * B, top=10),
        "apps", "Zazen app", "12 → 8",
        "Zazen moves from 12 to 8, into the 10 largest public apps: 550B, week of 27 April",
    ),
    (
        alert("app-entrant", "app", "7", "up", name="Framer", rank=7, rank_before=None, tokens=500 * B, top=9),
        "apps", "Framer app", "new at 7",
        "Framer is new at 7 in the 9 largest public apps: 500B, week of 27 April",
    ),
    (
        alert("benchmark-leader", "model", "openai/luna", "intelligence", model="openai/luna", passed="tencent/hy3",
              name="GPT-5.6 Luna", passed_name="Hy3", benchmark="intelligence", score=63.14, passed_score=62.09),
        "index", "GPT-5.6 Luna first, intelligence", "63.1",
        "GPT-5.6 Luna passes Hy3 as first on Artificial Analysis' intelligence index: 63.1 to 62.1, seen 27 April",
    ),
    (
        alert("discount", "model", "openai/luna", "starts", model="openai/luna", discount=0.5, discount_before=0.0),
        "discount", "GPT-5.6 Luna", "50% off",
        "GPT-5.6 Luna is sold at 50% off its list price, seen 28 July",
    ),
    (
        alert("discount", "model", "openai/luna", "ends", model="openai/luna", discount=0.0, discount_before=0.5),
        "discount", "GPT-5.6 Luna", "ended",
        "GPT-5.6 Luna is no longer sold below its list price: it was 50% off, seen 28 July",
    ),
    (
        alert("free", "model", "tencent/hy3:free", "starts", model="tencent/hy3:free", free=True),
        "free", "Hy3 free", "starts",
        "Hy3 is free now, seen 28 July",
    ),
    (
        alert("free", "model", "openai/luna", "ends", model="openai/luna", free=False),
        "free", "GPT-5.6 Luna", "ended",
        "GPT-5.6 Luna is free no longer, seen 28 July",
    ),
    (
        alert("new-model", "model", "openai/luna", model="openai/luna", vendor="openai", country="US", cloaked=False),
        "new", "GPT-5.6 Luna", "openai",
        "GPT-5.6 Luna of openai is listed for the first time, seen 28 July",
    ),
    (
        alert("new-model", "model", "stealth/ox", model="stealth/ox", vendor="stealth", country=None, cloaked=True,
              tokens=300 * B),
        "new", "stealth/ox", "?? stealth",
        "stealth/ox, a cloaked model under stealth, is ranked for the first time: 300B, 28 July",
    ),
    (
        alert("expiring", "model", "openai/luna", model="openai/luna", expires="2026-08-10", days=14),
        "ends", "GPT-5.6 Luna", "on 10 Aug",
        "GPT-5.6 Luna is taken off on 10 August 2026, 14 days after this was known",
    ),
    (
        alert("stale", "total", "total", "poll", what="poll", since="2026-07-28T02:00:00Z", hours=6.0),
        "stale", "no poll succeeds", "since 28 Jul",
        "No poll has succeeded since 28 Jul 02:00Z; `orwatch doctor` looks for the cause",
    ),
    (
        alert("stale", "total", "total", "source", what="source", since="2026-07-28T02:00:00Z", hours=48.0),
        "stale", "nothing new published", "since 28 Jul",
        "The source has published nothing since 28 Jul 02:00Z, though it answers",
    ),
    (
        alert("streak", "versus", "CN:US", "US", leader="US", length=30, length_is_floor=True, ended=True, by="CN"),
        "streak", "US leads CN, ended", "≥ 30 weeks",
        "US no longer leads CN on chart, after at least 30 weeks, week of 27 April",
    ),
    (
        alert("growth-streak", "total", "total", "up", length=5, length_is_floor=True, tokens=1517 * B,
              tokens_before=1521 * B, ended=True),
        "growth", "all tokens, ended", "≥ 5 weeks",
        "All tokens stop growing after at least 5 weeks: 1.521T to 1.517T, week of 27 April",
    ),
    (
        alert("share-crosses", "country", "CN", "up", country="CN", share=0.78, share_before=0.749, mark=0.75, tokens=T),
        "share", "CN, of attributed", "74.9 → 78.0%, above 75",
        "CN rises above 75% of attributed tokens on chart: 74.9% to 78.0%, week of 27 April",
    ),
    (
        alert("share-crosses", "country", "US", "down", country="US", share=0.2499, share_before=0.2504, mark=0.25, tokens=T),
        "share", "US, of attributed", "25.04 → 24.99%, below 25",
        "US falls below 25% of attributed tokens on chart: 25.04% to 24.99%, week of 27 April",
    ),
    (
        alert("ratio-crosses", "versus", "CN:US", side="CN", other="US", ratio=2.0, ratio_before=1.97, mark=2.0, above=True),
        "ratio", "CN : US", "1.97 → 2.00, above 2",
        "CN : US rises above 2 : 1 on chart: 1.97 to 2.00, week of 27 April",
    ),
    (
        alert("price-change", "model", "openai/luna", "down", model="openai/luna", cached_input="0.0036",
              cached_input_before="0.0072", cached_input_change=-0.5),
        "price", "GPT-5.6 Luna", "cached −50% to 0.0036",
        "GPT-5.6 Luna changes its price per million tokens: cached input down 50.0%, $0.0072 to $0.0036, seen 28 July",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("told", "word", "subject", "value", "sentence"), CASES)
def test_a_row_and_a_sentence(told: Alert, word: str, subject: str, value: str, sentence: str) -> None:
    assert rule_word(told) == word
    assert "".join(text for text, _ in subject_phrase(told, NAMES)) == subject
    assert value_text(told, NAMES) == value
    assert message(told, NAMES) == sentence


def test_a_screen_reader_is_told_sides_by_their_names_and_ratios_in_words() -> None:
    spoken = {spoken_alert(told, NAMES) for told, *_ in CASES}
    assert "Alert: China to the United States rises above 2 to 1 on chart: 0.9 to 2.4, week of 27 April." in spoken
    assert (
        "The United States to China is on course to fall below 2.5 to 1 on chart: 3.8 to 1.3, week of 27 April."
        in spoken
    )


def test_every_rule_is_among_the_cases() -> None:
    assert {case[0].rule for case in CASES} == set(RULES)


def test_sides_are_told_from_words_so_that_they_can_be_coloured() -> None:
    by_value = {value: [*subject_phrase(told, NAMES)] for told, _, _, value, _ in CASES}
    assert [*subject_phrase(CASES[0][0], NAMES)] == [("CN", "side"), (" passes ", "text"), ("US", "side")]
    assert by_value["47 → 71%, above 50"] == [("CN", "side"), (", of attributed", "text")]
    assert by_value["new at 1"] == [("Hy3", "text"), (" free", "dim")]


def test_in_a_narrow_row_the_mark_alone_is_told() -> None:
    short = {value: value_text(told, NAMES, short=True) for told, _, _, value, _ in CASES}
    changed = {value: text for value, text in short.items() if text != value}
    assert changed == {
        "47 → 71%, above 50": "above 50%",
        "output +25% to 5.00": "out +25% to 5.00",
        "output 5.00 ≥ 4.50": "out 5.00 ≥ 4.50",
        "60 → 40%, below 50": "below 50%",
        "0.9 → 2.4, above 2": "above 2 : 1",
        "3.8 → 1.3, below 2.5": "below 2.5 : 1",
        "74.9 → 78.0%, above 75": "above 75%",
        "25.04 → 24.99%, below 25": "below 25%",
        "1.97 → 2.00, above 2": "above 2 : 1",
    }


@pytest.mark.parametrize(
    ("told", "own", "phrase", "value"),
    [
        (CASES[2][0], "tencent/hy3:free", "passes GPT-5.6 Luna", "7.93T"),
        (CASES[2][0], "openai/luna", "lost to Hy3 free", "7.93T"),
        (CASES[3][0], "CN", "leads", "4 weeks"),
        (CASES[4][0], "CN", "leads, ended", "6 weeks"),
        (CASES[9][0], "anthropic/opus", "among the largest", "13 → 8"),
        (CASES[12][0], "xiaomi/mimo", "606B → 1.15T", "+89.6%"),
        (CASES[4][0], "US", "CN leads, ended", "6 weeks"),
        (CASES[14][0], "CN", "above 50%", "47 → 71%"),
        (CASES[17][0], "US", "below 2.5 : 1", "3.8 → 1.3"),
        (CASES[18][0], "openai/luna", "input 0.14 → 0.09", "−35.7%"),
        (CASES[19][0], "openai/luna", "output 4.00 → 5.00", "+25.0%"),
    ],
)
def test_in_the_detail_of_its_subject_the_name_is_left_out(told: Alert, own: str, phrase: str, value: str) -> None:
    assert (own_phrase(told, own, NAMES), own_value(told, NAMES)) == (phrase, value)


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (44, "DeepSeek V4 Flash 0731 › DeepSeek V4 Flash"),
        (30, "DeepSeek…0731 › DeepSeek…Flash"),
        (9, "D…1 › D…h"),
    ],
)
def test_of_a_flip_both_names_are_cut_alike(width: int, said: str) -> None:
    names = {"deepseek/a": "DeepSeek V4 Flash 0731", "deepseek/b": "DeepSeek V4 Flash"}
    told = AlertRow(flip("model", "deepseek/a", "deepseek/a", "deepseek/b"), names)
    assert "".join(text for text, _ in fitted(subject_pieces(told), width)) == said


def test_a_flip_whose_figures_nobody_has_is_told_without_them() -> None:
    whole = flip("versus", "CN:US", "CN", "US")
    told = [
        replace(whole, values={**whole.values, "from_tokens": None, "ratio": None}),
        replace(whole, values={**whole.values, "from_tokens": None, "to_tokens": None, "ratio": None, "held": None}),
        replace(whole, values={"from": "US", "to": "CN"}),
        replace(whole, values={**whole.values, "from_tokens": None, "ratio": None}, basis=Basis.TOP50),
    ]
    assert [value_text(one, {}) for one in told] == ["7.93T", "—", "—", "7.93T"]
    assert [own_value(one, {}) for one in told] == ["7.93T", "—", "—", "7.93T"]
    assert [message(one, {}) for one in told] == [
        "CN passes US on chart: 7.93T (US is not among the nine largest models), week of 27 April; US had led 2 weeks",
        "CN passes US on chart: week of 27 April",
        "CN passes US on chart: week of 27 April",
        "CN passes US on top50: 7.93T (US is not named), week of 27 April; US had led 2 weeks",
    ]


def test_alerts_cite_the_pages_that_their_figures_are_of() -> None:
    found = {case.rule: case for case, *_ in CASES}
    ranked = "Source: OpenRouter (openrouter.ai/rankings), as of 2026-07-28T02:00:00Z."
    priced = "Source: OpenRouter (openrouter.ai/models), seen 2026-07-28T02:00:00Z."
    apps = "Source: OpenRouter (openrouter.ai/apps), as of 2026-07-28T02:00:00Z."
    for rules, cited in (
        (["lead-flip"], [ranked]),
        (["price-change", "new-model"], [priced]),
        (["app-flip"], [apps]),
        (["price-change", "lead-flip", "app-entrant"], [ranked, priced, apps]),
    ):
        assert citations([found[rule] for rule in rules], "openrouter", SEEN) == cited
