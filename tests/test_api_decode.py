from __future__ import annotations

import json
import unicodedata
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orwatch.api import decode, exports, models, providers, rankings
from orwatch.domain.catalogue import CatalogueModel, Override
from orwatch.domain.foreign_text import clean
from orwatch.domain.periods import Grain, Period
from orwatch.errors import AnswerError, SourceError

AS_OF = datetime(2026, 6, 8, 2, 0, tzinfo=UTC)


def answer(*rows: object, as_of: object = "2026-06-08T02:00:00.000Z") -> bytes:
    return json.dumps({"data": rows, "meta": {"as_of": as_of, "version": "v1"}}).encode()


def row(day: str, slug: str, tokens: object) -> dict[str, object]:
    return {"date": day, "model_permaslug": slug, "total_tokens": tokens}


def model(**fields: object) -> dict[str, object]:
    return {"id": "z-ai/glm-5", "canonical_slug": "z-ai/glm-5-20260211", "name": "Z.ai: GLM 5"} | fields


def one_model(**fields: object) -> CatalogueModel:
    (found,), _ = models.read(json.dumps({"data": [model(**fields)]}).encode())
    return found


# Foreign text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GLM 5", "GLM 5"),
        ("  two\t\r\n lines\u2028more\x85 ", "two lines more"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b31mred \x9d0;title\x07", "31mred 0;title"),
        ("\x1b]52;c;aGk=\x07", "]52;c;aGk="),
        ("abc\u202edef\u2066x\u2069", "abcdefx"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("half \ud83d pair", "half pair"),
        ("[/b] stays text", "[/b] stays text"),
        ("通义千问 é", "通义千问 é"),
        ("\x00\x1b", ""),
    ],
)
def test_clean_keeps_what_is_read_and_drops_what_steers(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_clean_cuts_with_an_ellipsis() -> None:
    assert clean("x" * 300) == "x" * 199 + "…"
    assert clean("four words are cut", 11) == "four words…"


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(st.text(st.characters()), st.integers(1, 300))
def test_clean_text_is_one_short_printable_line_and_stays_as_it_is(text: str, limit: int) -> None:
    line = clean(text, limit)
    assert len(line) <= limit
    assert not [c for c in line if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]
    assert not [c for c in line if unicodedata.bidirectional(c) in BIDI]
    assert clean(line, limit) == line
    line.encode()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            b'{"error": {"code": 429, "message": "Rate limit\\u001b[2J exceeded", "metadata": {}}}',
            "Rate limit[2J exceeded",
        ),
        (b'{"error": "nope"}', "nope"),
        (b'{"error": {"code": 500}}', None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_the_message_of_an_error_body(body: bytes, message: str | None) -> None:
    assert decode.error_message(body) == message


# Rankings


def test_a_listing_has_the_named_rows_by_tokens_and_the_tail_apart() -> None:
    body = answer(
        row("2026-06-07", "openai/gpt-6", "30"),
        row("2026-06-07", "deepseek/deepseek-v4-flash", "500"),
        row("2026-06-07", "other", "7"),
        row("2026-06-07", "meta-llama/llama-5:free", "30"),
    )
    found = rankings.read(body, Grain.DAY)
    (listing,) = found.listings
    assert (found.as_of, found.lost) == (AS_OF, 0)
    assert listing.period == Period(Grain.DAY, date(2026, 6, 7))
    assert listing.rows == (
        ("deepseek/deepseek-v4-flash", 500),
        ("meta-llama/llama-5:free", 30),
        ("openai/gpt-6", 30),
    )
    assert (listing.other, listing.total, listing.as_of) == (7, 567, AS_OF)


def test_periods_come_oldest_first_and_a_missing_day_is_a_gap() -> None:
    body = answer(row("2026-06-07", "a/b", 1), row("2026-06-04", "a/b", 1), row("2026-06-05", "a/b", 1))
    starts = [listing.period.start.day for listing in rankings.read(body, Grain.DAY).listings]
    assert starts == [4, 5, 7]


@pytest.mark.parametrize(
    ("grain", "day"),
    [(Grain.WEEK, "2026-06-02"), (Grain.MONTH, "2026-05-04"), (Grain.DAY, "2026-06-09"), (Grain.WEEK, "2026-06-15")]
    + [(Grain.DAY, day) for day in ("2026-02-30", "20260601", "2026-W01-1", "0001-01-01", "", "٢٠٢٦-06-01")],
)
def test_rows_of_no_period_or_of_the_future_are_left_out(grain: Grain, day: str) -> None:
    found = rankings.read(answer(row(day, "a/b", "1")), grain)
    assert (found.listings, found.lost) == ((), 1)


@pytest.mark.parametrize(("grain", "day"), [(Grain.WEEK, "2026-06-08"), (Grain.MONTH, "2026-06-01")])
def test_the_running_period_is_kept(grain: Grain, day: str) -> None:
    assert len(rankings.read(answer(row(day, "a/b", "1")), grain).listings) == 1


@pytest.mark.parametrize(("tokens", "number"), [("0", 0), (12, 12), ("9223372036854775807", 2**63 - 1), ("007", 7)])
def test_tokens_are_whole_numbers_of_63_bits(tokens: object, number: int) -> None:
    found = rankings.read(answer(row("2026-06-07", "a/b", tokens)), Grain.DAY)
    assert found.listings[0].rows == (("a/b", number),)


@pytest.mark.parametrize(
    "tokens", ["-1", -1, "1e3", 1.5, "9223372036854775808", "12 ", "", None, True, "१२", [], "NaN"]
)
def test_a_row_without_believable_tokens_spoils_its_period_and_no_other(tokens: object) -> None:
    rows = [row("2026-06-06", "a/c", "1"), row("2026-06-07", "a/b", tokens), row("2026-06-07", "a/c", "1")]
    found = rankings.read(answer(*rows), Grain.DAY)
    assert [listing.period.start.day for listing in found.listings] == [6]
    assert [period.start.day for period in found.spoiled] == [7]


@pytest.mark.parametrize("name", ["a b\x1b", "a/b\0", "a/\ufffd", "", "a", "a/b/c", "a/" + "b" * 200])
@pytest.mark.parametrize("grain", [Grain.DAY, Grain.MONTH])
def test_a_row_whose_permaslug_is_none_spoils_its_period_and_is_never_part_of_other(grain: Grain, name: str) -> None:
    rows = [row(f"2026-{month}-01", "a/b", "10") for month in ("05", "06")]
    found = rankings.read(answer(*rows, row("2026-06-01", name, "5"), row("2026-06-01", "other", "1")), grain)
    assert [(one.period.start.month, one.rows, one.other) for one in found.listings] == [(5, (("a/b", 10),), 0)]
    assert [period.start.month for period in found.spoiled] == [6]


def test_an_answer_of_which_nothing_can_be_read_says_so() -> None:
    found = rankings.read(answer(row("2076-06-07", "a/b", "1"), row("2076-06-08", "a/b", "1")), Grain.DAY)
    assert (found.listings, found.lost) == ((), 2)


@pytest.mark.parametrize(
    "slug",
    [
        "deepseek/deepseek-v4-flash-20260423",
        "openai/gpt-5-2025-08-07",
        "minimax/MiniMax-M2.5",
        "qwen/qwen3.6-plus-preview:free",
        "stealth/space-bunny-alpha",
        "x-ai/grok-4:thinking",
    ],
)
def test_permaslugs_as_they_occur(slug: str) -> None:
    assert rankings.read(answer(row("2026-06-07", slug, "1")), Grain.DAY).listings[0].slugs[0] == slug


@pytest.mark.parametrize(
    "slug",
    [
        *("", "deepseek", "a/b/c", "/b", "a/", "a/b:", "a/b c", "../b", "Other", "a/" + "b" * 300),
        *("a/b\x1b[2J", "a/b\u200b", "a/\u202eb", "\u0430/b", "a/b\n", None, 7),
    ],
)
def test_rows_with_a_hostile_permaslug_are_left_out(slug: Any) -> None:
    assert rankings.read(answer(row("2026-06-07", slug, "1")), Grain.DAY).listings == ()


@pytest.mark.parametrize("pair", [("5", "9"), ("9", "5"), ("9", "9")])
def test_of_a_repeated_row_the_larger_counts(pair: tuple[str, str]) -> None:
    found = rankings.read(answer(*(row("2026-06-07", "a/b", n) for n in pair)), Grain.DAY)
    assert found.listings[0].rows == (("a/b", 9),)


@pytest.mark.parametrize("bad", [None, 3, "x", [], {}, {"date": "2026-06-07"}])
def test_one_bad_item_spoils_the_days_it_may_be_of_and_no_others(bad: object) -> None:
    days = [row(f"2026-06-{day:02}", "a/b", "1") for day in (4, 5, 6, 7)]
    found = rankings.read(answer(*days[:2], bad, *days[2:]), Grain.DAY)
    assert [listing.period.start.day for listing in found.listings] == [4, 7]
    assert [period.start.day for period in found.spoiled] == [5, 6]
    assert found.lost == 1


@pytest.mark.parametrize(
    "text",
    ["2026-06-08T02:00:00Z", "2026-06-08T02:00:00.999Z", "2026-06-08T04:00:00+02:00", "2026-06-08T02:00:00"],
)
def test_as_of_is_utc_in_whole_seconds(text: str) -> None:
    assert rankings.read(answer(as_of=text), Grain.DAY).as_of == AS_OF


@pytest.mark.parametrize(
    "as_of",
    [None, 0, "", "yesterday", "2026-06-08", "2026-13-08T02:00:00Z", "2026-06-08T25:00:00Z", "0001-01-01T00:00:00Z"],
)
def test_rankings_without_a_date_of_their_own_are_refused(as_of: object) -> None:
    with pytest.raises(AnswerError):
        rankings.read(answer(as_of=as_of), Grain.DAY)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b'{"data": []}', b'{"data": {}, "meta": {}}', b'{"data": [', b"\xff"]
)
def test_a_body_of_another_shape_is_refused_in_one_sentence(body: bytes) -> None:
    with pytest.raises(AnswerError, match=r"^[^.]+\.$"):
        rankings.read(body, Grain.DAY)


