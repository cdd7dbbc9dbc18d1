"""Splits by country and vendor: two kinds of share, the rows that sum to the total, changes, and stacks over time.

A week is written by country: `CN 5 US 3`; `??` is a cloaked model, `other` the API's tail. Weeks from 5 January 2026 on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orwatch.domain.names import vendor_of
from orwatch.domain.overview import ShareRow, Split, split
from orwatch.domain.periods import Grain, Period
from orwatch.domain.rankings import Lens, Rankings
from orwatch.domain.records import Basis, Listing, Record
from orwatch.domain.vendors import Attribution

CHART, TOP10, TOP50 = Basis.CHART, Basis.TOP10, Basis.TOP50
PLAIN = Lens()
VENDOR_OF = {"CN": "deepseek", "US": "openai", "FR": "mistralai", "??": "stealth"}
COUNTRY_OF = Attribution().country
FIRST = date(2026, 1, 5)


def nth(n: int) -> Period:
    """The n-th week, from 0."""
    return Period(Grain.WEEK, FIRST + timedelta(weeks=n))


def pairs(text: str) -> list[tuple[str, int]]:
    words = text.split()
    slugs = (f"{VENDOR_OF[name]}/m" if name in VENDOR_OF else name for name in words[::2])
    return [*zip(slugs, map(int, words[1::2]), strict=True)]


def weeks(*texts: str | None, running: bool = False) -> Record:
    """One week after the other; None: missing; `~CN 5`: taken while it ran. running: now is the last one's Wednesday."""
    last = nth(len(texts) - 1)
    now = datetime.combine(last.start + timedelta(2 if running else 7), time(), UTC)
    own = []
    for n, text in enumerate(texts):
        if text is not None:
            taken = datetime.combine(nth(n).start + timedelta(2), time(), UTC) if text.startswith("~") else now
            own.append(Listing.build(nth(n), taken, pairs(text.lstrip("~"))))
    return Record.build(Grain.WEEK, now, own, [])


def newest(record: Record, lens: Lens = PLAIN) -> Split:
    """The split by country of the last week."""
    found = split(Rankings(record, lens), [*record.listings][-1], COUNTRY_OF)
    assert found is not None
    return found


def by_key(found: Split) -> dict[str | None, ShareRow]:
    return {row.key: row for row in found.rows}


TWELVE = "CN 50 qwen/m 20 ?? 15 " + " ".join(f"openai/{n} 10" for n in range(9)) + " mistralai/free:free 8 other 17"
"""All tokens 200. In the nine: CN 70, US 60 (six of nine), ?? 15."""


# Rows and their sum


@pytest.mark.parametrize(
    ("lens", "rows"),
    [
        (Lens(CHART), [("CN", 70), ("US", 60), (None, 15), ("other", 30 + 8 + 17)]),
        (Lens(TOP10), [("CN", 70), ("US", 70), (None, 15), ("other", 20 + 8 + 17)]),
        (Lens(TOP50), [("US", 90), ("CN", 70), ("FR", 8), (None, 15), ("other", 17)]),
        (Lens(TOP50, free=False), [("US", 90), ("CN", 70), (None, 15), ("other", 8 + 17)]),
    ],
)
def test_other_holds_all_that_is_outside_the_basis_and_rows_sum_to_the_total(
    lens: Lens, rows: list[tuple[str | None, int]]
) -> None:
    found = newest(weeks(TWELVE), lens)
    assert [(row.key, row.tokens) for row in found.rows] == rows
    assert sum(row.tokens for row in found.rows) == found.total == 200


def test_rows_of_equal_tokens_are_in_order_of_their_code_with_unattributed_and_other_last() -> None:
    found = newest(weeks("US 5 CN 5 FR 5 ?? 50 other 90"))
    assert [row.key for row in found.rows] == ["CN", "FR", "US", None, "other"]


def test_other_stays_where_nothing_is_outside_the_basis() -> None:
    assert by_key(newest(weeks("CN 5 US 3")))["other"].tokens == 0


def test_there_is_no_unattributed_row_where_every_vendor_has_a_country() -> None:
    assert [row.key for row in newest(weeks("CN 5 US 3 other 2")).rows] == ["CN", "US", "other"]


