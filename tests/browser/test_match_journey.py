"""The main job, by hand: from an unmatched need to the month's report, in both languages."""

import csv
import io
import re

import pytest
from flask import Flask
from sqlalchemy import select

from registry.common import calendar
from registry.db import db
from registry.listings.models import Listing
from registry.notifications.models import Message
from registry.suggestions.models import Candidate
from registry.suggestions.queries import needs_with_candidates
from tests.browser.people import Person, Stage

SUBJECT = "図面を見ながらの打合せ"


def open_pair(app: Flask, rank: int, language: str) -> tuple[str, str, str]:
    """A need with an undecided candidate: its public id, and the two organizations' names."""
    with app.app_context():
        needs = db.session.execute(needs_with_candidates(calendar.today())).all()
        need = needs[rank][0]
        seed = db.session.scalar(
            select(Listing)
            .join(Candidate, Candidate.seed_id == Listing.id)
            .where(Candidate.need_id == need.id, Candidate.current)
            .order_by(Candidate.rank)
        )
        assert seed is not None
        names = [
            (o.name_en if language == "en" else "") or o.name
            for o in (need.organization, seed.organization)
        ]
        found = need.public_id, names[0], names[1]
        db.session.remove()
    return found


def newest_links(app: Flask, count: int) -> list[str]:
    """Paths of the introductions' links in the newest mails."""
    with app.app_context():
        mails = db.session.scalars(select(Message).order_by(Message.id.desc()).limit(count)).all()
        links = [re.search(r"/introductions/\S+", mail.body) for mail in mails]
        db.session.remove()
    assert all(links)
    return sorted({link.group(0) for link in links if link})


def figures(person: Person, month: str) -> dict[str, float]:
    """The summary of the month's report, read from its CSV."""
    answer = person.page.request.get(f"{person.address}/reports/monthly/{month}.csv")
    assert answer.status == 200
    rows = csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig")))
    return {row["measure"]: float(row["value"]) for row in rows if row["section"] == "summary"}


@pytest.mark.browser
@pytest.mark.parametrize(("language", "rank"), [("ja", 3), ("en", 5)])
def test_from_a_suggestion_to_the_months_report(
    stage: Stage, demo_app: Flask, language: str, rank: int
) -> None:
    today, month = calendar.today(), f"{calendar.today():%Y-%m}"
    need, asking, offering = open_pair(demo_app, rank, language)
    coordinator = stage.enter("coordinator", language=language)
    before = figures(coordinator, month)

    coordinator.go(f"/suggestions/{need}")
    assert coordinator.page.locator("mark.meet").count() > 1
    coordinator.page.locator('form[action$="/cases/open"] button').first.click()
    coordinator.page.wait_for_url(re.compile(r"/cases/[0-9a-f-]{36}"))
    case = coordinator.page.url.removeprefix(coordinator.address).partition("#")[0]
    for _side in range(2):
        coordinator.page.locator(
            'form[action$="/ask"] button:not([data-type="quiet"])'
        ).first.click()
        coordinator.page.wait_for_load_state()

    links = newest_links(demo_app, 2)
    assert len(links) == 2
    for link in links:
        visitor = stage.enter(language=language).go(link)
        shown = visitor.page.content()
        assert (asking in shown) != (offering in shown), "a side learns the other's name too early"
        visitor.page.locator('input[name="answered_by"], input[name="name"]').first.fill(
            "担当 花子"
        )
        visitor.page.locator('button[name="answer"][value="yes"]').click()
        visitor.page.wait_for_load_state()

    coordinator.go(case + "/encounters/new")
    coordinator.page.locator('input[name="kind"][value="dispatch"]').check()
    coordinator.page.locator('[name="subject"]').fill(SUBJECT)
    coordinator.page.locator("main form button").last.click()
    coordinator.page.wait_for_url(re.compile(re.escape(case)))
    coordinator.sees(SUBJECT)
    coordinator.go(case + "/stage")
    coordinator.page.locator('input[name="stage"][value="agreed"]').check()
    coordinator.write_day("on", today.year, today.month, today.day)
    coordinator.page.locator('[name="evidence"]').fill("面談で合意")
    coordinator.page.locator("main form button").last.click()
    coordinator.page.wait_for_url(re.compile(re.escape(case) + "(#.*)?$"))

    after = figures(coordinator, month)
    for measure in ("accepted", "introductions", "dispatches", "agreements"):
        assert after[measure] == before[measure] + 1, measure
    coordinator.go(f"/reports/monthly/{month}")
    assert coordinator.page.locator("main h1").count() == 1