def test_an_error_in_place_of_data_is_quoted() -> None:
    with pytest.raises(AnswerError, match="No rankings today"):
        rankings.read(b'{"error": {"code": 500, "message": "No rankings today"}}', Grain.DAY)


# Catalogue


def test_a_model_of_the_catalogue() -> None:
    found = one_model(
        created=1770000000,
        context_length=204800,
        hugging_face_id="zai-org/GLM-5",
        pricing={"prompt": "0.00000093", "completion": "0.000003", "input_cache_read": "0.0000002", "discount": 0.1},
        expiration_date=None,
    )
    assert found.created == datetime(2026, 2, 2, 2, 40, tzinfo=UTC)
    assert (found.context, found.open_weights, found.expires) == (204800, True, None)
    assert found.pricing.prompt == Decimal("0.00000093")
    assert found.pricing.cache_read == Decimal("0.0000002")
    assert found.pricing.discount == Decimal("0.1")


@pytest.mark.parametrize("value", [None, "", "  ", 7])
def test_without_a_hugging_face_id_weights_are_not_open(value: object) -> None:
    assert not one_model(hugging_face_id=value).open_weights


@pytest.mark.parametrize(
    ("value", "price"),
    [
        ("0.00000090000000000000005", Decimal("0.00000090000000000000005")),
        ("0", Decimal(0)),
        ("-1", Decimal(-1)),
        (1e-7, Decimal("1E-7")),
        (0, Decimal(0)),
        ("NaN", None),
        ("Infinity", None),
        ("-inf", None),
        ("1e999999999", None),
        ("1e-400", None),
        ("1000000", None),
        ("0.0_1", None),
        ("free", None),
        ("", None),
        ("1" * 5000, None),
        (True, None),
        ({}, None),
        (None, None),
    ],
)
def test_prices_are_exact_decimals_or_unknown(value: object, price: Decimal | None) -> None:
    assert one_model(pricing={"prompt": value}).pricing.prompt == price


