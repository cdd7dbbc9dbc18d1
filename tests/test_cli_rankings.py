"""`top`, `share`, `versus`, `history`, `vendors`, `prices` and `alerts`, on a market whose figures are in sight."""

from __future__ import annotations

from datetime import date

import pytest

from cli_market import AS_OF, BILLION, CITATION, ORIGIN, Cli
from orwatch.domain.catalogue import CatalogueModel
from orwatch.store.cache import Cache

TOP_FIELDS = (
    "rank rank_change status permaslug name vendor country tokens share change streak streak_is_floor lead_streak "
    "lead_streak_is_floor free open_weights"
)
SHARE_FIELDS = "country tokens share_of_all share_of_attributed change models lead_streak lead_streak_is_floor status"
PRICE_FIELDS = (
    "id name vendor country input output cached_input discount list_input list_output free varies context open_weights "
    "input_ratio output_ratio"
)
META_FIELDS = (
    "citation as_of source period basis composed free merged filter total_tokens total_change total_streak "
    "total_streak_is_floor warnings"
)


def test_top_gives_the_contracts_fields(cli: Cli) -> None:
    meta, rows = cli.json("top", "--basis", "chart")
    assert " ".join(meta).startswith(META_FIELDS)
    assert [" ".join(row) for row in rows] == [TOP_FIELDS] * 9
    assert meta["citation"] == CITATION
    assert meta["period"] == {
        "grain": "week", "start": "2026-06-15", "end": "2026-06-21", "complete": True, "partial": False, "composed": False,
        "free": True, "merged": False, "origin": "api",
    }  # fmt: skip
    assert (meta["as_of"], meta["source"]) == ("2026-06-22T02:00:00Z", "openrouter")
    assert (meta["total_tokens"], meta["total_change"]) == (900 * BILLION, 200 / 700)
    assert (meta["total_streak"], meta["total_streak_is_floor"]) == (2, True)
    assert (meta["other_tokens"], meta["other_share"]) == (80 * BILLION, 80 / 900)


