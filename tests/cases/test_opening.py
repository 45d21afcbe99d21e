"""Opening a case: once for a pair, however many people press at the same moment."""

import threading
from types import SimpleNamespace

from flask import Flask
from sqlalchemy import func, select

from registry.audit.models import AuditEntry
from registry.cases.models import Case, Party, Side, Stage
from registry.cases.queries import open_pairs
from registry.common.roles import Role
from registry.db import db
from registry.listings.models import ListingState
from registry.suggestions.models import Decision, DecisionKind
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.cases import make_case
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization


def test_an_accepted_suggestion_becomes_a_case_with_both_organizations(client: Client) -> None:
    need, seed = make_need(title="溝を洗いたい", keywords=["洗浄"]), make_seed()
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.follow(
        client.post(f"/cases/open?need={need.public_id}&seed={seed.public_id}", {"score": "82.4"})
    )

    case = db.session.scalars(select(Case)).one()
    assert (case.stage, case.score, case.title) == (Stage.PROPOSED, 82.4, "溝を洗いたい")
    assert {(p.side, p.organization_id) for p in case.parties} == {
        (Side.NEED, need.organization_id),
        (Side.SEED, seed.organization_id),
    }
    assert case.blind_summary_need == "技術：洗浄"
    assert db.session.scalars(select(Decision.kind)).one() is DecisionKind.ACCEPTED
    assert open_pairs() == {(need.id, seed.id)}
    assert "M-0001" in page.text
    assert db.session.scalar(
        select(func.count()).where(AuditEntry.action == "case.opened")
    ) == 1  # fmt: skip


def test_a_second_case_of_an_open_pair_leads_to_the_first(client: Client) -> None:
    need, seed = make_need(), make_seed()
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/cases/open?need={need.public_id}&seed={seed.public_id}"
    form = client.get(address).form("need")
    case = make_case(need, seed)

    page = client.follow(client.get(address, status=303))
    retried = client.submit(form, address="/cases/open")

    assert retried.location == f"/cases/{case.public_id}"
    assert "M-0001 としてすでに進んでいます" in page.text
    assert page.reader.h1 == [case.title]
    assert db.session.scalar(select(func.count(Case.id))) == 1


def test_only_one_of_many_who_press_at_once_opens_the_case(app: Flask) -> None:
    people = 3
    need, seed = make_need(), make_seed()
    address = f"/cases/open?need={need.public_id}&seed={seed.public_id}"
    emails = [make_user(Role.COORDINATOR).email for _ in range(people)]
    together, landed = threading.Barrier(people, timeout=60), []

    def press(email: str) -> None:
        client = Client(app)
        client.sign_in(SimpleNamespace(email=email))  # type: ignore[arg-type]
        form = client.get(address).form("need")
        together.wait()
        landed.append(client.submit(form, address="/cases/open").location)

    threads = [threading.Thread(target=press, args=(email,)) for email in emails]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    assert db.session.scalar(select(func.count(Case.id))) == 1
    assert db.session.scalar(select(func.count(Party.id))) == 2
    assert len(landed) == people
    assert len(set(landed)) == 1


def test_different_pairs_opened_at_once_get_different_numbers(app: Flask) -> None:
    addresses = [
        f"/cases/open?need={make_need().public_id}&seed={make_seed().public_id}" for _ in range(3)
    ]
    emails = [make_user(Role.COORDINATOR).email for _ in addresses]
    together = threading.Barrier(len(addresses), timeout=60)

    def press(email: str, address: str) -> None:
        client = Client(app)
        client.sign_in(SimpleNamespace(email=email))  # type: ignore[arg-type]
        form = client.get(address).form("need")
        together.wait()
        client.submit(form, address="/cases/open")

    pairs = zip(emails, addresses, strict=True)
    threads = [threading.Thread(target=press, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    assert sorted(db.session.scalars(select(Case.number))) == [1, 2, 3]


def test_a_retried_submit_opens_one_case(client: Client) -> None:
    need, seed = make_need(), make_seed()
    client.sign_in(make_user(Role.COORDINATOR))
    form = client.get(f"/cases/open?need={need.public_id}&seed={seed.public_id}").form("need")

    first = client.submit(form, address="/cases/open")
    second = client.submit(form, address="/cases/open")

    assert first.location == second.location
    assert db.session.scalar(select(func.count(Case.id))) == 1


def test_what_is_no_pair_is_refused_in_words(client: Client) -> None:
    organization = make_organization()
    client.sign_in(make_user(Role.COORDINATOR))
    own = make_need(organization=organization), make_seed(organization=organization)
    ended = make_need(), make_seed(state=ListingState.CLOSED)

    for (need, seed), words in ((own, "同じ企業・団体"), (ended, "公開中の案件どうし")):
        address = f"/cases/open?need={need.public_id}&seed={seed.public_id}"
        page = client.post(address, status=200)
        assert words in page.text
    assert db.session.scalar(select(func.count(Case.id))) == 0


def test_a_project_has_two_parties_found_by_their_names(client: Client) -> None:
    first, second = make_organization(name="株式会社 青葉"), make_organization(name="緑川工業")
    client.sign_in(make_user(Role.COORDINATOR))

    lonely = client.post("/cases/new", {"title": "鼻輪", "organization_names": "青葉"}, status=200)
    assert "2 つ以上" in lonely.text
    assert "青葉" in str(lonely.form("organization_names")["fields"])
    client.post("/cases/new", {"title": "鼻輪", "organization_names": "青葉、緑川"})

    case = db.session.scalars(select(Case)).one()
    assert {p.organization_id for p in case.parties} == {first.id, second.id}


def test_members_see_only_cases_in_which_they_were_asked(client: Client) -> None:
    case = make_case()
    member = make_member(case.need.organization)
    client.sign_in(member)

    client.get(f"/cases/{case.public_id}", status=404)
    assert case.title not in client.get("/cases").text
    client.get("/cases/open", status=403)
