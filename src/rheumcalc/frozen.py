"""Objects that do not change once they are made, compared by identity, and cheap to define.

`dataclass(frozen=True)` compiles three functions for each class, which is a tenth of what a check takes to start; the
two that forbid changes are the same for every class, so that they stand here once.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass
from typing import Any, TypeVar, dataclass_transform

_Object = TypeVar("_Object")


class Frozen:
    """Gives each attribute its value once."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self.__dict__:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        self.__dict__[name] = value

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")


@dataclass_transform(eq_default=False, frozen_default=True)
def frozen(cls: type[_Object]) -> type[_Object]:
    """Return a subclass of `Frozen` as a dataclass that is compared by identity."""
    return dataclass(eq=False, repr=False, match_args=False)(cls)
