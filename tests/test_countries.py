"""ISO 3166-1 codes and their names."""

from __future__ import annotations

import string

import pytest

from orwatch.domain.vendors import COUNTRIES, country_name


def test_the_standard_assigns_249_codes() -> None:
    assert len(COUNTRIES) == 249


def test_every_code_is_two_capitals() -> None:
    assert all(len(code) == 2 and set(code) <= set(string.ascii_uppercase) for code in COUNTRIES)


def test_codes_are_sorted() -> None:
    assert list(COUNTRIES) == sorted(COUNTRIES)


def test_names_are_told_apart() -> None:
    assert len(set(COUNTRIES.values())) == 249


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("CN", "China"),
        ("US", "United States"),
        ("FR", "France"),
        ("GB", "United Kingdom"),
        ("KR", "South Korea"),
        ("TW", "Taiwan"),
        ("RU", "Russia"),
        ("CZ", "Czechia"),
        ("VN", "Vietnam"),
        ("AE", "United Arab Emirates"),
        ("cn", "China"),
    ],
)
def test_a_country_has_the_short_name_in_common_use(code: str, name: str) -> None:
    assert country_name(code) == name


@pytest.mark.parametrize("code", ["ZZ", "other", "", "UK"])
def test_a_code_without_a_country_is_its_own_name(code: str) -> None:
    assert country_name(code) == code


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("CN", True),
        ("SS", True),
        ("UK", False),
        ("EU", False),
        ("XK", False),
        ("SU", False),
        ("cn", False),
        ("", False),
    ],
)
def test_only_assigned_codes_in_capitals_are_countries(code: str, known: bool) -> None:
    assert (code in COUNTRIES) is known