@pytest.mark.parametrize(("value", "discount"), [(0.5, Decimal("0.5")), (1, Decimal(1)), (1.2, None), (-0.1, None)])
def test_a_discount_is_a_fraction(value: object, discount: Decimal | None) -> None:
    assert one_model(pricing={"discount": value}).pricing.discount == discount


def test_overrides_are_a_list_of_conditional_prices() -> None:
    overrides = [
        {"min_prompt_tokens": 272000, "prompt": "0.000005", "completion": "0.0000225", "input_cache_read": "0.0000005"},
        {"utc_start": "1630", "utc_end": 30, "prompt": "0.0000001"},
        {"min_prompt_tokens": 5},
        {"prompt": "0.1"},
        {"utc_start": "2561", "utc_end": "0030", "prompt": "0.1"},
        None,
    ]
    assert one_model(pricing={"overrides": overrides}).pricing.overrides == (
        Override(Decimal("0.000005"), Decimal("0.0000225"), Decimal("0.0000005"), 272000),
        Override(prompt=Decimal("0.0000001"), utc_start="1630", utc_end="0030"),
    )


@pytest.mark.parametrize("pricing", [None, [], "free", {"overrides": {}}, {"prompt": []}])
def test_odd_pricing_is_unknown(pricing: object) -> None:
    assert one_model(pricing=pricing).pricing.prompt is None


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2098-12-31", date(2098, 12, 31)),
        ("2026-08-10T00:00:00Z", date(2026, 8, 10)),
        ("2026-08-10T23:30:00-02:00", date(2026, 8, 11)),
        ("soon", None),
        ("2026-02-30", None),
        (1, None),
        (None, None),
    ],
)
def test_expiry_is_a_day(value: object, day: date | None) -> None:
    assert one_model(expiration_date=value).expires == day


