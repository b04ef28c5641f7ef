"""Objects that do not change once they are made."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from functools import cached_property

import pytest

from rheumcalc.frozen import Frozen, frozen


@frozen
class _Point(Frozen):
    x: int
    y: int = 2

    @cached_property
    def total(self) -> int:
        return self.x + self.y


def test_a_field_keeps_the_value_it_was_given() -> None:
    """Nothing is assigned or deleted after the object is made; what is worked out once may be kept."""
    point = _Point(1)
    assert (point.x, point.y, point.total) == (1, 2, 3)
    with pytest.raises(FrozenInstanceError):
        point.__setattr__("x", 5)
    with pytest.raises(FrozenInstanceError):
        point.__delattr__("y")
    assert (point.x, point.y, point.total) == (1, 2, 3)


def test_equal_values_are_two_objects() -> None:
    """They are compared by identity, so that the same words twice are two claims."""
    assert _Point(1) != _Point(1)
    assert len({_Point(1), _Point(1)}) == 2