def test_unattributed_models_are_listed_by_name_as_far_as_the_basis_goes() -> None:
    rows = "?? 90 nobody/m 80 " + " ".join(f"openai/{n} 10" for n in range(9)) + " nobody/small 1 other 5"
    assert newest(weeks(rows), Lens(CHART)).unattributed == ("stealth/m", "nobody/m")
    assert newest(weeks(rows), Lens(TOP50)).unattributed == ("stealth/m", "nobody/m", "nobody/small")


@pytest.mark.parametrize(
    ("basis", "models"),
    [
        (CHART, {"CN": 2, "US": 6, None: 1, "other": 4}),
        (TOP50, {"CN": 2, "US": 9, "FR": 1, None: 1, "other": 0}),
    ],
)
def test_models_are_the_rows_of_the_basis_and_those_of_other_the_named_ones_outside_it(
    basis: Basis, models: dict[str | None, int]
) -> None:
    assert {row.key: row.models for row in newest(weeks(TWELVE), Lens(basis)).rows} == models


def test_a_split_by_vendor_has_the_same_total() -> None:
    found = split(Rankings(weeks(TWELVE), Lens(CHART)), nth(0), vendor_of)
    assert found is not None
    assert [(row.key, row.tokens) for row in found.rows] == [
        ("openai", 60), ("deepseek", 50), ("qwen", 20), ("stealth", 15), ("other", 55),
    ]  # fmt: skip


def test_a_week_the_record_lacks_has_no_split() -> None:
    assert split(Rankings(weeks("CN 5"), PLAIN), nth(7), COUNTRY_OF) is None


@pytest.mark.parametrize(("basis", "known"), [(CHART, True), (TOP10, False), (TOP50, False)])
def test_a_split_is_known_where_the_listing_names_the_rows_of_the_basis(basis: Basis, known: bool) -> None:
    nine = " ".join(f"openai/{n} 10" for n in range(9)) + " other 90"
    assert newest(weeks(nine), Lens(basis)).known is known


# Two shares


def test_a_share_of_all_tokens_and_a_share_of_attributed_tokens() -> None:
    found = by_key(newest(weeks("CN 30 US 10 ?? 20 other 40")))
    # of all: 30 + 10 + 20 + 40 = 100; of attributed: 30 + 10 = 40
    assert {key: row.share_of_all for key, row in found.items()} == {"CN": 0.3, "US": 0.1, None: 0.2, "other": 0.4}
    attributed = {key: row.share_of_attributed for key, row in found.items()}
    assert attributed == {"CN": 0.75, "US": 0.25, None: None, "other": None}


def test_only_rows_of_the_basis_are_attributed() -> None:
    found = by_key(newest(weeks(TWELVE), Lens(CHART)))
    assert found["CN"].share_of_attributed == 70 / 130
    assert found["CN"].share_of_all == 70 / 200


def test_a_week_without_tokens_divides_by_nothing() -> None:
    assert [(row.share_of_all, row.share_of_attributed) for row in newest(weeks("CN 0")).rows] == [(0, None), (0, None)]


# Change


def test_every_row_changes_on_the_week_before() -> None:
    found = by_key(newest(weeks("CN 40 US 40 ?? 10 other 0", "CN 50 US 30 ?? 10 FR 5 other 0")))
    changes = {key: row.change for key, row in found.items()}
    assert changes == {"CN": 0.25, "US": -0.25, None: 0.0, "FR": None, "other": None}


def test_other_changes_with_the_named_rows_outside_the_basis() -> None:
    nine = " ".join(f"openai/{n} 10" for n in range(9))
    record = weeks(f"{nine} mistralai/m 4 other 6", f"{nine} mistralai/m 5 other 10")
    assert by_key(newest(record, Lens(CHART)))["other"].change == 0.5
    assert by_key(newest(record, Lens(CHART)))["US"].change == 0.0


NINE = " ".join(f"openai/{n} 10" for n in range(9)) + " other 90"
FIFTY = " ".join(f"openai/{n} 10" for n in range(50)) + " other 90"
TEN = " ".join(f"openai/{n} 10" for n in range(10)) + " other 90"