@pytest.mark.parametrize("value", [None, -1, 0, 1e300, 10**20, 1770000000000, "x", True])
def test_an_absurd_date_of_listing_is_unknown(value: object) -> None:
    assert one_model(created=value).created is None


@pytest.mark.parametrize("value", [None, -1, 0, 10**15, 1.5, "many"])
def test_an_absurd_context_is_unknown(value: object) -> None:
    assert one_model(context_length=value).context is None


@pytest.mark.parametrize("identifier", ["~x-ai/grok-latest", "qwen/qwen3.6-plus-04-02:free", "google/gemini-4:batch"])
def test_ids_as_they_occur(identifier: str) -> None:
    assert one_model(id=identifier).id == identifier


def test_names_are_cleaned() -> None:
    assert one_model(name="GLM\x1b[2J \u202e5").name == "GLM[2J 5"


@pytest.mark.parametrize(
    "bad",
    [model(id="x"), model(id=None), model(name="\u200b"), model(canonical_slug=""), {"id": "a/b"}, model(), None, "x"],
)
def test_models_without_identity_and_repeated_ones_are_left_out(bad: object) -> None:
    found, link = models.read(json.dumps({"data": [model(), bad], "links": {"next": None}}).encode())
    assert ([m.id for m in found], link) == (["z-ai/glm-5"], None)


def test_the_link_to_the_next_page() -> None:
    body = json.dumps({"data": [model()], "links": {"next": "/api/v1/models?offset=1"}}).encode()
    assert models.read(body)[1] == "/api/v1/models?offset=1"


@pytest.mark.parametrize("links", [None, [], {"next": 5}, {"next": ""}, {}])
def test_odd_links_lead_nowhere(links: object) -> None:
    assert models.read(json.dumps({"data": [model()], "links": links}).encode())[1] is None


@pytest.mark.parametrize(
    "body", [b'{"data": []}', b'{"data": [{}]}', b"[]", b'{"error": {"code": 500, "message": "x"}}']
)
def test_a_catalogue_without_one_model_is_no_catalogue(body: bytes) -> None:
    with pytest.raises(AnswerError):
        models.read(body)


@pytest.mark.parametrize("body", [b'{"data": [{}]}', b"[]", b'{"error": {"code": 500, "message": "x"}}'])
def test_providers_of_which_none_can_be_read_are_no_providers(body: bytes) -> None:
    with pytest.raises(AnswerError):
        providers.read(body)


def test_a_source_may_know_no_providers() -> None:
    assert providers.read(b'{"data": []}') == ()


def test_providers() -> None:
    data = [
        {"name": "Cerebras", "slug": "cerebras", "headquarters": "US", "datacenters": None},
        {"name": "Deepgram", "slug": "deepgram", "headquarters": None, "datacenters": []},
        {"name": "Odd", "slug": "odd", "headquarters": "Utopia"},
        {"name": "Hostile", "slug": "\x1b[2J"},
        7,
    ]
    found = providers.read(json.dumps({"data": data}).encode())
    assert [(p.slug, p.headquarters) for p in found] == [("cerebras", "US"), ("deepgram", None), ("odd", None)]


# Exports

MANIFEST: dict[str, Any] = {
    "dataset": "rankings-daily",
    "snapshot_date": "2026-06-08",
    "retrieved_at": "2026-06-08T01:46:15.433Z",
    "row_count": 1530,
    "files": {"csv": {"url": "https://h/2026-06-08.csv", "bytes": 9, "sha256": "A" * 64}, "json": {}},
}


def test_a_manifest() -> None:
    found = exports.read_manifest(json.dumps(MANIFEST).encode())
    assert found == exports.Manifest(
        snapshot_date=date(2026, 6, 8),
        retrieved_at=datetime(2026, 6, 8, 1, 46, 15, tzinfo=UTC),
        csv=exports.ExportFile("https://h/2026-06-08.csv", 9, "a" * 64),
    )


