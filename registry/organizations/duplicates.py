"""Records that may be the same organization as the one being entered. Shown, never merged."""

from dataclasses import dataclass

from registry.common.identifiers import is_corporate_number, parse_corporate_number
from registry.common.viewer import Viewer
from registry.organizations.identity import Facts, Judgement, Keys, Verdict, judge, keys_of
from registry.organizations.keys import candidates
from registry.organizations.known import facts_by_id, public_facts
from registry.organizations.models import Organization
from registry.organizations.queries import visible_to

MOST = 5


@dataclass(frozen=True)
class Draft:
    """What is known while typing."""

    name: str = ""
    kana: str = ""
    address: str = ""
    corporate_number: str = ""
    name_en: str = ""
    municipality: str = ""
    website: str = ""

    def facts(self) -> Facts:
        """The draft as the identity rules see it; a number that is none yet counts as unknown."""
        number = self.corporate_number
        return Facts(
            name=self.name,
            name_en=self.name_en,
            kana=self.kana,
            corporate_number=parse_corporate_number(number)
            if is_corporate_number(number)
            else None,
            municipality=self.municipality,
            address=self.address,
            website=self.website,
        )


@dataclass(frozen=True)
class Duplicate:
    """A record that may be meant, and what speaks for and against it."""

    organization: Organization
    judgement: Judgement

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for it, the strongest first."""
        return self.judgement.reasons


def possible_duplicates(draft: Draft, *, viewer: Viewer, except_for: str = "") -> list[Duplicate]:
    """At most five visible records that may be the one described, the surest first.

    Staff's comparison uses contacts and all numbers; others' only what the record's page shows
    them. `except_for` is the public id of the record being edited.
    """
    return _alike(keys_of(draft.facts()), viewer, except_for)


def duplicates_of(organization: Organization, *, viewer: Viewer) -> list[Duplicate]:
    """The same for a record that is there, with its contacts; for staff."""
    facts = facts_by_id([organization.id])[organization.id]
    return _alike(keys_of(facts), viewer, organization.public_id)


def _alike(keys: Keys, viewer: Viewer, except_for: str) -> list[Duplicate]:
    if keys.is_empty:
        return []
    visible = visible_to(viewer).where(Organization.public_id != except_for)
    rows = candidates(keys, visible)
    if viewer.is_staff:
        known = facts_by_id([row.id for row in rows])
    else:
        known = {row.id: public_facts(row) for row in rows}
    found = [Duplicate(row, judge(keys, keys_of(known[row.id]))) for row in rows]
    alike = [entry for entry in found if entry.judgement.verdict is not Verdict.DIFFERENT]
    alike.sort(key=_order)
    return alike[:MOST]


def _order(entry: Duplicate) -> tuple[int, float, int]:
    judgement = entry.judgement
    return judgement.verdict.rank, -judgement.strength, entry.organization.number