def test_top_ranks_by_tokens_and_ties_by_permaslug(cli: Cli) -> None:
    _, rows = cli.json("top", "--basis", "chart")
    assert [(row["rank"], row["permaslug"], row["tokens"] // BILLION) for row in rows] == [
        (1, "deepseek/v4", 300),
        (2, "anthropic/opus", 110),
        (3, "qwen/max", 100),
        (4, "openai/gpt", 80),
        (5, "google/flash", 60),
        (6, "x-ai/grok", 50),
        (7, "z-ai/glm", 50),
        (8, "stealth/bunny", 40),
        (9, "moonshotai/kimi", 30),
    ]
    first, new = rows[0], rows[8]
    assert first["share"] == 300 / 900
    assert first["change"] == 0.5
    assert (first["rank_change"], first["lead_streak"], first["lead_streak_is_floor"]) == (0, 2, False)
    assert (first["name"], first["country"], first["open_weights"]) == ("DeepSeek V4", "CN", True)
    assert (new["status"], new["change"], new["rank_change"], new["streak"]) == ("new", None, None, 1)
    assert new["open_weights"] is None


@pytest.mark.parametrize(
    ("options", "slugs"),
    [
        (["--vendor", "deepseek"], ["deepseek/v4"]),
        (["--vendor", "DeepSeek", "--vendor", "qwen"], ["deepseek/v4", "qwen/max"]),
        (["--country", "cn", "--vendor", "!deepseek"], ["qwen/max", "z-ai/glm", "moonshotai/kimi"]),
        (["--country", "!CN", "--country", "!US"], ["stealth/bunny"]),
        (["--country", "??"], ["stealth/bunny"]),
        (["--country", "FR"], []),
    ],
)
def test_filters_hide_rows_and_change_no_figure(cli: Cli, options: list[str], slugs: list[str]) -> None:
    whole, every = cli.json("top", "--basis", "chart")
    meta, rows = cli.json("top", "--basis", "chart", *options)
    assert [row["permaslug"] for row in rows] == slugs
    assert rows == [row for row in every if row["permaslug"] in slugs]
    same = [key for key in whole if key not in ("filter", "shown_tokens")]
    assert meta["shown_tokens"] == sum(row["tokens"] for row in rows)
    assert {key: meta[key] for key in same} == {key: whole[key] for key in same}


def test_the_filter_goes_along(cli: Cli) -> None:
    meta, _ = cli.json("--vendor", "Deepseek", "top", "--country", "!us")
    assert meta["filter"] == {"vendors": ["deepseek"], "countries": ["!US"]}


def test_free_rows_can_be_left_out_and_variants_merged(cli: Cli) -> None:
    _, rows = cli.json("top", "--at", "2026-06-08", "--basis", "top10", "--no-free")
    assert "openai/gpt:free" not in [row["permaslug"] for row in rows]
    meta, rows = cli.json("top", "--at", "2026-06-08", "--basis", "top10", "--merge-variants")
    assert next(row for row in rows if row["permaslug"] == "openai/gpt")["tokens"] == 90 * BILLION
    assert (meta["merged"], meta["total_tokens"]) == (True, 700 * BILLION)


def test_share_sums_to_the_total_and_tells_two_shares_apart(cli: Cli) -> None:
    meta, rows = cli.json("share", "--basis", "chart")
    assert [" ".join(row) for row in rows] == [SHARE_FIELDS] * 4
    assert [(row["country"], row["tokens"] // BILLION, row["models"]) for row in rows] == [
        ("CN", 480, 4),
        ("US", 300, 4),
        (None, 40, 1),
        ("other", 80, 1),
    ]
    assert sum(row["tokens"] for row in rows) == meta["total_tokens"]
    assert rows[0]["share_of_all"] == 480 / 900
    assert rows[0]["share_of_attributed"] == 480 / 780
    assert [row["share_of_attributed"] for row in rows[2:]] == [None, None]
    assert rows[0]["change"] == 150 / 330
    assert [(row["lead_streak"], row["lead_streak_is_floor"]) for row in rows] == [(2, False)] + [(0, False)] * 3
    assert (meta["leader"], meta["unattributed"]) == ("CN", ["stealth/bunny"])


def test_share_hides_what_the_filter_excludes(cli: Cli) -> None:
    assert [row["country"] for row in cli.json("share", "--basis", "chart", "--country", "US")[1]] == ["US"]
    assert [row["country"] for row in cli.json("share", "--basis", "chart", "--country", "!US")[1]] == [
        "CN",
        None,
        "other",
    ]


def test_a_split_on_fewer_rows_than_the_basis_asks_for_is_unknown_to_every_command(cli: Cli) -> None:
    meta, rows = cli.json("share", "--basis", "top50")
    assert [row["country"] for row in rows] == ["CN", "US", "FR", None, "other"]
    assert {row[name] for row in rows for name in ("tokens", "share_of_all", "change", "models")} == {None}
    assert (meta["total_tokens"], meta["shown_tokens"]) == (900 * BILLION, None)
    assert (meta["leader"], {row["lead_streak"] for row in rows}) == (None, {0})
    warning = next(text for text in meta["warnings"] if "are unknown" in text)
    assert "names 10 models" in warning
    assert "--basis chart" in warning
    assert {row["tokens"] for row in cli.json("vendors", "--basis", "top50")[1]} == {None}
    versus = cli.json("versus", "CN", "US", "--basis", "top50")[1]
    assert {row["a_tokens"] for row in versus} == {None}
    assert "\n5 rows.\n" in cli("share", "--basis", "top50")[1]


def test_history_and_share_say_who_is_new(cli: Cli) -> None:
    _, rows = cli.json("history", "moonshotai/kimi", "--basis", "chart")
    assert [(row["rank"], row["change"], row["status"]) for row in rows] == [
        (9, None, "new"),
        (None, None, None),
        (None, None, None),
    ]
    assert "new" in cli("history", "moonshotai/kimi", "--basis", "chart")[1].splitlines()[3]
    assert "status" in cli("share", "--basis", "chart", "--format", "csv")[1].splitlines()[0].split(",")


def test_a_ratio_is_larger_to_smaller_with_the_larger_side_named(cli: Cli) -> None:
    out = cli("versus", "CN", "US", "--basis", "chart")[1].splitlines()
    assert out[2].split()[-4:] == ["%", "Ratio", "Leader", "Flip"]
    ratios = ("CN 1.6 : 1", "CN 1.1 : 1", "US 1.4 : 1")
    assert [line for ratio, line in zip(ratios, out[3:6], strict=True) if ratio not in line] == []
    rows = cli.json("versus", "CN", "US", "--basis", "chart")[1]
    assert [row["ratio"] for row in rows] == [480 / 300, 330 / 290, 200 / 290], "for programs a ÷ b stays"
    assert "input: US median 4.00 (3.00–5.00), CN 0.30 (0.20–0.40), US 13.3 : 1" in cli("prices", "--basis", "chart")[1]


def test_versus_tells_leader_streak_and_flips(cli: Cli) -> None:
    meta, rows = cli.json("versus", "CN", "US", "--basis", "chart")
    assert [
        (row["start"], row["a_tokens"] // BILLION, row["b_tokens"] // BILLION, row["leader"], row["flip"])
        for row in rows
    ] == [
        ("2026-06-15", 480, 300, "CN", False),
        ("2026-06-08", 330, 290, "CN", True),
        ("2026-06-01", 200, 290, "US", False),
    ]
    assert [row["ratio"] for row in rows] == [480 / 300, 330 / 290, 200 / 290]
    assert {key: meta[key] for key in ("a", "b", "leader", "streak", "streak_is_floor", "since", "flips")} == {
        "a": "CN",
        "b": "US",
        "leader": "CN",
        "streak": 2,
        "streak_is_floor": False,
        "since": "2026-06-08",
        "flips": [{"start": "2026-06-08", "from": "US", "to": "CN"}],
    }


def test_versus_speaks_of_the_period_that_is_asked_for(cli: Cli) -> None:
    meta, rows = cli.json("versus", "CN", "US", "--basis", "chart", "--at", "2026-06-07")
    assert [row["start"] for row in rows] == ["2026-06-01"]
    assert (meta["leader"], meta["streak"], meta["streak_is_floor"], meta["flips"]) == ("US", 1, True, [])


def test_versus_of_vendors(cli: Cli) -> None:
    meta, rows = cli.json("versus", "DeepSeek", "anthropic", "--basis", "chart", "--limit", "1")
    assert (meta["a"], meta["b"], meta["leader"]) == ("deepseek", "anthropic", "deepseek")
    assert [(row["a_tokens"] // BILLION, row["b_tokens"] // BILLION) for row in rows] == [(300, 110)]


def test_versus_says_nothing_where_the_split_is_unknown(cli: Cli) -> None:
    meta, rows = cli.json("versus", "CN", "US", "--basis", "top50")
    assert (meta["leader"], meta["streak"], meta["since"], meta["flips"]) == (None, 0, None, [])
    for row in rows:
        assert (row["a_tokens"], row["b_tokens"], row["ratio"], row["leader"], row["flip"]) == (None,) * 4 + (False,)


@pytest.mark.parametrize(
    ("sides", "words"),
    [
        (["CN", "CN"], "two different sides"),
        (["CN", "ZZ"], "'ZZ' is no country code"),
        (["cn", "us"], "capitals"),
        (["CN", "deepseek"], "capitals"),
        (["deepsek", "qwen"], "nearest: deepseek"),
        (["CN"], "it needs B"),
    ],
)
def test_versus_refuses_what_it_does_not_know(cli: Cli, sides: list[str], words: str) -> None:
    code, out, err = cli("versus", *sides)
    assert (code, out) == (2, "")
    assert words in err


@pytest.mark.parametrize("model", ["moonshotai/kimi", "kimi", "KIMI"])
def test_history_is_one_row_a_period_newest_first(cli: Cli, model: str) -> None:
    meta, rows = cli.json("history", model)
    assert meta["permaslug"] == "moonshotai/kimi"
    assert rows == [
        {"start": "2026-06-15", "end": "2026-06-21", "complete": True, "rank": 9, "tokens": 30 * BILLION,
         "share": 30 / 900, "change": None, "status": None, "partial": False, "composed": False},
        {"start": "2026-06-08", "end": "2026-06-14", "complete": True, "rank": None, "tokens": None, "share": None,
         "change": None, "status": None, "partial": False, "composed": False},
        {"start": "2026-06-01", "end": "2026-06-07", "complete": True, "rank": None, "tokens": None, "share": None,
         "change": None, "status": None, "partial": False, "composed": False},
    ]  # fmt: skip


def test_history_finds_a_model_by_id_and_by_name(cli: Cli) -> None:
    assert cli.json("history", "openai/gpt:free")[0]["permaslug"] == "openai/gpt:free"
    assert cli.json("history", "Claude Opus")[0]["permaslug"] == "anthropic/opus"


def test_the_name_within_a_permaslug_means_it_also_where_longer_ones_begin_so(cli: Cli) -> None:
    meta, _ = cli.json("history", "gpt-5.6-luna", "--demo")
    assert meta["permaslug"] == "openai/gpt-5.6-luna-20260709", "not gpt-5.6-luna-pro"


@pytest.mark.parametrize(
    ("model", "code", "words"),
    [
        ("gpt-", 2, "no model of the record"),
        ("anthropic/opsu", 2, "nearest: anthropic/opus"),
        ("a", 2, "fits several models"),
        ("openrouter/auto", 3, "never named it"),
    ],
)
def test_history_refuses_what_is_no_single_model(cli: Cli, model: str, code: int, words: str) -> None:
    found, out, err = cli("history", model)
    assert (found, out) == (code, "")
    assert words in err


def test_vendors_come_with_company_country_and_evidence(cli: Cli) -> None:
    _, rows = cli.json("vendors", "--basis", "chart")
    assert rows[0] == {
        "vendor": "deepseek",
        "company": "DeepSeek",
        "country": "CN",
        "evidence": "Hangzhou",
        "assigned": "shipped",
        "tokens": 300 * BILLION,
        "share": 300 / 900,
        "models": 1,
    }
    cloaked = next(row for row in rows if row["vendor"] == "stealth")
    assert (cloaked["country"], cloaked["assigned"]) == (None, None)


def test_a_vendor_can_be_given_a_country_and_lose_it(cli: Cli) -> None:
    code, out, _ = cli("vendors", "assign", "Mistralai", "de", "--format", "json")
    assert code == 0
    assert '"country": "DE"' in out
    _, rows = cli.json("share", "--basis", "chart", "--at", "2026-06-01")
    assert "DE" in [row["country"] for row in rows]
    assert cli("vendors", "unassign", "mistralai")[0] == 0
    _, rows = cli.json("share", "--basis", "chart", "--at", "2026-06-01")
    assert "FR" in [row["country"] for row in rows]
    assert cli("vendors", "unassign", "mistralai")[0] == 2
    assert cli("vendors", "assign", "stealth", "US")[0] == 2
    assert cli("vendors", "assign", "mistralai")[0] == 2


def test_prices_are_decimal_strings_and_ratios_are_to_the_baseline(cli: Cli) -> None:
    meta, rows = cli.json("prices", "--basis", "chart", "--baseline", "deepseek/v4")
    assert [" ".join(row) for row in rows] == [PRICE_FIELDS] * 6
    assert [row["id"] for row in rows] == [
        "deepseek/v4",
        "anthropic/opus",
        "qwen/max",
        "openai/gpt",
        "openrouter/auto",
        "openai/gpt:free",
    ]
    opus, router, free = rows[1], rows[4], rows[5]
    assert (opus["input"], opus["output"], opus["cached_input"]) == ("5", "25", "0.5")
    assert (opus["input_ratio"], opus["output_ratio"]) == (25.0, 62.5)
    assert (opus["discount"], opus["list_input"], opus["list_output"]) == (None, None, None)
    assert (free["free"], free["input"]) == (True, "0")
    assert (router["varies"], router["input"], router["input_ratio"]) == (True, None, None)
    assert meta["baseline"] == "deepseek/v4"
    assert meta["gap"]["input"] == {
        "cn": "0.3", "us": "4", "ratio": pytest.approx(40 / 3), "cn_low": "0.2", "cn_high": "0.4", "us_low": "3",
        "us_high": "5",
    }  # fmt: skip


def test_prices_can_be_filtered(cli: Cli) -> None:
    assert [row["id"] for row in cli.json("prices", "--country", "CN")[1]] == ["deepseek/v4", "qwen/max"]
    assert "openai/gpt:free" not in [row["id"] for row in cli.json("prices", "--no-free")[1]]
    code, _, err = cli("prices", "--baseline", "deepseek/v5")
    assert code == 2
    assert "nearest: deepseek/v4" in err
    code, _, err = cli("prices", "--baseline", "openai/gpt:free")
    assert code == 2
    assert "openai/gpt:free has no price above zero to set others against; take another as baseline." in err


def test_alerts_are_the_flips_and_streaks_of_the_record(cli: Cli) -> None:
    _, rows = cli.json("alerts", "--basis", "chart")
    versus = [row for row in rows if row["subject"]["kind"] == "versus" and row["rule"] == "lead-flip"]
    assert [(row["rule"], row["subject"]["id"], row["state"], row["period"]["start"]) for row in versus] == [
        ("lead-flip", "CN:US", "confirmed", "2026-06-08")
    ]
    assert versus[0]["message"].startswith("CN passes US and leads the countries on chart: 330B to 290B")
    assert (versus[0]["fired_at"], versus[0]["acknowledged"]) == ("2026-06-15T00:00:00Z", False)
    assert cli.json("alerts", "backtest", "--basis", "chart")[1] == rows


def backtest(cli: Cli, *options: str) -> list[tuple[str, str, str]]:
    rows = cli.json("alerts", "backtest", "--basis", "chart", *options)[1]
    return [(row["rule"], row["subject"]["id"], row["period"]["start"]) for row in rows]


def test_a_backtest_runs_one_rule_over_the_record(cli: Cli) -> None:
    flips = backtest(cli, "--rule", "lead-flip")
    assert {rule for rule, _, _ in flips} == {"lead-flip"}
    assert ("lead-flip", "CN:US", "2026-06-08") in flips
    assert backtest(cli, "--rule", "lead-flip", "--from", "2026-06-09") == []
    assert backtest(cli, "--rule", "lead-flip", "--from", "2026-06-08", "--until", "2026-06-08") == flips
    assert backtest(cli, "--rule", "lead-flip", "--until", "2026-06-07") == []
    both = backtest(cli, "--rule", "lead-flip", "--rule", "new-entrant")
    assert {rule for rule, _, _ in both} == {"lead-flip", "new-entrant"}


def test_a_backtest_runs_a_rule_that_is_off(cli: Cli) -> None:
    cli.config.write_text("[alerts.new-entrant]\non = false\n")
    assert "new-entrant" not in {rule for rule, _, _ in backtest(cli)}
    assert backtest(cli, "--rule", "new-entrant") == [("new-entrant", "moonshotai/kimi", "2026-06-15")]


def test_a_rule_and_a_filter_choose_among_the_alerts(cli: Cli) -> None:
    _, rows = cli.json("alerts", "--basis", "chart", "--rule", "lead-flip", "--vendor", "deepseek")
    assert {row["subject"]["id"] for row in rows} == {"deepseek/v4", "deepseek"}
    _, rows = cli.json("alerts", "--basis", "chart", "--rule", "lead-flip", "--country", "FR")
    assert rows == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("backtest", "--rule", "lead-flop"), ["lead-flop", "nearest: lead-flip"]),
        (("backtest", "--from", "yesterday"), ["--from", "yesterday"]),
        (("--from", "2026-06-01"), ["--from", "backtest"]),
    ],
)
def test_a_wrong_backtest_is_one_sentence(cli: Cli, options: tuple[str, ...], words: list[str]) -> None:
    code, out, err = cli("alerts", *options)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert all(word in err for word in words)


def test_an_alert_without_a_basis_says_null(cli: Cli) -> None:
    with Cache.open(cli.cache, ORIGIN) as cache:
        cache.catalogue.put_models(
            [CatalogueModel("openai/gpt", "openai/gpt", "GPT", expires=date(2026, 6, 30))], AS_OF
        )
    _, rows = cli.json("alerts", "--rule", "expiring")
    assert [(row["basis"], row["subject"], row["period"]["start"]) for row in rows] == [
        (None, {"kind": "model", "id": "openai/gpt"}, "2026-06-30")
    ]
    assert rows[0]["message"] == "GPT is taken off on 30 June 2026, 8 days after this was known"
