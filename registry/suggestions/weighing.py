"""A version of learned weights as its page tells it (pure)."""

from dataclasses import dataclass

from registry.matching import LINKS, Weights
from registry.matching.learn import BOUNDS, FEATURES, RECIPE_FACTORS
from registry.suggestions.models import LearnedWeights

ALIKE = 0.05
"""A weight this near to the recipe's is told as the same."""


@dataclass(frozen=True)
class Line:
    """One weight: the part of the score, its weight, the recipe's, the greatest there may be.

    `turn` is "same", "more" or "less" than the recipe; `percent` how much.
    """

    name: str
    is_link: bool
    value: float
    recipe: float
    most: float

    @property
    def turn(self) -> str:
        """Against the recipe."""
        if abs(self.value - self.recipe) < ALIKE:
            return "same"
        return "more" if self.value > self.recipe else "less"

    @property
    def percent(self) -> int:
        """How far from the recipe, in hundredths."""
        return round(100 * abs(self.value - self.recipe))


@dataclass(frozen=True)
class Measured:
    """Figures of decided pairs by one ranking and the other; `group` is what was decided."""

    group: str
    count: int
    recipe: dict[str, float | None]
    learned: dict[str, float | None]


def lines_of(version: LearnedWeights) -> list[Line]:
    """All weights in the order of FEATURES."""
    factors = Weights.from_json(version.content).factors
    return [
        Line(name, name in LINKS, factors[name], RECIPE_FACTORS[name], BOUNDS[name][1])
        for name in FEATURES
    ]


def measured(version: LearnedWeights) -> list[Measured]:
    """The figures with something behind them."""
    return [
        Measured(group, int(found["recipe"]["count"]), found["recipe"], found["learned"])
        for group, found in version.figures.items()
        if found["recipe"]["count"]
    ]
