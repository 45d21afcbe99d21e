"""Bad input, wherever something can be typed: a clear message at its place, what was typed stays."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select

from registry.canonical import dump_lines
from registry.cases.models import Side
from registry.common.roles import Role
from registry.db import db, transaction
from registry.listings.models import Listing, ListingState
from registry.organizations.models import Contact, Organization, OrganizationState
from registry.programs.models import Program, ProgramState, Shape
from registry.suggestions.models import GlossaryEntry
from tests.client import Client, Page
from tests.factories.accounts import make_user
from tests.factories.cases import ask, make_case, make_encounter, make_introduced_case, party
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization

NEED = {
    "title": "金型の水あかを短い時間で取りたい",
    "description": "樹脂成形の金型の冷却穴（直径6mm）に水あかがたまり、成形の時間が延びています。",
    "keywords": "金型、冷却穴、水あか",
    "category": "technology",
    "visibility": "members",
    "anonymous": "named",
    "valid_until-y": "2027",
    "valid_until-m": "11",
    "valid_until-d": "30",
    "do": "confirm",
}
LONG = "w" * 10_000
HIDDEN = {"bidi": "株式会社\u202e社会", "zero width": "会\u200b社", "bell": "会\x07社"}
IMPOSSIBLE = (
    (("2026", "11", "31"), "11月は 30 日まで"),
    (("令和8", "13", "1"), "1 から 12 まで"),
    (("令和0", "1", "1"), "年を確かめて"),
    (("2026", "", "1"), "すべて入力"),
    (("にせん", "十一", "日"), "日付として読めません"),
)


@dataclass
class World:
    """One record of each kind, and a person of each role at a browser."""

    people: dict[Role, Client]
    paths: dict[Role, list[str]]


@pytest.fixture
def world(app: Flask) -> World:
    own = make_organization(name="株式会社 試し打ち")
    member = make_member(own, is_manager=True)
    draft = make_need(organization=own, state=ListingState.DRAFT, published_at=None)
    waiting = make_seed(state=ListingState.SUBMITTED, published_at=None)
    case, asked = make_introduced_case(), make_case()
    token = ask(party(asked, Side.NEED))
    visit = make_encounter(own)
    program = Program(
        key="trial", title="試しの制度", shape=Shape.ENROLMENT, state=ProgramState.ACTIVE
    )
    contact = Contact(organization_id=own.id, name="受付 花子")
    word = GlossaryEntry(japanese="めっき")
    with transaction():
        db.session.add_all([program, contact, word])
    applying = make_organization(state=OrganizationState.SUBMITTED)
    org, deal = f"/organizations/{own.public_id}", f"/cases/{case.public_id}"
    pair = f"/suggestions/{case.need.public_id}/{waiting.public_id}"
    people = {role: Client(app) for role in (Role.VISITOR, Role.MEMBER, Role.COORDINATOR)}
    people[Role.MEMBER].sign_in(member)
    people[Role.COORDINATOR].sign_in(make_user(Role.COORDINATOR))
    people[Role.ADMINISTRATOR] = Client(app).sign_in(make_user(Role.ADMINISTRATOR))
    people[Role.PARTNER] = Client(app).sign_in(make_user(Role.PARTNER))
    return World(
        people,
        {
            Role.VISITOR: ["/join", f"/introductions/{token}"],
            Role.MEMBER: [
                "/listings/new?kind=need",
                "/listings/new?kind=seed",
                f"/listings/{draft.public_id}/edit",
                f"{org}/edit",
                f"{org}/contacts/new",
                f"{org}/contacts/{contact.public_id}/edit",
                f"{org}/people/invite",
                "/account",
            ],
            Role.PARTNER: ["/organizations/refer"],
            Role.COORDINATOR: [
                f"/listings/new?kind=need&organization={own.public_id}",
                f"/listings/{waiting.public_id}/return",
                f"/listings/{case.need.public_id}/renew",
                f"/listings/{case.need.public_id}/close",
                "/organizations/new",
                f"{org}/consents/new",
                f"{org}/archive",
                f"/organizations/{applying.public_id}/review",
                "/joining/new",
                *(f"{deal}/{step}" for step in ("edit", "close", "encounters/new", "next-step")),
                *(f"{deal}/{step}" for step in ("notes/new", "outcomes/new", "parties/new")),
                f"{deal}/stage",
                f"/cases/{asked.public_id}/parties/{party(asked, Side.NEED).public_id}/extend",
                f"/cases/{asked.public_id}/parties/{party(asked, Side.NEED).public_id}/record-answer",
                f"/cases/{asked.public_id}/parties/{party(asked, Side.NEED).public_id}/role",
                "/cases/new",
                "/encounters/new",
                f"/encounters/{visit.public_id}/edit",
                f"/encounters/{visit.public_id}/delete",
                f"/programs/{program.public_id}/enrolments/new",
                "/glossary/new",
                f"/glossary/{word.public_id}/edit",
                f"{pair}/defer",
                f"{pair}/dismiss",
            ],
            Role.ADMINISTRATOR: ["/admin/settings"],
        },
    )


def text_fields(page: Page) -> list[str]:
    """Names of the fields in which a person types one text."""
    return [
        str(field["name"])
        for field in page.reader.inputs
        if field["tag"] != "select"
        and field.get("type") in (None, "text", "email", "tel", "url")
        and field.get("name")
        and not re.search(r"-[ymd]$", str(field["name"]))
        and field["name"] != "q"
    ]


def date_fields(page: Page) -> list[str]:
    """Names of the dates of three parts."""
    return sorted(
        {str(f["name"])[:-2] for f in page.reader.inputs if str(f.get("name")).endswith("-d")}
    )


def typed(page: Page, name: str) -> str:
    """What stands in a field of the page."""
    for form in page.reader.forms:
        for field in form["fields"]:
            if field["name"] == name:
                return str(field["value"]).removeprefix("\r\n").removeprefix("\n")
    return ""


def is_marked(page: Page, name: str) -> bool:
    """Whether the page marks the field as wrong and says why beside it."""
    for field in page.reader.inputs:
        if field.get("name") == name and field.get("aria-invalid") == "true":
            notes = (field.get("aria-describedby") or "").split()
            return any(note in page.reader.ids for note in notes)
    return False


def forms(world: World) -> Iterator[tuple[Client, str, Page]]:
    for role, paths in world.paths.items():
        for path in paths:
            yield world.people[role], path, world.people[role].get(path)


def send(client: Client, path: str, page: Page, values: dict[str, str]) -> Page | None:
    """Post the page's form with these values; None when it was accepted."""
    form = page.form(containing=next(iter(values)))
    filled = {"do": "confirm", **values} if "/listings/" in path else values
    address = form["action"] or path
    stands = {field["name"]: field["value"] or "" for field in form["fields"]}
    answer = client.raw_post(address, {**stands, **filled})
    return None if answer.status_code == 303 else client._page(answer, 200, address)


