"""By what a report's facts may be grouped: program, policy code, tags, industry, ward, person."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from registry.accounts.models import User
from registry.cases.models import Case, CaseTag, Party
from registry.common.codelists import industry
from registry.db import db
from registry.listings.models import Listing
from registry.organizations.models import Organization
from registry.policy.codes import read_code
from registry.policy.models import CrossTag, PolicyCode
from registry.programs.models import Program, ProgramTag

Tags = tuple[str, ...]


@dataclass(frozen=True)
class Dimensions:
    """By what a fact may be grouped, as codes; empty where it has no such thing.

    `program` is a program's key, `coordinator` a user's public id. `policy` is the home code
    (3-3-1): a match's own, else its program's. `tags` are the cross-cutting viewpoints and
    priorities of both. `industry` is the JSIC division and `ward` the municipality of the
    organization that has the need; of a case without one its first party, of an encounter the first
    organization that took part.
    """

    program: str = ""
    industry: str = ""
    ward: str = ""
    coordinator: str = ""
    policy: str = ""
    tags: Tags = ()

    @property
    def policies(self) -> Tags:
        """The home code and all above it: 3-3-1 is also 3-3 and 3."""
        return codes_above(self.policy)


@dataclass(frozen=True)
class CaseDimensions:
    """The dimensions of a case, and whether the policy code is its own instead of its program's."""

    at: Dimensions
    own_code: bool


@lru_cache(maxsize=1024)
def codes_above(policy: str) -> Tags:
    """A policy code and those above it, from the top; ("",) for none."""
    code = read_code(policy) if policy else None
    if code is None:
        return (policy,)
    found: list[str] = []
    while code is not None:
        found.insert(0, str(code))
        code = code.parent
    return tuple(found)


@lru_cache(maxsize=65536)
def as_dimensions(
    program: str | None,
    industry_code: str | None,
    ward: str | None,
    coordinator: str | None,
    policy: str | None = None,
    tags: Tags = (),
) -> Dimensions:
    """The dimensions of a row's values, None as empty, an industry of any depth as its division."""
    return Dimensions(
        program=program or "",
        industry=division_of(industry_code or ""),
        ward=ward or "",
        coordinator=coordinator or "",
        policy=plain_code(policy or ""),
        tags=tags,
    )


@lru_cache(maxsize=1024)
def plain_code(text: str) -> str:
    """A policy code in its one spelling; what is none stays as it is."""
    code = read_code(text) if text else None
    return str(code) if code else text


@lru_cache(maxsize=1024)
def division_of(code: str) -> str:
    """The JSIC division (one letter) of a code of any depth; empty when it is unknown."""
    found = industry(code) if code else None
    return getattr(found, "division", found.code) if found else ""


def tag_code(tag: CrossTag) -> str:
    """The stable code of a cross-cutting tag: plan, kind and number."""
    return f"{tag.plan}:{tag.kind.value}-{tag.number}"


def dimensions_of_cases(cases: set[int]) -> dict[int, Dimensions]:
    """The dimensions of cases by their row number."""
    return {number: found.at for number, found in case_dimensions(cases).items()}


def case_dimensions(cases: set[int]) -> dict[int, CaseDimensions]:
    """The same, telling also where the policy code comes from."""
    owner, partner = aliased(Organization), aliased(Organization)
    own, programs_code = aliased(PolicyCode), aliased(PolicyCode)
    first_party = (
        select(Party.case_id, func.min(Party.id).label("party_id"))
        .group_by(Party.case_id)
        .subquery()
    )
    statement = (
        select(
            Case.id,
            Case.program_id,
            own.code,
            Program.key,
            func.coalesce(owner.industry, partner.industry),
            func.coalesce(owner.municipality, partner.municipality),
            User.public_id,
            func.coalesce(own.code, programs_code.code),
        )
        .outerjoin(Program, Program.id == Case.program_id)
        .outerjoin(own, own.id == Case.policy_code_id)
        .outerjoin(programs_code, programs_code.id == Program.policy_code_id)
        .outerjoin(Listing, Listing.id == Case.need_id)
        .outerjoin(owner, owner.id == Listing.organization_id)
        .outerjoin(first_party, first_party.c.case_id == Case.id)
        .outerjoin(Party, Party.id == first_party.c.party_id)
        .outerjoin(partner, partner.id == Party.organization_id)
        .outerjoin(User, User.id == Case.coordinator_id)
    )
    of_programs, of_cases = tags_of_programs(), _tags_of_cases()
    return {
        number: CaseDimensions(
            as_dimensions(*values, both(of_cases.get(number), of_programs.get(program))),
            own_code=own_code is not None,
        )
        for number, program, own_code, *values in db.session.execute(statement)
        if number in cases
    }


def tags_of_programs() -> Mapping[int | None, Tags]:
    """The codes of the tags of each program, by its row number."""
    return _grouped(
        select(ProgramTag.program_id, CrossTag).join(CrossTag, CrossTag.id == ProgramTag.tag_id)
    )


def both(some: Tags | None, more: Tags | None) -> Tags:
    """The tags of two lists, each once, in order."""
    if not some or not more:
        return some or more or ()
    return tuple(sorted({*some, *more}))


def _tags_of_cases() -> Mapping[int | None, Tags]:
    return _grouped(select(CaseTag.case_id, CrossTag).join(CrossTag, CrossTag.id == CaseTag.tag_id))


def _grouped(statement: object) -> dict[int | None, Tags]:
    found: dict[int | None, set[str]] = {}
    for number, tag in db.session.execute(statement):  # type: ignore[call-overload]
        found.setdefault(number, set()).add(tag_code(tag))
    return {number: tuple(sorted(codes)) for number, codes in found.items()}
