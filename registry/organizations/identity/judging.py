"""The rule: evidence for and against two records being one, and the verdict.

Evidence counts by kinds (k of n): a name in some spelling, and what backs it – address, telephone,
domain, reading, number. What is unknown on either side is no evidence at all.
"""

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.fuzz import ratio

from registry.organizations.identity.addresses import Lot
from registry.organizations.identity.facts import Keys, folded_city
from registry.organizations.identity.name_differences import names_against, names_alike


class Verdict(StrEnum):
    """How sure it is, the surest first."""

    SAME = "same"
    LIKELY = "likely"
    POSSIBLY = "possibly"
    DIFFERENT = "different"

    @property
    def rank(self) -> int:
        """0 for the surest."""
        return list(Verdict).index(self)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict with its strength (0–100) and the evidence, strongest first."""

    verdict: Verdict
    strength: float
    reasons: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


NOTHING = Judgement(Verdict.DIFFERENT, 0.0)
NAMES = {"name": 3.0, "name_loose": 2.6, "kana": 2.0, "latin": 1.9, "name_alike": 1.6}
"""Weight of the ways in which names meet; the best one counts, the reading also backs a name."""
BACKING = {"address": 2.0, "phone": 2.0, "domain": 2.0, "email": 2.0}
HINTS = {"reading": 0.6, "city": 0.4, "town": 0.5}
BARRED = frozenset({"number_differs", "group", "distinct"})
"""Against these no name helps."""
DOUBTS = frozenset({"form", "branch", "reading_differs"})
"""They leave at most "possibly", whatever backs the name."""


def judge(one: Keys, other: Keys) -> Judgement:
    """Compare two records. The order of the two does not matter."""
    against = _against(one, other)
    if one.numbers & other.numbers and "number_differs" not in against:
        return _same_number(one, other, against)
    name = _name_reason(one, other)
    backing = _backing(one, other)
    hints = _hints(one, other, name)
    if name is None and len(backing) < 2:
        return NOTHING
    reasons = ([name] if name else []) + backing + hints
    weights = {**NAMES, **BACKING, **HINTS}
    points = sum(weights[reason] for reason in reasons)
    verdict = _verdict(name, backing, hints, against, one, other)
    return Judgement(verdict, _strength(verdict, points), tuple(reasons), tuple(against))


def _same_number(one: Keys, other: Keys, against: list[str]) -> Judgement:
    """One number is one legal entity, whatever the names say; a branch has the same one."""
    name = _name_reason(one, other)
    reasons = ["number"] + ([name] if name else []) + _backing(one, other)
    doubts = [reason for reason in against if reason in ("form", "branch", "group", "distinct")]
    verdict = Verdict.LIKELY if "branch" in doubts else Verdict.SAME
    strength = 100.0 if not doubts and name else 97.0 if verdict is Verdict.SAME else 85.0
    return Judgement(verdict, strength, tuple(reasons), tuple(doubts))


def _verdict(
    name: str | None,
    backing: list[str],
    hints: list[str],
    against: list[str],
    one: Keys,
    other: Keys,
) -> Verdict:
    found = set(against)
    if found & BARRED:
        backed = name in ("name", "name_loose") and len(backing) > 1
        return Verdict.POSSIBLY if backed and found & BARRED == {"number_differs"} else _NO
    if name is None:
        return Verdict.POSSIBLY
    if found & DOUBTS or ("city" in found and not set(backing) & {"phone", "domain", "email"}):
        return Verdict.POSSIBLY
    if name == "name" and len(backing) > 1 and _forms_are_known(one, other):
        return Verdict.SAME
    if backing:
        return Verdict.LIKELY
    if name in ("name", "name_loose") and "address" not in found and _is_telling(one):
        return Verdict.LIKELY
    if name in ("kana", "latin") and "city" in hints and _is_telling(one):
        return Verdict.POSSIBLY
    return Verdict.POSSIBLY


_NO = Verdict.DIFFERENT


def _strength(verdict: Verdict, points: float) -> float:
    floor, room = {
        Verdict.SAME: (88.0, 9.0),
        Verdict.LIKELY: (66.0, 20.0),
        Verdict.POSSIBLY: (35.0, 30.0),
        Verdict.DIFFERENT: (0.0, 30.0),
    }[verdict]
    return round(floor + room * min(points, 10.0) / 10.0, 1)


def _is_telling(keys: Keys) -> bool:
    """Whether a name says much: 大和 or ABC alone are borne by many."""
    core = keys.name.core if keys.name else ""
    return len(core) > 2 and not (core.isascii() and len(core) < 5)


def _forms_are_known(one: Keys, other: Keys) -> bool:
    return bool(one.name and other.name and one.name.form and one.name.form == other.name.form)


def _name_reason(one: Keys, other: Keys) -> str | None:
    """The best way in which the names meet."""
    a, b = one.name, other.name
    if a and b and a.core == b.core:
        return "name"
    if a and b and a.loose == b.loose:
        return "name_loose"
    if one.kana and one.kana == other.kana and len(one.kana) > 2:
        return "kana"
    if one.latin & other.latin:
        return "latin"
    if a and b and names_alike(a.loose, b.loose):
        return "name_alike"
    return None


def _backing(one: Keys, other: Keys) -> list[str]:
    found = []
    if _same_lot(one, other):
        found.append("address")
    if one.phones & other.phones:
        found.append("phone")
    if one.domains & other.domains:
        found.append("domain")
    elif one.emails & other.emails:
        found.append("email")
    return found


def _hints(one: Keys, other: Keys, name: str | None) -> list[str]:
    found = []
    if name not in (None, "kana") and one.kana and one.kana == other.kana:
        found.append("reading")
    if one.city and other.city and folded_city(one.city) == folded_city(other.city):
        found.append("city")
    return found


def _same_lot(one: Keys, other: Keys) -> bool:
    a, b = one.lot, other.lot
    if a is None or b is None or not (a.is_exact and b.is_exact):
        return False
    return _towns_meet(a, b) and _numbers_meet(a, b) and not _cities_differ(one, other)


def _towns_meet(a: Lot, b: Lot) -> bool:
    return a.town.endswith(b.town) or b.town.endswith(a.town)


def _numbers_meet(a: Lot, b: Lot) -> bool:
    """The same lot; a room number behind it may be missing in one."""
    first, second = a.numbers.split("-"), b.numbers.split("-")
    shorter = min(len(first), len(second))
    return first[:shorter] == second[:shorter] and (
        shorter > 2 or len(first) == len(second) or shorter > 1
    )


def _cities_differ(one: Keys, other: Keys) -> bool:
    if one.city and other.city:
        return folded_city(one.city) != folded_city(other.city)
    a, b = one.lot, other.lot
    if not (a and b and a.city and b.city):
        return False
    return a.city not in b.city and b.city not in a.city


def _against(one: Keys, other: Keys) -> list[str]:
    found = []
    if one.number and other.number and one.number != other.number:
        linked = one.number in other.numbers or other.number in one.numbers
        found += [] if linked else ["number_differs"]
    a, b = one.name, other.name
    if a and b:
        found += names_against(a, b)
    if (
        one.kana
        and other.kana
        and a
        and b
        and a.loose == b.loose
        and ratio(one.kana, other.kana) < 60
    ):
        found.append("reading_differs")
    if _cities_differ(one, other):
        found.append("city")
    elif (
        one.lot
        and other.lot
        and one.lot.is_exact
        and other.lot.is_exact
        and not _same_lot(one, other)
    ):
        found.append("address")
    return found