@pytest.mark.parametrize(
    "change",
    [
        {"dataset": "benchmark-runs"},
        {"snapshot_date": "latest"},
        {"retrieved_at": ""},
        {"files": {}},
        {"files": {"csv": {"url": "u", "bytes": 1, "sha256": "abc"}}},
        {"files": {"csv": {"url": "u", "bytes": -1, "sha256": "a" * 64}}},
    ],
)
def test_a_manifest_with_a_wrong_field_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(AnswerError, match="manifest"):
        exports.read_manifest(json.dumps(MANIFEST | change).encode())


HEADER = "date,model_permaslug,rank,total_tokens,share_of_daily_tokens"


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_an_export_with_either_line_end(end: str) -> None:
    lines = [HEADER, "2026-06-07,a/b,1,80,0.8", "2026-06-07,other,,20,0.2", ""]
    found = exports.read_csv(end.join(lines).encode(), AS_OF)
    assert (found.listings[0].rows, found.listings[0].other) == ((("a/b", 80),), 20)
    assert (found.as_of, found.lost) == (AS_OF, 0)


def test_columns_of_an_export_are_found_by_name() -> None:
    found = exports.read_csv(b"\xef\xbb\xbfnew,total_tokens,date,model_permaslug\n,5,2026-06-07,a/b\n", AS_OF)
    assert found.listings[0].rows == (("a/b", 5),)


def test_bad_lines_of_an_export_are_left_out() -> None:
    lines = [
        HEADER,
        '2026-06-07,"a/b",1,80,0.8',
        "2026-06-07,a/b,1,80",
        "2026-06-06,a/b,1,x,0.8",
        "2026-06-05,a/c,2,8,0",
    ]
    found = exports.read_csv("\n".join(lines).encode(), AS_OF)
    assert found.listings[0].rows == (("a/c", 8),)
    assert (len(found.listings), [period.start.day for period in found.spoiled]) == (1, [6, 7])


@pytest.mark.parametrize("body", [b"", b"date,rank\n", b'{"rows": []}', b"\xff\xfe"])
def test_an_export_without_its_columns_is_refused(body: bytes) -> None:
    with pytest.raises(AnswerError, match="export"):
        exports.read_csv(body, AS_OF)


# Whatever comes

FIELDS = [
    *("data", "meta", "as_of", "date", "model_permaslug", "total_tokens", "id", "canonical_slug", "name", "slug"),
    *("pricing", "prompt", "overrides", "created", "expiration_date", "files", "csv", "links", "next"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


def decode_every_way(body: bytes) -> None:
    for attempt in (
        lambda: rankings.read(body, Grain.WEEK),
        lambda: models.read(body),
        lambda: providers.read(body),
        lambda: exports.read_manifest(body),
        lambda: exports.read_csv(body, AS_OF),
    ):
        with suppress(SourceError):
            attempt()


@given(st.binary(max_size=200))
def test_arbitrary_bytes_raise_source_errors_only(body: bytes) -> None:
    decode_every_way(body)


@given(JSON)
def test_arbitrary_json_raises_source_errors_only(value: object) -> None:
    decode_every_way(json.dumps(value).encode("utf-8", "surrogatepass"))
    decode_every_way(json.dumps({"data": [value], "meta": {"as_of": "2026-06-08T02:00:00Z"}}).encode())


@given(JSON, JSON, JSON)
def test_a_model_with_arbitrary_fields_raises_source_errors_only(a: object, b: object, c: object) -> None:
    item = model(pricing=a, created=b, expiration_date=c, context_length=b, hugging_face_id=c)
    decode_every_way(json.dumps({"data": [item]}).encode())


@given(st.lists(st.text(st.sampled_from('date,model_permaslug0123456789-/\r\n\x1b"é'), max_size=40), max_size=5))
def test_arbitrary_lines_of_an_export_raise_source_errors_only(lines: list[str]) -> None:
    decode_every_way("\n".join([HEADER, *lines]).encode())


def test_deep_nesting_raises_source_errors_only() -> None:
    decode_every_way(b'{"data":[' + b"[" * 100_000)
    decode_every_way(
        b'{"data":[{"id":"a/b","canonical_slug":"a/b","name":"x","pricing":' + b"[" * 500 + b"]" * 500 + b"}]}"
    )
