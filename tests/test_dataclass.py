"""orwatch's `dataclass` does what the standard one does, without its cost at start."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from orwatch.dataclass import dataclass, field, fields, replace


@dataclass(frozen=True, slots=True, order=True)
class Point:
    x: int
    y: int = 0


@dataclass(frozen=True)
class Box:
    name: str
    tags: dict[str, int] = field(default_factory=dict)
    seen: int = field(default=0, compare=False)
    text: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.name.upper())


@dataclass(frozen=True, slots=True)
class Named(Point):
    name: str = "p"
    y: int = 7


def test_fields_are_inherited_in_order_and_their_defaults_can_be_others() -> None:
    assert [(f.name, f.default) for f in dataclasses.fields(Named)] == [
        ("x", dataclasses.MISSING), ("y", 7), ("name", "p"),
    ]  # fmt: skip
    assert Named(1) == Named(1, 7, "p") != Point(1, 7)
    assert [f.name for f in fields(Named)] == ["x", "y", "name"]


def test_records_compare_by_their_fields() -> None:
    assert Point(1) == Point(1, 0) != Point(0, 1)
    assert hash(Point(1)) == hash(Point(x=1, y=0))
    assert sorted([Point(2), Point(1, 5), Point(1, 2)]) == [Point(1, 2), Point(1, 5), Point(2)]
    assert (Point(1) == object()) is False
    assert Box("a", seen=1) == Box("a", seen=2)
    assert repr(Point(1, 2)).endswith("Point(x=1, y=2)")


def test_records_cannot_be_changed() -> None:
    point: Any = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 2
    with pytest.raises(AttributeError):
        point.z = 2
    assert not hasattr(point, "__dict__")


def test_fields_have_defaults_of_their_own() -> None:
    one, other = Box("a"), Box("b")
    assert one.tags == {}
    assert one.tags is not other.tags
    assert (one.text, other.text) == ("A", "B")
    with pytest.raises(TypeError):
        Box()  # type: ignore[call-arg]


@pytest.mark.parametrize("change", [replace, dataclasses.replace])
def test_a_changed_copy_is_made_anew(change: Any) -> None:
    assert change(Point(1, 2), y=3) == Point(1, 3)
    changed = change(Box("a", {"k": 1}), name="b")
    assert (changed.text, changed.tags) == ("B", {"k": 1})


def test_the_twentieth_record_is_made_like_the_first() -> None:
    for n in range(20):
        assert Named(n, name="q") == Named(x=n, y=7, name="q")
        assert Box(f"b{n}").text == f"B{n}"
        for args, more in (((), {}), ((1, 2, "p", 4), {}), ((1,), {"x": 2}), ((1,), {"z": 2})):
            with pytest.raises(TypeError):
                Named(*args, **more)  # type: ignore[arg-type]


def test_the_standard_library_knows_the_fields() -> None:
    assert [(f.name, f.default) for f in dataclasses.fields(Point)] == [("x", dataclasses.MISSING), ("y", 0)]
    assert dataclasses.asdict(Point(1, 2)) == {"x": 1, "y": 2}
    assert dataclasses.is_dataclass(Box("a"))
