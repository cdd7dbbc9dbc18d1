from __future__ import annotations

import pytest

from orwatch.api.budget import Budget


@pytest.mark.parametrize(
    ("minute_count", "day_count", "age", "to_midnight", "seconds"),
    [
        (0, 0, 0.0, 86_400.0, 0.0),
        (29, 499, 5.0, 100.0, 0.0),
        (30, 30, 10.0, 100.0, 51.0),
        (30, 30, 59.5, 100.0, 1.5),
        (30, 30, -3.0, 100.0, 61.0),
        (0, 500, 0.0, 3600.0, 3601.0),
        (30, 500, 10.0, 20.0, 51.0),
        (30, 500, 10.0, 7200.0, 7201.0),
    ],
)
def test_waits_for_the_minute_and_the_day_with_a_second_to_spare(
    minute_count: int, day_count: int, age: float, to_midnight: float, seconds: float
) -> None:
    assert Budget().wait(minute_count, day_count, age, to_midnight) == seconds


def test_limits_can_be_set_lower() -> None:
    assert Budget(per_minute=2, per_day=10).wait(2, 2, 0.0, 100.0) == 61.0
