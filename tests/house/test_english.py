"""The pages in English: no Japanese but what a record says, and that marked as Japanese."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import NamedTuple

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.cases.models import Side
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.office import settings
from registry.organizations.models import Contact, Organization
from registry.programs.models import Program, ProgramState, Shape
from registry.programs.search import refresh
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.cases import ask, make_case, make_encounter, party
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization

# Kana, kanji and the punctuation that belongs to them, full-width forms included.
JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff01-\uff9f]")
SPOKEN = {"aria-label", "alt", "placeholder", "title", "value", "label", "data-label"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr", "rect", "line", "path"}
KANJI = "染色"
# Fields say what was typed; a title and attributes cannot hold an element with a language.
UNMARKED = {"title", "option", "textarea", *SPOKEN}

VISITOR = ["/", "/about", "/help", "/privacy", "/accessibility", "/listings", "/programs", "/join",
           "/sign-in", "/reset-password", "/no-such-page", "/listings/{need}",
           "/programs/{program}", "/organizations/{organization}"]  # fmt: skip
MEMBER = ["/", "/listings?own=1", "/my-organization", "/my-suggestions", "/cases", "/cases/{case}",
          "/cases/{case}/answer", "/listings/new?kind=need", "/listings/{need}",
          "/listings/{need}/edit", "/listings/{need}/renew", "/listings/{need}/close",
          "/organizations", "/organizations/{owner}", "/organizations/{owner}/edit",
          "/organizations/{owner}/people", "/account"]  # fmt: skip
STAFF = ["/desk", "/desk?view=all", "/search?q=dyeing", "/organizations", "/organizations/new",
         "/organizations/{organization}", "/organizations/{organization}/review",
         "/organizations/{organization}/record", "/organizations/{organization}/edit",
         "/organizations/{organization}/people", "/organizations/{organization}/contacts/new",
         "/organizations/{organization}/consents/new", "/organizations/{organization}/archive",
         "/listings", "/listings/{need}", "/listings/{need}/edit", "/listings/review",
         "/listings/new/organization", "/suggestions", "/suggestions/{need}",
         "/suggestions/{need}/{seed}/defer", "/suggestions/{need}/{seed}/dismiss", "/cases",
         "/cases/new", "/cases/{case}", "/cases/{case}/as-seen/{party}",
         "/cases/{case}/parties/{party}/extend", "/cases/{case}/parties/{party}/record-answer",
         "/cases/{case}/next-step", "/cases/{case}/stage", "/cases/{case}/close",
         "/cases/{case}/outcomes/new", "/cases/{case}/outcomes/new/contract",
         "/cases/{case}/outcomes/new/patent", "/cases/{case}/outcomes/new/press",
         "/cases/{case}/edit", "/cases/{case}/encounters/new",
         "/encounters", "/encounters/new", "/encounters/{encounter}",
         "/encounters/{encounter}/edit", "/programs", "/programs/{program}", "/glossary",
         "/glossary/new", "/joining", "/joining/new", "/reports/monthly/2026-11"]  # fmt: skip
ADMINISTRATOR = ["/admin", "/admin/users", "/admin/roles", "/admin/settings", "/admin/audit",
                 "/admin/audit/1", "/admin/outbox", "/admin/code-lists"]  # fmt: skip
ADDRESSES = {
    "visitor": VISITOR,
    "member": MEMBER,
    "coordinator": STAFF,
    "administrator": ADMINISTRATOR,
}


class Piece(NamedTuple):
    """A text, the language in force there, and the element or attribute that holds it."""

    text: str
    language: str
    where: str


class Pieces(HTMLParser):
    """Every text and spoken attribute of a page, with the language in force there."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.found: list[Piece] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        language = given.get("lang") or (self.open[-1][1] if self.open else "")
        self.found += [
            Piece(given[name] or "", language, name) for name in SPOKEN & set(given) if given[name]
        ]
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tag, language = self.open[-1] if self.open else ("", "")
        if data.strip() and tag not in ("script", "style"):
            self.found.append(Piece(data.strip(), language, tag))


def make_world(text: str) -> dict[str, str]:
    """Records of every room whose texts all say `text`; the public ids of each by its name."""
    with transaction():
        settings.change(
            replace(settings.Office(), name="Minato City", section="Industry Section",
                    sender_name="Musubi"),
            viewer=SYSTEM,
        )  # fmt: skip
    owner, other = (make_organization(name=f"{text} {n}", summary=text) for n in (1, 2))
    need = make_need(organization=owner, title=text, description=text, keywords=[text])
    seed = make_seed(organization=other, title=text, description=text, keywords=[text])
    case = make_case(need, seed, coordinator=make_user(name="Jo Cole"))
    encounter = make_encounter(owner, other, subject=text, next_step=text)
    program = Program(key="dyeing", title=text, summary=text, source=text, shape=Shape.ENROLMENT,
                      state=ProgramState.ACTIVE)  # fmt: skip
    with transaction():
        case.title = case.next_step = case.blind_summary_need = case.blind_summary_seed = text
        owner.contacts.append(Contact(name=text, role=text, email="jo@test.example"))
        db.session.add(program)
        db.session.flush()
        refresh(program)
    ask(party(case, Side.NEED))
    return {
        "owner": owner.public_id, "organization": other.public_id, "need": need.public_id,
        "seed": seed.public_id, "case": case.public_id, "encounter": encounter.public_id,
        "program": program.public_id, "party": party(case, Side.NEED).public_id,
    }  # fmt: skip


def signed_in(app: Flask, role: str, owner: str) -> Client:
    if role == "visitor":
        return Client(app)
    if role == "member":
        organization = db.session.query(Organization).filter_by(public_id=owner).one()
        user: User = make_member(organization, name="Al Member", is_manager=True)
    else:
        user = make_user(Role(role), name=f"A {role}")
    return Client(app).sign_in(user)


def pieces_of(client: Client, address: str) -> list[Piece]:
    sign = "&" if "?" in address else "?"
    status = 404 if address == "/no-such-page" else 200
    page = client.get(f"{address}{sign}lang=en", status=status)
    reader = Pieces()
    reader.feed(page.html)
    assert page.reader.lang == "en"
    return reader.found


def walk(app: Flask, names: dict[str, str]) -> Iterator[tuple[str, Piece]]:
    """Every piece of every page, with the page's address."""
    for role, addresses in ADDRESSES.items():
        client = signed_in(app, role, names["owner"])
        for address in addresses:
            for piece in pieces_of(client, address.format(**names)):
                yield address, piece


def test_the_pages_hold_no_japanese_of_their_own_in_english(app: Flask) -> None:
    left = [
        (address, piece)
        for address, piece in walk(app, make_world("Dyeing"))
        if JAPANESE.search(piece.text) and piece.language != "ja" and piece.text != "日本語"
    ]

    assert left == []


def test_what_a_record_says_in_japanese_is_marked_as_japanese(app: Flask) -> None:
    left = [
        (address, piece)
        for address, piece in walk(app, make_world(KANJI))
        if KANJI in piece.text and piece.language != "ja" and piece.where not in UNMARKED
    ]

    assert left == []


@pytest.mark.parametrize("count", [1, 2])
def test_counts_have_the_number_of_their_words(app: Flask, count: int) -> None:
    for _number in range(count):
        make_organization(name="Dyeing")
    client = Client(app).sign_in(make_user())

    page = client.get("/organizations?lang=en")

    assert ("1 organization" in page.text) is (count == 1)
    assert ("2 organizations" in page.text) is (count == 2)
