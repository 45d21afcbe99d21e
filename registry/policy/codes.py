"""Codes of the policy tree: 3, 3-3, 3-3-1. Pure: text in, codes in their order out."""

import re
from dataclasses import dataclass

from registry.common.folding import fold_code
from registry.common.problem import ValueProblem

DEEPEST = 3
"""政策 → 施策 → 基本戦略."""

_CODE = re.compile(rf"[0-9]{{1,2}}(?:-[0-9]{{1,2}}){{0,{DEEPEST - 1}}}")


class CodeProblem(ValueProblem):
    """A text that is no code. Codes: empty, unreadable."""


@dataclass(frozen=True, order=True)
class Code:
    """One code; they sort as numbers do: 3-2-3 < 3-3 < 3-3-2 < 3-3-10."""

    parts: tuple[int, ...]

    @property
    def level(self) -> int:
        """1 = 政策, 2 = 施策, 3 = 基本戦略."""
        return len(self.parts)

    @property
    def parent(self) -> "Code | None":
        """The code above, or None at the top."""
        return Code(self.parts[:-1]) if self.level > 1 else None

    def is_within(self, other: "Code") -> bool:
        """Whether it is the other code or lies below it: 3-3-1 is within 3-3, not within 3-31."""
        return self.parts[: other.level] == other.parts

    def __str__(self) -> str:
        return "-".join(str(part) for part in self.parts)


def parse_code(text: str) -> Code:
    """Return the code that a text is, in any width and with any dash: ３－３－１ and 3ｰ3ｰ1 are 3-3-1.

    Raises CodeProblem: empty, unreadable.
    """
    plain = fold_code(text[:40]).replace(" ", "")
    if not plain:
        raise CodeProblem("empty")
    if not _CODE.fullmatch(plain):
        raise CodeProblem("unreadable", text=plain)
    return Code(tuple(int(part) for part in plain.split("-")))


def read_code(text: str) -> Code | None:
    """The code that a text is, or None."""
    try:
        return parse_code(text)
    except CodeProblem:
        return None
