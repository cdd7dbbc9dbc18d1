"""Company and country of a vendor: the shipped table, the user's assignments, and what is never attributed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from orwatch import domain
from orwatch.config.assignments import VENDORS
from orwatch.domain.names import nearest
from orwatch.domain.vendors import ASSIGNED, COUNTRIES, NEVER_ATTRIBUTED, NOT_IN_TABLE, Attribution, Vendor, is_cloaked
from orwatch.errors import UsageError

FACTS = Path(__file__).parents[2] / "shared" / "facts" / "vendors.csv"
SHIPPED = Path(domain.__file__).with_name("vendors.csv")
TABLE: dict[str, dict[str, Any]] = {
    row["vendor"]: {name: value for name, value in row.items() if value and name != "vendor"}
    for row in csv.DictReader(SHIPPED.read_text(encoding="utf-8").splitlines())
}


@pytest.fixture(scope="module")
def shipped() -> Attribution:
    return Attribution()


@pytest.mark.parametrize(
    ("slug", "country"),
    [
        ("deepseek", "CN"),
        ("minimax", "CN"),
        ("moonshotai", "CN"),
        ("qwen", "CN"),
        ("stepfun", "CN"),
        ("tencent", "CN"),
        ("xiaomi", "CN"),
        ("z-ai", "CN"),
        ("anthropic", "US"),
        ("arcee-ai", "US"),
        ("google", "US"),
        ("nvidia", "US"),
        ("openai", "US"),
        ("poolside", "US"),
        ("x-ai", "US"),
        ("mistralai", "FR"),
        ("cohere", "CA"),
        ("black-forest-labs", "DE"),
        ("sakana", "JP"),
        ("upstage", "KR"),
        ("~anthropic", "US"),
        ("~moonshotai", "CN"),
    ],
)
def test_the_table_attributes_the_vendors_that_published_figures_rest_on(
    shipped: Attribution, slug: str, country: str
) -> None:
    assert shipped.country(slug) == country
    assert shipped.vendor(slug).assigned == "shipped"


@pytest.mark.parametrize(
    "slug",
    [
        "openrouter",
        "stealth",
        "thedrummer",  # an individual
        "sao10k",
        "anthracite-org",  # a community
        "bigcode",  # an open project of several companies
        "switchpoint",  # a router
        "aion-labs",  # not the AION Labs of Israel
        "recraft",  # sources disagree
        "~typesafe",
        "other",
        "nobody-knows",
        "",
    ],
)
def test_what_is_not_certain_stays_unattributed(shipped: Attribution, slug: str) -> None:
    assert shipped.country(slug) is None
    assert shipped.vendor(slug).assigned is None


def test_a_vendor_comes_with_company_and_evidence(shipped: Attribution) -> None:
    assert shipped.vendor("deepseek") == Vendor("deepseek", "DeepSeek", "CN", "Hangzhou", "shipped")


def test_a_blank_vendor_says_why(shipped: Attribution) -> None:
    assert shipped.vendor("stealth") == Vendor("stealth", None, None, "cloaked models, never attributed", None)


def test_an_unknown_vendor_is_not_guessed(shipped: Attribution) -> None:
    assert shipped.vendor("deepseek-fork") == Vendor("deepseek-fork", None, None, NOT_IN_TABLE, None)


@pytest.mark.parametrize("slug", ["DeepSeek", "DEEPSEEK", "deepseek"])
def test_authors_are_looked_up_whatever_their_case(shipped: Attribution, slug: str) -> None:
    assert shipped.country(slug) == "CN"
    assert shipped.vendor(slug).slug == "deepseek"


@pytest.mark.parametrize("author", ["poolside", "Poolside", " poolside "])
@pytest.mark.parametrize("code", ["FR", "fr", " FR "])
def test_the_users_assignment_overrides_the_table(author: str, code: str) -> None:
    mine = Attribution({author: code})
    assert mine.country("poolside") == "FR"
    assert mine.vendor("poolside") == Vendor("poolside", "Poolside", "FR", ASSIGNED, "user")


def test_the_user_can_assign_an_unknown_vendor() -> None:
    mine = Attribution({"new-lab": "SG"})
    assert mine.vendor("new-lab") == Vendor("new-lab", None, "SG", ASSIGNED, "user")
    assert mine.vendor("new-lab") in mine.known()


def test_assignments_stay_with_their_attribution() -> None:
    Attribution({"deepseek": "US"})
    assert Attribution().country("deepseek") == "CN"


def test_known_lists_the_whole_table_by_slug(shipped: Attribution) -> None:
    slugs = [vendor.slug for vendor in shipped.known()]
    assert slugs == sorted(TABLE)


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("China", "nearest: CN (China)."),
        ("UK", "nearest: GB (United Kingdom)."),
        ("USA", "nearest: US (United States)"),
        ("Chnia", "nearest: CN (China), "),
        ("korea", "KR (South Korea)"),
        ("", "such as CN, US or FR"),
        ("🇨🇳", "such as CN, US or FR"),
    ],
)
def test_a_wrong_code_is_refused_with_the_nearest_known(code: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        VENDORS.check("new-lab", code)
    assert repr(code) in str(refused.value)
    assert "new-lab" in str(refused.value)
    assert hint in str(refused.value)


@pytest.mark.parametrize("author", ["stealth", "openrouter", "OpenRouter", "~openrouter", "stealth/ghost-1"])
def test_a_cloaked_vendor_can_not_be_assigned(author: str) -> None:
    with pytest.raises(UsageError, match="never attributed"):
        VENDORS.check(author, "US")


def test_the_tail_can_not_be_assigned() -> None:
    with pytest.raises(UsageError, match="outside the top 50"):
        VENDORS.check("other", "US")


@pytest.mark.parametrize("author", ["", "  ", "deepseek/deepseek-v4"])
def test_only_an_author_can_be_assigned(author: str) -> None:
    with pytest.raises(UsageError, match="is no vendor"):
        VENDORS.check(author, "CN")


@pytest.mark.parametrize(
    ("slug", "cloaked"),
    [
        ("stealth", True),
        ("openrouter", True),
        ("OpenRouter", True),
        ("~openrouter", True),
        ("stealth/ghost-1:free", True),
        ("openai", False),
        ("stealthy", False),
        ("", False),
    ],
)
def test_cloaked_vendors_are_told_by_their_author(slug: str, cloaked: bool) -> None:
    assert is_cloaked(slug) is cloaked


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("deepseek", ("deepseek",)),  # itself
        ("DeepS", ("deepseek",)),  # begins with it
        ("deep", ("deepgram", "deepseek", "deepcogito")),  # shorter first, then by name
        ("deepseek-ai", ("deepseek",)),  # it begins with the name
        ("shot", ("moonshotai",)),  # holds it
        ("antropic", ("anthropic",)),  # similar
        ("MISTRLAI", ("mistralai",)),
        ("qqqqqq", ()),
        ("", ()),
        ("  ", ()),
    ],
)
def test_the_nearest_names_come_first(word: str, expected: tuple[str, ...]) -> None:
    known = ["anthropic", "deepcogito", "deepgram", "deepseek", "mistralai", "moonshotai", "z-ai"]
    assert nearest(word, known)[: max(1, len(expected))] == expected


def test_names_that_begin_with_the_word_precede_those_that_hold_it() -> None:
    assert nearest("ai", ["x-ai", "aion-labs", "z-ai", "ai21"], 4) == ("ai21", "aion-labs", "x-ai", "z-ai")


@pytest.mark.parametrize("n", [0, 1, 2])
def test_no_more_names_than_asked_for(n: int) -> None:
    assert len(nearest("deep", ["deepseek", "deepgram", "deepcogito"], n)) == n


def test_nearest_keeps_the_case_of_the_known_name() -> None:
    assert nearest("china", ["CN", "China"]) == ("China",)


def test_the_table_is_sorted_by_slug() -> None:
    assert list(TABLE) == sorted(TABLE)


def test_every_country_of_the_table_is_a_known_code() -> None:
    assert [slug for slug, entry in TABLE.items() if "country" in entry and entry["country"] not in COUNTRIES] == []


def test_every_line_of_the_table_has_evidence_and_no_other_field() -> None:
    fields = {"company", "country", "evidence"}
    assert [slug for slug, entry in TABLE.items() if not entry.get("evidence") or set(entry) - fields] == []


def test_every_country_of_the_table_belongs_to_a_company() -> None:
    assert [slug for slug, entry in TABLE.items() if "country" in entry and "company" not in entry] == []


def test_the_table_writes_authors_in_lower_case() -> None:
    assert [slug for slug in TABLE if slug != slug.lower()] == []


def test_an_alias_prefix_has_the_country_of_its_author(shipped: Attribution) -> None:
    aliases = [vendor.slug for vendor in shipped.known() if vendor.slug.startswith("~")]
    assert len(aliases) >= 6
    assert [slug for slug in aliases if shipped.country(slug) != shipped.country(slug.removeprefix("~"))] == []
    assert shipped.country("~qwen/latest") == shipped.country("qwen/max:free") == shipped.country("Qwen") == "CN"


def test_cloaked_vendors_are_in_the_table_without_a_country() -> None:
    assert {slug for slug in NEVER_ATTRIBUTED if "country" not in TABLE[slug]} == NEVER_ATTRIBUTED


@pytest.mark.recorded
def test_the_table_covers_the_recorded_authors_and_keeps_their_certain_countries(shipped: Attribution) -> None:
    if not FACTS.exists():
        pytest.skip(f"the recorded facts are not beside the checkout ({FACTS})")
    with FACTS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["author"] for row in rows if row["author"] not in TABLE] == []
    certain = {row["author"]: row["country"] or None for row in rows if row["confidence"] == "high"}
    assert {author: shipped.country(author) for author in certain} == certain
