"""A case as one of its parties sees it: built step by step, so that what is not disclosed is absent
from the value and cannot slip into a page."""

from dataclasses import dataclass

from flask_babel import gettext as _

from registry.cases.blindness import blind_field, blind_summary, category_of, listings_of
from registry.cases.disclosure import Stand, Step, step
from registry.cases.labels import side_label
from registry.cases.models import Case, Party, Stage
from registry.cases.timeline import Moment, shared_timeline
from registry.organizations.models import Contact
from registry.web.i18n import listed, pick


@dataclass(frozen=True)
class OtherParty:
    """Another party, as far as it is disclosed; what is not is empty."""

    step: Step
    side: str
    side_label: str
    category: str = ""
    field: str = ""
    summary: str = ""
    name: str = ""
    organization: str = ""
    role: str = ""
    listing: str = ""
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True)
class Sight:
    """What a party sees of its case."""

    case: Case
    own: Party
    title: str
    others: tuple[OtherParty, ...]
    moments: tuple[Moment, ...]
    # Everybody else agreed and is reached: what the office shared may be read.
    is_shared: bool = False

    @property
    def is_open_named(self) -> bool:
        """Whether at least one other party is known by name."""
        return any(other.step >= Step.NAME for other in self.others)


def sight_of(case: Case, own: Party, *, as_if_asked: bool = False) -> Sight:
    """The case as that party sees it now, or as it will once it is asked."""
    asked = own.is_asked or as_if_asked
    others = tuple(
        _other(other, step_between(case, own, other, asked=asked))
        for other in case.parties
        if other is not own
    )
    all_reached = bool(others) and all(other.step >= Step.CONTACT for other in others)
    all_named = bool(others) and all(other.step >= Step.NAME for other in others)
    return Sight(
        case=case,
        own=own,
        title=case.title if all_named else _("お引き合わせのご相談"),
        others=others,
        moments=tuple(shared_timeline(case, own.organization_id)) if all_named else (),
        is_shared=all_reached,
    )


def step_between(case: Case, own: Party, other: Party, *, asked: bool | None = None) -> Step:
    """How much of `other` the party `own` sees (`asked`: as if it was asked, or was not)."""
    return step(
        Stand(own.is_asked if asked is None else asked, own.answer),
        Stand(other.is_asked, other.answer),
        introduced=case.stage is not Stage.PROPOSED,
        is_open=case.is_open,
    )


def most_disclosed(case: Case, party: Party) -> Step:
    """How much of a party the one who knows most of it sees: what staff are shown beside it."""
    steps = [step_between(case, other, party) for other in case.parties if other is not party]
    return max(steps, default=Step.NOTHING)


def _other(other: Party, seen: Step) -> OtherParty:
    values: dict[str, object] = {}
    if seen >= Step.FIELD:
        values |= {"category": category_of(other), "field": blind_field(other)}
    if seen >= Step.SUMMARY:
        values["summary"] = blind_summary(other)
    if seen >= Step.NAME:
        organization = other.organization
        values |= {
            "name": pick(organization.name, organization.name_en),
            "organization": organization.public_id,
            "role": other.role,
            "listing": _title_of(other),
        }
    if seen >= Step.CONTACT:
        values["contacts"] = tuple(other.organization.contacts)
    return OtherParty(seen, other.side.value, side_label(other.side), **values)  # type: ignore[arg-type]


def _title_of(party: Party) -> str:
    return listed([listing.title for listing in listings_of(party)])
