"""Names: from a ranked permaslug to its catalogue entry, and to a name for people."""

from __future__ import annotations

import pytest

from orwatch.domain.catalogue import Catalogue, CatalogueModel
from orwatch.domain.names import short_name, slug_name, variant_of

CATALOGUE = Catalogue(
    CatalogueModel(id_, slug, name)
    for id_, slug, name in [
        ("deepseek/v4", "deepseek/v4-20260423", "DeepSeek: DeepSeek V4"),
        ("deepseek/v4:free", "deepseek/v4-20260423", "DeepSeek: DeepSeek V4 (free)"),
        ("qwen/max:thinking", "qwen/max-20260101", "Qwen: Max (thinking)"),
        ("stealth/ox-alpha", "stealth/ox-alpha", "Ox Alpha"),
    ]
)


@pytest.mark.parametrize(
    ("permaslug", "entry", "kin"),
    [
        ("deepseek/v4-20260423", "deepseek/v4", "deepseek/v4"),
        ("deepseek/v4-20260423:free", "deepseek/v4:free", "deepseek/v4:free"),
        ("deepseek/v4-20260423:extended", None, "deepseek/v4"),  # no price of its own, but the same weights
        ("qwen/max-20260101", None, "qwen/max:thinking"),
        ("deepseek/v4", "deepseek/v4", "deepseek/v4"),  # an id will do
        ("stealth/ox-alpha", "stealth/ox-alpha", "stealth/ox-alpha"),
        ("nobody/x", None, None),
    ],
)
def test_the_permaslug_finds_its_entry_and_the_variant_picks_the_id(
    permaslug: str, entry: str | None, kin: str | None
) -> None:
    found, related = CATALOGUE.entry(permaslug), CATALOGUE.kin(permaslug)
    assert (found.id if found else None, related.id if related else None) == (entry, kin)


@pytest.mark.parametrize(
    ("permaslug", "name"),
    [
        ("deepseek/v4-20260423", "DeepSeek V4"),
        ("deepseek/v4-20260423:free", "DeepSeek V4"),
        ("qwen/max-20260101", "Max"),
        ("stealth/ox-alpha", "Ox Alpha"),
        ("minimax/minimax-m2.5-20260211:free", "minimax-m2.5"),  # not listed
        ("google/gemma-2026-01-31", "gemma"),
        ("openai/gpt-4.1", "gpt-4.1"),
        ("other", "other"),
    ],
)
def test_a_name_has_neither_vendor_nor_variant(permaslug: str, name: str) -> None:
    assert CATALOGUE.name(permaslug) == name


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("DeepSeek: DeepSeek V4 Flash (free)", "DeepSeek V4 Flash"),
        ("Anthropic: Claude: The Next", "Claude: The Next"),
        ("Auto Router", "Auto Router"),
        ("Qwen: ", "Qwen: "),
        ("(free)", "(free)"),
        ("A: B (preview)", "B (preview)"),
    ],
)
def test_a_short_name_is_never_empty(name: str, short: str) -> None:
    assert short_name(name) == short


@pytest.mark.parametrize(
    ("slug", "name"), [("a/x-20260101", "x"), ("a/-20260101", "-20260101"), ("a/x-19990101", "x-19990101"), ("x", "x")]
)
def test_a_slug_loses_its_date_and_never_all_of_itself(slug: str, name: str) -> None:
    assert slug_name(slug) == name


@pytest.mark.parametrize(("slug", "variant"), [("a/x", ""), ("a/x:free", "free"), ("other", "")])
def test_the_variant_is_the_part_after_the_colon(slug: str, variant: str) -> None:
    assert variant_of(slug) == variant