@pytest.mark.parametrize(
    ("case", "before", "now", "basis"),
    [
        ("the first week", None, "CN 5", TOP50),
        ("the week before is partial", "~CN 5", "CN 5", TOP50),
        ("the week before names nine rows, the basis asks for ten", NINE, TEN, TOP10),
        ("this week names nine rows, the basis asks for ten", TEN, NINE, TOP10),
    ],
)
def test_nothing_changes_where_one_side_is_unknown(case: str, before: str | None, now: str, basis: Basis) -> None:
    found = newest(weeks(before, now), Lens(basis))
    assert [(row.change, row.status) for row in found.rows] == [(None, None)] * len(found.rows), case


@pytest.mark.parametrize(
    ("case", "texts", "status"),
    [
        ("never before", ["CN 5", "CN 5", "CN 5 FR 1"], "new"),
        ("earlier", ["CN 5 FR 1", "CN 5", "CN 5 FR 1"], "back"),
        ("the week before", ["CN 5 FR 1", "CN 5 FR 1"], None),
        ("the record begins", ["CN 5 FR 1"], None),
        ("the week before is missing", ["CN 5", None, "CN 5 FR 1"], None),
        ("the week before names nine", [NINE, f"FR 900 {FIFTY}"], None),
        ("the week before names fifty", [FIFTY, f"FR 900 {FIFTY}"], "new"),
    ],
)
def test_a_country_is_new_or_back_like_a_model(case: str, texts: list[str | None], status: str | None) -> None:
    assert by_key(newest(weeks(*texts)))["FR"].status == status, case


def test_a_running_week_is_compared_by_its_complete_days() -> None:
    now = datetime(2026, 1, 14, 10, tzinfo=UTC)  # Wednesday
    before = ["CN 10 US 10", "CN 10 US 30", *["CN 900 US 900"] * 5]
    texts = [*before, "CN 20 US 20", "CN 20 US 10", "CN 700 US 700"]
    days = [Listing.build(Period(Grain.DAY, FIRST + timedelta(n)), now, pairs(text)) for n, text in enumerate(texts)]
    found = by_key(newest(Record.build(Grain.WEEK, now, [], days)))
    assert (found["CN"].change, found["US"].change) == (1.0, -0.25)  # 40 on 20, 30 on 40
    assert found["CN"].tokens == 740


def test_a_partial_week_is_compared_with_nothing() -> None:
    later = datetime(2027, 1, 1, tzinfo=UTC)
    texts = [*["CN 10"] * 7, *["CN 20 FR 5"] * 6]  # the second week lacks its Sunday
    days = [Listing.build(Period(Grain.DAY, FIRST + timedelta(n)), later, pairs(text)) for n, text in enumerate(texts)]
    found = newest(Record.build(Grain.WEEK, later, [], days))
    assert [(row.key, row.change, row.status) for row in found.rows] == [
        ("CN", None, None), ("FR", None, None), ("other", None, None),
    ]  # fmt: skip


# For any listing

VENDORS = ["deepseek", "qwen", "openai", "mistralai", "stealth", "nobody"]
SLUGS = st.builds(
    lambda vendor, model, variant: f"{vendor}/{model}{variant}",
    st.sampled_from(VENDORS),
    st.integers(1, 20).map(str),
    st.sampled_from(["", ":free"]),
)
TOKENS = st.dictionaries(SLUGS | st.just("other"), st.integers(0, 10**15), max_size=80)
LENSES = st.builds(Lens, st.sampled_from(Basis), st.booleans(), st.booleans())


@given(TOKENS, LENSES)
def test_rows_always_sum_to_all_tokens_and_shares_to_one(tokens: dict[str, int], lens: Lens) -> None:
    now = datetime(2026, 1, 12, tzinfo=UTC)
    found = newest(Record.build(Grain.WEEK, now, [Listing.build(nth(0), now, tokens.items())], []), lens)
    total = sum(tokens.values())
    assert sum(row.tokens for row in found.rows) == found.total == total
    assert all(row.tokens >= 0 for row in found.rows)
    assert sum(row.share_of_all for row in found.rows) == pytest.approx(1 if total else 0)
    attributed = [row.share_of_attributed for row in found.rows if row.share_of_attributed is not None]
    assert sum(attributed) == pytest.approx(1 if attributed else 0)
