"""No identifying string of the other side is read before both agreed: planted canaries prove it."""

from datetime import timedelta

from sqlalchemy import select

from registry.cases import service
from registry.cases.models import Case, Side, Stage
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.notifications.models import Message
from registry.organizations.models import Contact, Organization
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user
from tests.factories.cases import answer, ask, make_case, make_introduced_case, party
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization

RECENT = TODAY - timedelta(days=2)
CANARIES = ("カナリア精機", "カナリアセイキ", "Canary Works", "1234567890123", "かなりあ太郎",
            "canary@secret.example", "044-999-1234", "canary.example", "秘密丁目", "金糸雀式")  # fmt: skip


def _canary() -> Organization:
    organization = make_organization(
        name="株式会社カナリア精機",
        kana="カナリアセイキ",
        name_en="Canary Works",
        corporate_number="1234567890123",
        address="秘密丁目1-2",
        website="https://canary.example/",
        industry="24",
        municipality="14133",
        employees=23,
        summary="金糸雀式の会社",
    )
    with transaction():
        db.session.add(
            Contact(
                organization_id=organization.id,
                name="かなりあ太郎",
                email="canary@secret.example",
                phone="044-999-1234",
            )
        )
    return organization


def _canary_case(**fields: object) -> Case:
    seed = make_seed(
        organization=_canary(),
        title="金糸雀式のめっき",
        description="カナリア精機の金糸雀式",
        keywords=["めっき", "カナリア精機の皮膜"],
    )
    need = make_need(organization=make_member_organization(), title="めっきを頼みたい")
    return make_case(need, seed, **fields)  # type: ignore[arg-type]


def make_member_organization() -> Organization:
    return make_organization(name="求める側の会社")


def _leaks(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


def test_before_consent_neither_mail_nor_page_names_the_other_side(client: Client) -> None:
    case = _canary_case()
    member = make_member(case.need.organization)
    token = ask(party(case, Side.NEED), today=RECENT)
    ask(party(case, Side.SEED), today=RECENT)
    answer(party(case, Side.SEED), on=RECENT)

    blind = client.get(f"/introductions/{token}")
    client.sign_in(member)
    texts = [
        blind.html,
        client.get("/cases").html,
        client.get(f"/cases/{case.public_id}").html,
        client.get(f"/cases/{case.public_id}/answer").html,
        client.get(f"/cases/{case.public_id}?lang=en").html,
        client.get("/cases?q=カナリア&state=all").html,
    ]
    mails = db.session.scalars(select(Message).where(Message.to_address == member.email)).all()

    assert [_leaks(text) for text in texts[:-1]] == [[]] * 5
    assert _leaks(texts[-1].replace("q=カナリア", "")) == []
    assert len(mails) == 1
    assert _leaks(mails[0].subject + mails[0].body) == []
    assert "製造業・中原区・20～49人" in blind.text
    assert "技術：めっき" in blind.text


def test_both_yes_introduces_on_the_day_and_opens_name_and_contact(client: Client) -> None:
    case = _canary_case()
    member = make_member(case.need.organization)
    token = ask(party(case, Side.NEED), today=RECENT)
    ask(party(case, Side.SEED), today=RECENT)
    answer(party(case, Side.SEED), on=RECENT)

    address = f"/introductions/{token}"
    page = client.follow(client.post(address, {"answer": "yes", "answered_by": "三好 直"}))

    db.session.refresh(case)
    assert "承諾のお返事をいただきました" in page.text
    assert _leaks(page.html) == []
    assert case.stage is Stage.INTRODUCED
    assert [(c.stage, c.on) for c in case.changes][-1] == (Stage.INTRODUCED, TODAY)
    told = db.session.scalars(select(Message).where(Message.kind == "introduction.agreed")).all()
    assert {m.to_address for m in told} == {member.email, "canary@secret.example"}
    assert [_leaks(m.subject + m.body) for m in told if m.to_address == member.email] == [[]]

    client.sign_in(member)
    own = client.get(f"/cases/{case.public_id}").text
    assert {"カナリア精機", "かなりあ太郎", "044-999-1234"} <= set(_leaks(own))


def test_a_third_party_stays_blind_until_it_agrees_itself(client: Client) -> None:
    case, canary = make_introduced_case(), _canary()
    with transaction():
        service.add_party(case, canary, side=Side.OTHER, role="評価", viewer=SYSTEM)
    ask(case.parties[2], today=RECENT)
    member = make_member(case.need.organization)
    client.sign_in(member)

    page = client.get(f"/cases/{case.public_id}")

    assert _leaks(page.html) == []
    assert case.seed.organization.name in page.text
    assert case.title not in page.text


def test_a_closed_case_takes_the_contact_back_and_ends_its_links(client: Client) -> None:
    open_case, token = make_introduced_case(), ""
    waiting = make_case()
    token = ask(party(waiting, Side.NEED), today=RECENT)
    member = make_member(open_case.need.organization)
    with transaction():
        db.session.add(
            Contact(organization_id=open_case.seed.organization_id, name="大野", phone="044-1")
        )
    staff = make_user(Role.COORDINATOR)
    client.sign_in(staff)
    for case in (open_case, waiting):
        client.post(f"/cases/{case.public_id}/close", {"reason": "timing"})

    assert "この件は終わりました" in Client(client.app).get(f"/introductions/{token}").text
    text = Client(client.app).sign_in(member).get(f"/cases/{open_case.public_id}").text
    assert open_case.seed.organization.name in text
    assert "044-1" not in text


def test_an_introduction_text_that_names_somebody_is_refused(client: Client) -> None:
    case = _canary_case()
    client.sign_in(make_user(Role.COORDINATOR))
    address = f"/cases/{case.public_id}/edit"

    for named in ("ｶﾅﾘｱ精機の皮膜", "カナリア　精機", "かなりあ太郎さん", "canary@secret.example"):
        page = client.post(address, {"blind_summary_seed": named}, status=200)
        assert "名称や連絡先を除いてください" in page.text
        assert named in page.html
    client.post(address, {"blind_summary_seed": "細い溝へのめっきが得意"})

    one = party(case, Side.NEED).public_id
    seen = client.get(f"/cases/{case.public_id}/as-seen/{one}").text
    assert "細い溝へのめっきが得意" in seen
