"""Nothing confidential stands in any answer: canaries planted in every such field, then every page
fetched by everybody who may not know them."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask

from registry.attachments.models import Attachment
from registry.attachments.service import NewFile, add_file
from registry.audit.service import record
from registry.cases import service as cases
from registry.cases.check_in_models import CheckIn, CheckInState
from registry.cases.files import place_of_case
from registry.cases.models import Case, Outcome, Rung, Side
from registry.common.roles import PERMISSIONS, Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.listings.models import Listing, ListingState, Visibility
from registry.organizations.models import (
    Consent,
    ConsentWay,
    Contact,
    Organization,
    OrganizationState,
)
from registry.programs.models import CallState, ProgramState
from registry.suggestions.models import Candidate, Decision, DecisionKind, DismissReason
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user
from tests.factories.cases import ask, make_case, make_encounter, make_introduced_case, party
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization
from tests.house.test_access_matrix import SPECIAL, routes
from tests.programs.test_applications import make_call
from tests.programs.test_programs import make_enrolment, make_program

OUTSIDERS = [Role.VISITOR, Role.MEMBER, Role.PARTNER, Role.EVALUATOR, Role.OPERATOR]
BLIND = "匿名のニーズ"
MONTHS = ("2026-10", "2026-11")


@dataclass
class World:
    """What was planted: all canaries, those that the directory of firms shows, all records' ids."""

    canaries: list[str] = field(default_factory=list)
    directory: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def canary(self, what: str) -> str:
        """A word that stands nowhere else."""
        word = f"カナリア{len(self.canaries):02d}{what}"
        self.canaries.append(word)
        return word


def hidden_listings(world: World, owners: list[Organization]) -> list[Listing]:
    """A need for staff only, a draft, one waiting and one returned; one for each owner."""
    c = world.canary
    found = [
        make_need(
            organization=owners[0],
            title=c("staff"),
            description=c("text"),
            keywords=[c("word")],
            visibility=Visibility.STAFF,
        )
    ]
    states = (ListingState.DRAFT, ListingState.SUBMITTED, ListingState.RETURNED)
    for owner, state in zip(owners[1:], states, strict=True):
        found.append(
            make_seed(
                organization=owner,
                title=c("title"),
                description=c("text"),
                keywords=[c("word")],
                fields={"maker": c("field")},
                state=state,
                state_reason=c("reason"),
                published_at=None,
            )
        )
    return found


def plant(world: World) -> None:
    """Write a canary into every confidential field."""
    c = world.canary
    blind = make_organization(name=c("name"), kana=c("kana"), name_en=c("english"), industry="24")
    world.directory = list(world.canaries)
    shown = make_organization(name="名前の出る会社")
    draft = make_organization(name=c("draft"), state=OrganizationState.DRAFT)
    refused = make_organization(state=OrganizationState.RETURNED, state_reason=c("reason"))
    need = make_need(organization=blind, anonymous=True, title=BLIND)
    members = make_need(
        organization=make_organization(name="会員の会社"),
        anonymous=True,
        visibility=Visibility.MEMBERS,
        title="会員までのニーズ",
    )
    seed = make_seed(organization=shown, title="見えるシーズ")
    hidden = hidden_listings(world, [make_organization() for _number in range(4)])
    coordinator = make_user(Role.COORDINATOR, email=f"{c('mail')}@office.example")
    case = make_introduced_case(need=make_need(), seed=make_seed(), coordinator=coordinator)
    open_case = make_case(need=need, seed=seed, title=c("case"))
    token = ask(party(open_case, Side.SEED))
    visit = make_encounter(
        shown, subject=c("visit"), result=c("result"), next_step=c("step"), desk=c("desk")
    )
    with transaction():
        case.title, case.next_step, case.close_note = c("case"), c("step"), c("close")
        case.parties[0].reason, case.parties[0].evidence = c("party"), c("evidence")
        case.parties[0].answered_by = c("person")
        note = cases.add_note(case, text=c("note"), viewer=SYSTEM)
        contact = Contact(
            organization_id=shown.id, name=c("contact"), email=c("mail"), phone=c("phone")
        )
        db.session.add_all(
            [
                contact,
                Consent(
                    organization_id=shown.id,
                    about=c("about"),
                    given_by=c("giver"),
                    way=ConsentWay.TELEPHONE,
                    given_on=TODAY,
                    evidence=c("evidence"),
                ),
                Outcome(
                    case_id=case.id,
                    rung=Rung.PRODUCT,
                    on=TODAY,
                    detail=c("outcome"),
                    name=c("product"),
                    application=c("patent"),
                    link=f"https://{c('link')}.example",
                ),
                CheckIn(
                    case_id=case.id,
                    party_id=case.parties[0].id,
                    months=3,
                    due=TODAY,
                    state=CheckInState.RESULT,
                    answered_on=TODAY,
                    answered_by=c("speaker"),
                    comment=c("comment"),
                    evidence=c("heard"),
                ),
                Decision(
                    need_id=members.id,
                    seed_id=seed.id,
                    kind=DecisionKind.DISMISSED,
                    reason=next(iter(DismissReason)),
                    words=c("decision"),
                ),
                Candidate(need_id=hidden[0].id, seed_id=seed.id, score=0.9, rank=1),
            ]
        )
        record(
            actor=SYSTEM,
            action="listing.changed",
            subject=f"listing:{need.public_id}",
            changes={"title": (c("was"), c("became"))},
        )
        files = [
            add_paper(case, c("file"), c("paper")),
            add_paper(open_case, c("shared"), c("paper")),
        ]
    rows = [
        *files,
        blind,
        shown,
        draft,
        refused,
        need,
        members,
        seed,
        *hidden,
        coordinator,
        visit,
        note,
    ]
    rows += [case, open_case, contact, *case.parties, *open_case.parties, *case.outcomes]
    world.ids |= {row.public_id for row in rows} | {token}
    plant_program(world, shown)


