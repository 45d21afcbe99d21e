"""Twenty people edit the same case at the same moment, over real HTTP: no word of anybody is lost."""

import html
import http.cookiejar
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest
from flask import Flask

from registry.cases.models import Case
from registry.common.roles import Role
from registry.config import Config
from registry.db import db
from tests.client import Client, _Reader
from tests.factories.accounts import make_user
from tests.factories.cases import make_introduced_case
from tests.serving import Served, _Stay

PEOPLE = 20
ROUNDS = 5
JOINING = threading.Lock()
"""Who meets a conflict joins the texts one after another; what they read is old by then."""


class Coordinator:
    """Somebody who is signed in and works over real HTTP, knowing only what the pages say."""

    def __init__(self, served: Served, number: int, cookie: str) -> None:
        self.url, self.number = served.url, number
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()), _Stay()
        )
        self.opener.addheaders = [("Cookie", cookie)]
        self.conflicts = 0

    @property
    def word(self) -> str:
        return f"語{self.number:02d}"

    def get(self, path: str) -> str:
        status, text = self._open(urllib.request.Request(self.url + path))
        assert status == 200, (path, status)
        return text

    def send(self, path: str, values: dict[str, str]) -> tuple[int, str]:
        body = urllib.parse.urlencode(values).encode()
        return self._open(urllib.request.Request(self.url + path, data=body))

    def edit(self, path: str, page: str, changes: dict[str, Callable[[str], str]]) -> None:
        """Send the form as it was read, with changes; on a conflict page, join what one wrote
        oneself with what is stored now, until it is accepted."""
        values = form_of(page, next(iter(changes)))
        mine = {name: change(values[name]) for name, change in changes.items()}
        status, page = self.send(path, {**values, **mine})
        with JOINING if status == 409 else nullcontext():
            self._join(path, status, page, mine)

    def _join(self, path: str, status: int, page: str, mine: dict[str, str]) -> None:
        for _round in range(ROUNDS):
            if status == 303:
                return
            assert status == 409, (path, status, page[:500])
            self.conflicts += 1
            values = form_of(page, next(iter(mine)))
            stored = stored_texts(page)
            for name in mine:
                assert values[name] == mine[name], "the conflict page keeps what one wrote"
            assert any(word in "".join(stored) for word in ("語", "はじめ")), "and what is stored"
            mine = {name: joined(values[name], stored) for name in mine}
            status, page = self.send(path, {**values, **mine})
        raise AssertionError("never accepted")

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def form_of(page: str, containing: str) -> dict[str, str]:
    """What stands in the form that has a field of that name."""
    reader = _Reader()
    reader.feed(page)
    for form in reader.forms:
        values = {f["name"]: (f["value"] or "").removeprefix("\n") for f in form["fields"]}
        if form["method"] == "post" and containing in values:
            return values
    raise AssertionError(f"no form with {containing}: {page[:500]}")


def stored_texts(page: str) -> list[str]:
    """The stored texts that a conflict page shows, in the order of its fields."""
    side = page.split('id="conflict-theirs"')[1].split("</section>")[0]
    found = re.findall(r"<dd[^>]*>(.*?)</dd>", side, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", one)) for one in found]


def joined(mine: str, stored: list[str]) -> str:
    """All words of both, each once."""
    words = re.findall(r"語\d\d", mine + "".join(stored))
    return "".join(["はじめ", *sorted(set(words))])


@pytest.fixture
def served(
    app: Flask,
    config: Config,
    data_folder: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Served]:
    """A server process of its own on the tests' database."""
    monkeypatch.setenv("MUSUBI_SECRET_KEY", config.secret_key)
    db.session.remove()
    with Served(data_folder, database_url=database_url) as running:
        yield running


def signed_in(app: Flask, served: Served) -> list[Coordinator]:
    found = []
    for number in range(PEOPLE):
        client = Client(app).sign_in(make_user(Role.COORDINATOR))
        cookie = client.http.get_cookie("musubi")
        assert cookie is not None
        found.append(Coordinator(served, number, f"musubi={cookie.value}"))
    return found


def at_once(people: list[Coordinator], work: Callable[[Coordinator, str], None], path: str) -> None:
    """Everybody reads the page; when all have read it, all send."""
    gate = threading.Barrier(len(people))

    def one(person: Coordinator) -> None:
        page = person.get(path)
        gate.wait(60)
        work(person, page)

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(one, people))


def test_every_word_of_twenty_people_stands_at_the_end(app: Flask, served: Served) -> None:
    case = make_introduced_case()
    title, need = case.title, case.need
    assert need is not None
    public_id, party_id = case.public_id, case.parties[0].public_id
    people = signed_in(app, served)
    address = f"/cases/{public_id}"
    all_words = {person.word for person in people}

    def adding(person: Coordinator) -> Callable[[str], str]:
        return lambda before: f"{before}{person.word}"

    def edit(person: Coordinator, page: str) -> None:
        change = adding(person)
        changes = {"title": change, "blind_summary_need": change}
        person.edit(f"{address}/edit", page, changes)

    def step(person: Coordinator, page: str) -> None:
        person.edit(f"{address}/next-step", page, {"next_step": adding(person)})

    def role(person: Coordinator, page: str) -> None:
        path = f"{address}/parties/{party_id}/role"
        person.edit(path, page, {"role": adding(person)})

    def note(person: Coordinator, page: str) -> None:
        values = {**form_of(page, "text"), "text": f"メモ {person.word}"}
        assert person.send(f"{address}/notes/new", values)[0] == 303

    def encounter(person: Coordinator, page: str) -> None:
        values = form_of(page, "subject")
        values |= {
            "kind": "call",
            "subject": f"用件 {person.word}",
            "next_step": f"次は{person.word}",
        }
        status, text = person.send(f"{address}/encounters/new", values)
        assert status == 303, text[:3000]

    def outcome(person: Coordinator, page: str) -> None:
        values = {**form_of(page, "detail"), "detail": f"成果 {person.word}"}
        status, text = person.send(f"{address}/outcomes/new/agreement", values)
        assert status == 303, text[:3000]

    at_once(people, edit, f"{address}/edit")
    at_once(people, step, f"{address}/next-step")
    at_once(people, role, f"{address}/parties/{party_id}/role")
    conflicts = sum(person.conflicts for person in people)
    at_once(people, note, f"{address}/notes/new")
    at_once(people, encounter, f"{address}/encounters/new")
    at_once(people, outcome, f"{address}/outcomes/new/agreement")

    db.session.rollback()
    found = db.session.query(Case).filter_by(public_id=public_id).one()
    notes = [row.text for row in found.notes]
    everything_next = "\n".join([found.next_step, *notes])
    assert title != found.title and words(found.title) == all_words
    assert words(found.blind_summary_need) == all_words
    assert words(found.parties[0].role) == all_words
    assert {f"メモ {word}" for word in all_words} <= set(notes)
    assert {row.subject for row in found.encounters} == {f"用件 {word}" for word in all_words}
    assert {row.detail for row in found.outcomes} == {f"成果 {word}" for word in all_words}
    assert all(f"次は{word}" in everything_next for word in all_words)
    assert any(words(text) == all_words for text in notes), "the step of before the encounters"
    assert conflicts >= 3 * (PEOPLE - 1)


def words(text: str) -> set[str]:
    return set(re.findall(r"語\d\d", text))
