"""A coordinator looks at suggestions and decides; what is shown is explained and can be undone."""

import pytest
from sqlalchemy import update

from registry.common.roles import Role
from registry.db import db, transaction
from registry.listings.models import Listing, Visibility
from registry.notifications.models import Message
from registry.suggestions.candidates import refresh_due
from registry.suggestions.matcher import MEMBERS, matcher
from registry.suggestions.models import Candidate, Decision, ListingTerms
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_organization

CLEANING = {
    "title": "微細な隙間を洗う超音波洗浄機",
    "description": "メッキ品の狭い隙間に残った液を、部品を傷つけずに洗浄し、真空乾燥まで行います。",
    "keywords": ["超音波洗浄", "めっき", "乾燥"],
}
PLATING = {
    "title": "めっき後の細い溝に残る薬液を取り除きたい",
    "description": "鍍金後の水洗いで溝に薬液が残り、しみが出ます。部品を傷つけずに洗浄と乾燥をしたい。",
    "keywords": ["めっき", "洗浄", "乾燥"],
}


@pytest.fixture
def pair(app) -> tuple[Listing, Listing]:
    seed = make_seed(**CLEANING)
    make_seed(
        title="介護施設向けの配膳台車", description="軽い力で動く台車です。", keywords=["介護"]
    )
    return make_need(**PLATING), seed


@pytest.fixture
def coordinator(client: Client) -> Client:
    return client.sign_in(make_user(Role.COORDINATOR))


def test_a_need_is_shown_beside_the_seed_that_answers_it(coordinator, pair):
    need, seed = pair

    page = coordinator.get(f"/suggestions/{need.public_id}")

    assert seed.title in page.text
    assert "介護施設向けの配膳台車" not in page.text
    assert 'class="meet"' in page.html


def test_the_list_names_needs_with_and_without_candidates(coordinator, pair):
    need, _seed = pair
    lonely = make_need(
        title="競走馬の蹄鉄を研究する相手がほしい", description="蹄鉄の摩耗を調べたい。"
    )
    while refresh_due():
        pass

    page = coordinator.get("/suggestions")

    with_candidates, without = page.text.split("候補のないニーズ", 1)
    assert need.title in with_candidates
    assert lonely.title in without


def test_a_dismissal_asks_its_reason_and_can_be_undone(coordinator, pair):
    need, seed = pair
    address = f"/suggestions/{need.public_id}/{seed.public_id}/dismiss"

    refused = coordinator.post(address, {}, status=200)
    done = coordinator.post(address, {"reason": "unfit_use"})

    assert "見送る理由を選んでください" in refused.text
    bench = coordinator.follow(done)
    assert f'href="/listings/{seed.public_id}"' not in bench.html
    assert bench.has_link("提供元に伝えることば")
    assert db.session.query(Message).count() == 0
    coordinator.submit(bench.form(action="/undo"), address=bench.form(action="/undo")["action"])
    assert (
        f'href="/listings/{seed.public_id}"'
        in coordinator.get(f"/suggestions/{need.public_id}").html
    )


def test_a_deferral_needs_a_day_to_come(coordinator, pair):
    need, seed = pair
    address = f"/suggestions/{need.public_id}/{seed.public_id}/defer"

    past = {"until-y": "2026", "until-m": "11", "until-d": "25"}
    refused = coordinator.post(address, past, status=200)
    coordinator.post(address, {**past, "until-m": "12"})

    assert "明日以降の日" in refused.text
    assert "保留中" in coordinator.get(f"/suggestions/{need.public_id}").text


def test_a_retried_decision_makes_one_record(coordinator, pair):
    need, seed = pair
    address = f"/suggestions/{need.public_id}/{seed.public_id}/dismiss"
    form = coordinator.get(address).form("idempotency_key", action="dismiss")

    for _time in range(3):
        coordinator.submit(form, {"reason": "cost"}, address=address)

    assert db.session.query(Decision).count() == 1


def test_a_hidden_seed_takes_no_part_in_what_members_see(app, pair):
    need, seed = pair
    hidden = make_seed(**{**CLEANING, "title": "秘密の洗浄技術"}, visibility=Visibility.STAFF)

    for_members = {found.ref for found in matcher().suggest(need, audience=MEMBERS)}

    assert for_members == {seed.public_id}
    assert hidden.public_id in {found.ref for found in matcher().suggest(need)}


def test_own_seeds_are_not_suggested_to_own_needs(app):
    organization = make_organization()
    need = make_need(organization=organization, **PLATING)
    make_seed(organization=organization, **CLEANING)

    assert matcher().suggest(need) == []


def test_candidates_are_kept_once_and_marked_when_gone(app, pair):
    need, _seed = pair
    while refresh_due():
        pass
    first = db.session.query(Candidate).filter_by(need_id=need.id, current=True).count()

    assert first == 1
    assert refresh_due() == 0


def test_after_an_upgrade_of_the_engine_candidates_are_sought_anew(app, pair):
    while refresh_due():
        pass
    with transaction():
        db.session.execute(update(ListingTerms).values(recipe="of last year"))

    assert refresh_due() == 3
    assert refresh_due() == 0


def test_the_glossary_ties_words_that_no_dictionary_knows(coordinator, app):
    need = make_need(
        title="ばりとりを任せたい", description="鋳物のざらもぎをしたい。", keywords=["ざらもぎ"]
    )
    seed = make_seed(
        title="研磨の受託", description="ゼロゼロ仕上げに応じます。", keywords=["ゼロゼロ仕上げ"]
    )
    assert seed.public_id not in {s.ref for s in matcher().suggest(need)}

    coordinator.post("/glossary/new", {"japanese": "ざらもぎ", "synonyms": "ゼロゼロ仕上げ"})

    (found,) = [s for s in matcher().suggest(need) if s.ref == seed.public_id]
    assert "glossary" in found.parts


def test_a_glossary_entry_of_one_phrase_is_refused_with_what_was_typed(coordinator):
    page = coordinator.post("/glossary/new", {"japanese": "めっき"}, status=200)

    assert "同じ意味の語を、1 つ以上" in page.text
    assert 'value="めっき"' in page.html
