"""Several needs and seeds in one case: who joins, what is told of whom, what comes back."""

import csv
import io

from flask import Flask
from sqlalchemy import select

from registry.cases import further
from registry.cases.handover import pack_of
from registry.cases.handover_pdf import handover_pdf
from registry.cases.listing_models import CaseListing, further_of
from registry.cases.models import Answer, Case, Side
from registry.cases.queries import cases_of_listing
from registry.cases.sight import sight_of
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.listings.models import Listing
from registry.suggestions.models import Decision, DecisionKind
from tests.cases.test_canaries import CANARIES, RECENT, _canary, _leaks
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user
from tests.factories.cases import answer, ask, make_case, make_introduced_case, party
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization


def staff(client: Client) -> Client:
    return client.sign_in(make_user(Role.COORDINATOR))


def add(case: Case, listing: Listing, role: str = "", summary: str = "") -> CaseListing:
    with transaction():
        return further.add_listing(
            case, listing, further.Words(role, summary), today=TODAY, viewer=SYSTEM
        )


def test_a_seed_found_by_words_joins_with_its_organization_and_role(client: Client) -> None:
    case, seed = make_case(), make_seed(title="制御盤の小型化", keywords=["制御盤"])
    staff(client)
    address = f"/cases/{case.public_id}"

    page = client.get(f"{address}/listings/new?q=制御盤")
    assert "制御盤の小型化" in page.text and '<option value="ソフトウェア">' in page.html
    form = page.form("role")
    shown = client.follow(
        client.submit(
            form,
            {"listing": seed.public_id, "role": "制御"},
            address=f"{address}/listings/new?q=制御盤",
        )
    )

    db.session.refresh(case)
    joined = next(p for p in case.parties if p.organization_id == seed.organization_id)
    assert (joined.side, joined.role, joined.answer) == (Side.SEED, "制御", Answer.PENDING)
    assert "制御盤の小型化" in shown.text and "加えた案件（1）" in shown.text
    assert case.seed_id != seed.id
    made = db.session.scalars(select(Decision)).all()
    assert [(d.need_id, d.seed_id, d.kind) for d in made] == [
        (case.need_id, seed.id, DecisionKind.ACCEPTED)
    ]
    assert cases_of_listing(seed, SYSTEM) == cases_of_listing(case.need, SYSTEM) == [case]


def test_what_cannot_join_is_refused_at_its_field_with_the_words_kept(client: Client) -> None:
    case = make_case()
    named = make_seed(
        organization=make_organization(name="株式会社 潮見ソフト"), title="画像の解析"
    )
    staff(client)
    address = f"/cases/{case.public_id}/listings/new?q=画像"
    form = client.get(address).form("role")

    page = client.submit(form, {"role": "制御"}, address=address, status=200)
    assert "加える案件を選んでください" in page.text and 'value="制御"' in page.html
    wish = {"listing": named.public_id, "blind_summary": "潮見ソフトの解析"}
    page = client.submit(form, wish, address=address, status=200)
    assert "名称や連絡先を除いてください" in page.text and "潮見ソフトの解析" in page.html
    assert db.session.query(CaseListing).count() == 0

    add(case, named)
    page = client.get(address)
    assert "当てはまる公開中の案件がありません" in page.text


def test_taking_out_and_putting_back_moves_the_party_that_has_not_agreed(client: Client) -> None:
    case = make_case()
    row = add(case, make_seed(title="加工の治具"), role="加工")
    staff(client)
    address = f"/cases/{case.public_id}"
    token = ask(case.parties[2], today=RECENT)

    page = client.follow(
        client.post(f"{address}/listings/{row.public_id}/remove", at=address, action="/remove")
    )
    db.session.refresh(case)
    assert len(case.parties) == 2 and further_of(case) == []
    assert "外した案件（1）" in page.text and "当事者から外した" in page.text
    Client(client.app).get(f"/introductions/{token}", status=404)

    client.post(f"{address}/listings/{row.public_id}/restore", at=address, action="/restore")
    db.session.expire_all()
    assert [p.role for p in case.parties] == ["", "", "加工"]
    assert not case.parties[2].is_asked and further_of(case) == [row]

    answer(case.parties[2])
    client.post(f"{address}/listings/{row.public_id}/remove", at=address, action="/remove")
    db.session.expire_all()
    assert len(case.parties) == 3, "who agreed stays"


def test_a_party_with_two_listings_is_one_party_and_tells_of_both(app: Flask) -> None:
    case = make_case()
    second = make_need(organization=case.need.organization, title="乾かす", keywords=["乾燥"])
    add(case, second, summary="洗ったあとを乾かしたい")

    assert len(case.parties) == 2
    for one in case.parties:
        ask(one, today=RECENT)
    seen = sight_of(case, party(case, Side.SEED)).others[0]
    assert "洗ったあとを乾かしたい" in seen.summary
    assert case.blind_summary_need in seen.summary
    assert seen.name == "" and seen.listing == ""


def test_nothing_names_an_added_party_before_it_agreed_nor_the_others_to_it(client: Client) -> None:
    case = make_introduced_case()
    hidden = make_seed(
        organization=_canary(),
        title="金糸雀式のめっき",
        description="カナリア精機の金糸雀式",
        keywords=["めっき", "カナリア精機の皮膜"],
    )
    add(case, hidden, role="制御")
    first, third = make_member(case.need.organization), make_member(hidden.organization)
    page = f"/cases/{case.public_id}"

    before = Client(client.app).sign_in(first)
    assert _leaks(before.get(page).html) == []
    asked_nothing = Client(client.app).sign_in(third).get(page, status=404)
    assert case.need.organization.name not in asked_nothing.text
    token = ask(case.parties[2], today=RECENT)
    blind = Client(client.app).get(f"/introductions/{token}")
    names = [case.need.organization.name, case.seed.organization.name]
    assert not [name for name in names if name in blind.html]
    assert _leaks(before.get(page).html) == []
    assert "めっき" in before.get(page).text

    answer(case.parties[2])
    assert set(_leaks(before.get(page).html)) >= {"カナリア精機", "かなりあ太郎", "金糸雀式"}
    assert set(CANARIES) > {"カナリア精機"}


def test_the_document_and_the_list_tell_all_needs_and_seeds(client: Client) -> None:
    coordinator = make_user(Role.COORDINATOR)
    case = make_case(coordinator=coordinator)
    extra = [make_need(title="二つ目のニーズ"), make_seed(title="三つ目のシーズ")]
    for one in extra:
        add(case, one, role="設計")
    client.sign_in(coordinator)

    sheet = client.get("/cases/export.csv?state=all").response.get_data().decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(sheet)))
    assert all(one.reference in row["ニーズ"] + row["シーズ"] for one in extra)
    assert "設計" in row["役割"]
    assert handover_pdf(pack_of(coordinator, SYSTEM)).startswith(b"%PDF")


def test_a_conflict_about_the_words_shows_both(client: Client) -> None:
    case = make_case()
    row = add(case, make_seed(), role="設計")
    staff(client)
    address = f"/cases/{case.public_id}/listings/{row.public_id}/edit"
    form = client.get(address).form("role")

    client.post(address, {"role": "試作"}, containing="role")
    page = client.submit(form, {"role": "評価"}, address=address, status=409)

    assert "試作" in page.text and 'value="評価"' in page.html