def refused_texts(world: World, text: str) -> tuple[int, list[object]]:
    """Fill every line of every form with a text: how many, and those where it was not refused at
    the line itself, or did not stay."""
    tried, wrong = 0, []
    for client, path, page in forms(world):
        names = text_fields(page)
        answer = send(client, path, page, dict.fromkeys(names, text)) if names else None
        for name in names:
            tried += 1
            if answer is None:
                wrong.append((path, name, "accepted"))
            elif not (is_marked(answer, name) and text in typed(answer, name)):
                wrong.append((path, name, is_marked(answer, name), typed(answer, name)[:9]))
    return tried, wrong


def test_a_text_of_10000_characters_is_refused_in_every_line_and_stays(world: World) -> None:
    before = list(dump_lines())

    tried, wrong = refused_texts(world, LONG)

    assert not wrong, "\n".join(map(str, wrong))
    assert tried > 60, tried
    assert list(dump_lines()) == before


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
def test_a_character_that_cannot_be_seen_is_refused_where_it_was_typed(
    world: World, hidden: str
) -> None:
    before = list(dump_lines())

    tried, wrong = refused_texts(world, hidden)

    assert not wrong, "\n".join(map(str, wrong))
    assert tried > 60, tried
    assert list(dump_lines()) == before


def test_an_impossible_date_is_refused_at_its_part_and_stays(world: World) -> None:
    before, tried, wrong = list(dump_lines()), 0, []

    for client, path, page in forms(world):
        for name in date_fields(page):
            for parts, said in IMPOSSIBLE:
                values = {f"{name}-{p}": text for p, text in zip("ymd", parts, strict=True)}
                answer = send(client, path, page, values)
                tried += 1
                if answer is None:
                    wrong.append((path, name, parts, "accepted"))
                    continue
                kept = [typed(answer, f"{name}-{p}") for p in "ymd"] == list(parts)
                marked = any(is_marked(answer, f"{name}-{p}") for p in "ymd")
                if not (kept and marked and said in answer.text):
                    wrong.append((path, name, parts, kept, marked, said in answer.text))

    assert not wrong, "\n".join(map(str, wrong))
    assert tried > 30, tried
    assert list(dump_lines()) == before


def test_a_wrong_check_digit_is_told_at_the_number_and_nothing_else_is_lost(world: World) -> None:
    client, own = world.people[Role.MEMBER], world.paths[Role.MEMBER][3]
    page = client.get(own)

    answer = send(
        client, own, page, {"corporate_number": "8700110005901", "summary": "金型の試作です。"}
    )

    assert answer is not None
    assert is_marked(answer, "corporate_number")
    assert typed(answer, "corporate_number") == "8700110005901"
    assert typed(answer, "summary") == "金型の試作です。"
    assert db.session.scalar(select(Organization.summary).where(Organization.summary != "")) is None


def test_a_submit_sent_again_is_one_and_with_other_words_is_another(world: World) -> None:
    client, path = world.people[Role.MEMBER], "/listings/new?kind=need"
    form = client.get(path).form(containing="title")
    before = db.session.scalar(select(func.count(Listing.id)))

    first = client.submit(form, NEED, address=path)
    again = client.submit(form, NEED, address=path)
    other = client.submit(form, {**NEED, "title": "別の困りごとを解きたい"}, address=path)

    assert first.location == again.location != other.location
    titles = db.session.scalars(select(Listing.title).order_by(Listing.id.desc()).limit(2)).all()
    assert titles == ["別の困りごとを解きたい", NEED["title"]]
    assert db.session.scalar(select(func.count(Listing.id))) == (before or 0) + 2


def test_going_back_and_saving_again_shows_both_texts_instead_of_losing_one(world: World) -> None:
    client, path = world.people[Role.MEMBER], world.paths[Role.MEMBER][3]
    form = client.get(path).form(containing="summary")

    client.submit(form, {"summary": "はじめの紹介文です。"}, address=path)
    answer = client.submit(form, {"summary": "戻って書いた紹介文です。"}, address=path, status=409)

    assert "はじめの紹介文です。" in answer.text
    assert "戻って書いた紹介文です。" in html.unescape(answer.html)
    kept = db.session.scalars(select(Organization.summary).where(Organization.summary != "")).all()
    assert kept == ["はじめの紹介文です。"]
