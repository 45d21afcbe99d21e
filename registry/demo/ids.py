"""Public ids of the demo: the same at every loading with the same seed."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

NAMESPACE = uuid.UUID("6b1f1c5e-52c4-4d0e-9d3a-3f1c0a7d9e21")
"""The space of names in which the demo's keys are."""


@dataclass(frozen=True)
class Ids:
    """Ids of one loading; another seed gives other ids."""

    seed: int

    def of(self, key: str) -> str:
        """The id of a record by its key, like "listing:n-rinse"."""
        return str(uuid.uuid5(NAMESPACE, f"{self.seed}:{key}"))

    def in_turn(self, prefix: str) -> Callable[[], str]:
        """A maker of ids for records without a key of their own, in the order they are made."""
        numbers = count(1)
        return lambda: self.of(f"{prefix}:{next(numbers)}")
