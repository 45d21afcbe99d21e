"""Many records at once: found by keys they share, then judged one by one."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from registry.organizations.identity.facts import Facts, Keys, keys_of
from registry.organizations.identity.judging import Verdict, judge

Ref = TypeVar("Ref", bound=Hashable)

CROWD = 60
"""A key that more records share tells nothing by itself (a tower's address, a chain's name)."""
LONGEST_SLIP = 24
"""Names longer than this are not sought by a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Match(Generic[Ref]):
    """A record that may be meant, with the verdict and the evidence."""

    ref: Ref
    verdict: Verdict
    strength: float
    reasons: tuple[str, ...]
    against: tuple[str, ...]


class Register(Generic[Ref]):
    """Records by the keys that two of one organization would share."""

    def __init__(self) -> None:
        self._keys: dict[Ref, Keys] = {}
        self._blocks: dict[str, list[Ref]] = defaultdict(list)
        self._slips: dict[int, list[Ref]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, ref: Ref, facts: Facts) -> None:
        """Take a record in. The same ref must not come twice."""
        self.add_keys(ref, keys_of(facts))

    def add_keys(self, ref: Ref, keys: Keys) -> None:
        """Take a record in whose keys are known."""
        self._keys[ref] = keys
        for block in blocks_of(keys):
            self._blocks[block].append(ref)
        for slip in slips_of(keys):
            self._slips[slip].append(ref)

    def find(self, facts: Facts, limit: int = 5) -> list[Match[Ref]]:
        """The records that may be meant, the strongest first, equal ones in order of entry."""
        return self.find_keys(keys_of(facts), limit)

    def find_many(self, rows: Iterable[Facts], limit: int = 5) -> list[list[Match[Ref]]]:
        """`find` for each row, in order."""
        return [self.find(row, limit) for row in rows]

    def find_keys(
        self, keys: Keys, limit: int | None = 5, *, except_for: Ref | None = None
    ) -> list[Match[Ref]]:
        """`find` for keys that are known; a record does not find itself."""
        found = []
        for ref in self._candidates(keys):
            if ref == except_for:
                continue
            judgement = judge(keys, self._keys[ref])
            if judgement.verdict is not Verdict.DIFFERENT:
                found.append(
                    Match(
                        ref,
                        judgement.verdict,
                        judgement.strength,
                        judgement.reasons,
                        judgement.against,
                    )
                )
        found.sort(key=lambda match: (match.verdict.rank, -match.strength))
        return found[:limit]

    def _candidates(self, keys: Keys) -> dict[Ref, None]:
        """Refs that share a key, each once; crowded keys only together with another one."""
        found: dict[Ref, None] = {}
        crowded: list[list[Ref]] = []
        for block in blocks_of(keys):
            refs = self._blocks.get(block, ())
            if len(refs) <= CROWD:
                found.update(dict.fromkeys(refs))
            else:
                crowded.append(list(refs))
        for slip in slips_of(keys):
            refs = self._slips.get(slip, ())
            if len(refs) <= CROWD:
                found.update(dict.fromkeys(refs))
        for first, second in pairwise(crowded):
            found.update(dict.fromkeys(sorted(set(first) & set(second), key=first.index)[:CROWD]))
        return found


def blocks_of(keys: Keys) -> Iterator[str]:
    """The keys under which a record is sought, each with its kind's letter."""
    for number in keys.numbers:
        yield "n" + number
    if keys.name:
        yield "l" + keys.name.loose
    if len(keys.kana) > 2:
        yield "k" + keys.kana
    for latin in keys.latin:
        yield "r" + latin
    for phone in keys.phones:
        yield "p" + phone
    for domain in keys.domains:
        yield "d" + domain
    for email in keys.emails:
        yield "e" + email
    if lot := lot_block(keys):
        yield "a" + lot


def lot_block(keys: Keys) -> str:
    """Town's end and numbers of an exact address."""
    if keys.lot is None or not keys.lot.is_exact:
        return ""
    numbers = "-".join(keys.lot.numbers.split("-")[:3])
    return f"{keys.lot.town[-4:]}{numbers}"


def slips_of(keys: Keys) -> Iterator[int]:
    """Hashes of the loose name and of it with each letter left out: two names that differ by one
    slip (a letter more, less, other or swapped) share one."""
    name = keys.name.loose if keys.name else ""
    if not 4 <= len(name) <= LONGEST_SLIP:
        return
    yield hash(name)
    for place in range(len(name)):
        yield hash(name[:place] + name[place + 1 :])