def add_paper(case: Case, name: str, text: str) -> Attachment:
    """A file of a case that is shared with its parties."""
    place = place_of_case(case.public_id, SYSTEM)
    assert place is not None
    new = NewFile(f"{name}.txt", text.encode(), note=f"{name}の説明", shared=True)
    return add_file(place, new, viewer=SYSTEM)


def plant_program(world: World, applicant: Organization) -> None:
    """A draft program with its call, and applications that are not published results."""
    c = world.canary
    draft = make_program(c("program"), state=ProgramState.DRAFT, content=c("content"))
    program = make_program("見える制度")
    call = make_call(program, title="見える公募")
    hidden = make_call(program, title=c("call"), state=CallState.DRAFT, note=c("note"))
    states = ("draft", "applied", "declined", "withdrawn", "active")
    rows = [
        make_enrolment(
            program,
            organization=applicant,
            call_id=call.id,
            project=c("project"),
            topic=c("topic"),
            state=state,
            decision_reason=c("reason"),
            answers={"q1": c("answer")},
            published=state == "declined",
        )
        for state in states
    ]
    shown = make_enrolment(
        program, organization=applicant, decision_reason=c("reason"), answers={"q1": c("answer")}
    )
    world.ids |= {row.public_id for row in (draft, program, call, hidden, shown, *rows)}


def enter(app: Flask, role: Role) -> Client:
    client = Client(app)
    if role is Role.VISITOR:
        return client
    firm = make_organization(name="見ている会社")
    return client.sign_in(make_member(firm) if role is Role.MEMBER else make_user(role))


def addresses(app: Flask, world: World, role: Role) -> Iterator[str]:
    """Every GET address with every id, and lists asked for every canary."""
    for rule, permission in routes(app, "GET"):
        opens = role in PERMISSIONS[permission]
        values = {**SPECIAL, "position": "1"}
        names = [name for name in rule.arguments if name not in values or name == "token"]
        ids = sorted(world.ids) if names and opens else sorted(world.ids)[:1]
        for one in ids:
            path = rule.rule
            for name in rule.arguments:
                value = one if name in names else values[name]
                path = re.sub(rf"<(?:[a-z]+:)?{name}>", value, path)
            yield path
            if not names:
                break
    yield from (f"/reports/monthly/{month}{form}" for month in MONTHS for form in ("", ".csv"))
    yield from ("/listings?own=1&state=all", "/listings?lang=en", "/no-such-page")


def readable(data: bytes) -> str:
    """The text of an answer; of a workbook all its parts."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())
    return data.decode("utf-8", "replace")


@pytest.mark.parametrize("role", OUTSIDERS)
def test_no_answer_holds_what_the_reader_may_not_know(app: Flask, role: Role) -> None:
    world = World()
    plant(world)
    client = enter(app, role)
    leaks, fetched = [], 0

    def known(path: str, text: str) -> bool:
        """The directory names every firm; what nobody may read is whose the anonymous need is."""
        in_directory = path.startswith("/organizations") and BLIND not in text
        return in_directory and not any(w in text for w in world.canaries[len(world.directory) :])

    for path in addresses(app, world, role):
        answer = client._send(client.http.get, path)
        text = readable(answer.get_data()) + str(answer.headers)
        leaks += [(path, word) for word in world.canaries if word in text and not known(path, text)]
        assert answer.status_code < 500, path
        fetched += 1
    for word in world.canaries:
        for path in ("/listings", "/organizations") if word not in world.directory else ():
            text = readable(
                client._send(client.http.get, path, query_string={"q": word}).get_data()
            )
            leaks += [(path, other) for other in world.canaries if other in text and other != word]
            assert "全 0 件" in text or not re.search(r"全 \d+ 件", text), (path, word)

    by_name = readable(
        client._send(
            client.http.get, "/listings", query_string={"q": world.directory[0]}
        ).get_data()
    )
    assert BLIND not in by_name
    assert not leaks, "\n".join(map(str, leaks))
    assert len(world.canaries) > 40 and fetched > 60


def test_a_rivals_pages_are_the_same_whether_a_secret_exists_or_not(app: Flask) -> None:
    world = World()
    seed = make_seed(title="めっきの治具")
    client = enter(app, Role.MEMBER)
    owners = [make_organization() for _number in range(4)]
    paths = ["/", "/listings", "/listings?q=めっき", "/organizations", "/my-suggestions", "/cases"]
    paths += [f"/listings/{seed.public_id}", "/my-organization", "/programs", "/help"]
    before = [plain(client.get(path).html) for path in paths]

    for secret in hidden_listings(world, owners):
        with transaction():
            db.session.add(Candidate(need_id=secret.id, seed_id=seed.id, score=0.9, rank=1))

    after = [plain(client.get(path).html) for path in paths]
    differing = [p for p, one, two in zip(paths, before, after, strict=True) if one != two]
    assert differing == []


def plain(html: str) -> str:
    """A page without the tokens that differ at every request."""
    return re.sub(r'(value|nonce)="[^"]*"', "", html)
