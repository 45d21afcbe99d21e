"""Kind words: proposed by reason, edited, told to the owner, or left; nothing of the other side."""

import pytest
from flask import Flask
from sqlalchemy import select

from registry.audit.models import AuditEntry
from registry.common.roles import Role
from registry.db import db, transaction
from registry.listings.models import Listing
from registry.notifications.models import Message
from registry.suggestions import words
from registry.suggestions.models import Decision, DecisionKind, DismissReason
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization


@pytest.fixture
def coordinator(client: Client) -> Client:
    return client.sign_in(make_user(Role.COORDINATOR))


@pytest.fixture
def pair(app: Flask) -> tuple[Listing, Listing]:
    need = make_need(
        organization=make_organization(name="株式会社秘密ケミカル", name_en="Secret Chemical"),
        title="ひみつの溝を洗いたい",
    )
    seed = make_seed(organization=make_organization(name="洗浄機の会社"), title="洗浄機")
    make_member(seed.organization, email="owner@test.example")
    return need, seed


def dismiss(coordinator: Client, pair: tuple[Listing, Listing], **data: str) -> str:
    """Dismiss the pair over its page; the address to which that leads."""
    need, seed = pair
    address = f"/suggestions/{need.public_id}/{seed.public_id}/dismiss"
    return coordinator.post(address, {"reason": "precision", **data}).location


def decision() -> Decision:
    db.session.rollback()
    return db.session.scalars(select(Decision)).one()


def mails() -> list[Message]:
    db.session.rollback()
    return list(db.session.scalars(select(Message).order_by(Message.id)))


def test_words_are_proposed_by_the_reason_edited_and_told_once(
    coordinator: Client, pair: tuple[Listing, Listing]
) -> None:
    address = dismiss(coordinator, pair, then="words")
    page = coordinator.get(address)
    form = page.form("words")
    proposed = next(f["value"] for f in form["fields"] if f["name"] == "words")
    assert proposed.strip() == words.defaults()["dismissed.precision"].text
    assert mails() == []

    for _time in range(2):
        done = coordinator.submit(form, {"words": "精度が合いませんでした。"}, address=address)
    assert "メールを 1 通" in coordinator.follow(done).text

    (mail,) = mails()
    assert mail.to_address == "owner@test.example"
    assert "精度が合いませんでした。" in mail.body
    assert pair[1].title not in mail.subject
    for told in (mail.subject, mail.body):
        assert "秘密ケミカル" not in told
        assert pair[0].reference not in told


def test_the_owner_reads_them_at_the_listing_and_nobody_else(
    coordinator: Client, app: Flask, pair: tuple[Listing, Listing]
) -> None:
    need, seed = pair
    coordinator.post(dismiss(coordinator, pair, then="words"), {"words": "またの機会に。"})
    owner = Client(app).sign_in(make_member(seed.organization))
    rival = Client(app).sign_in(make_member(need.organization))

    page = owner.get(f"/listings/{seed.public_id}")
    assert "担当から" in page.text
    assert "またの機会に。" in page.text
    for secret in ("秘密ケミカル", need.title, need.reference, need.public_id, "見送"):
        assert secret not in page.html
    for other in (rival, Client(app)):
        assert "またの機会に。" not in other.get(f"/listings/{seed.public_id}").html
    owner.get(f"/suggestions/decisions/{decision().public_id}/words", status=403)


@pytest.mark.parametrize(
    "text",
    [
        "秘密ケミカルさんのご相談でした。",
        "秘密 ケミカル（株）",
        "ＳＥＣＲＥＴ　ＣＨＥＭＩＣＡＬ did not need it.",
        "「ひみつの溝を洗いたい」には合いません。",
        "N-{number} には合いません。",
    ],
)
def test_words_that_name_the_other_side_are_refused(
    coordinator: Client, pair: tuple[Listing, Listing], text: str
) -> None:
    address = dismiss(coordinator, pair, then="words")
    text = text.format(number=f"{pair[0].number:04d}")

    page = coordinator.post(address, {"words": text}, containing="words", status=200)

    assert "相手の名称や案件が分かることばが入っています" in page.text
    assert text in page.html
    assert decision().words == ""
    assert mails() == []
    empty = coordinator.post(address, {"words": " "}, containing="words", status=200)
    assert "ことばを入力してください。" in empty.text


def test_an_owner_who_reads_english_is_proposed_english(
    coordinator: Client, pair: tuple[Listing, Listing]
) -> None:
    for membership in pair[1].organization.memberships:
        with transaction():
            membership.user.locale = "en"
    address = dismiss(coordinator, pair, then="words")

    assert "The precision or performance" in coordinator.get(address).html
    page = coordinator.get(coordinator.get(address).link("日本語のことばにする"))
    assert "求める精度や性能と合いませんでした" in page.html


def test_undoing_and_withdrawing_take_the_words_off_the_listing(
    coordinator: Client, pair: tuple[Listing, Listing]
) -> None:
    seed = pair[1]
    address = dismiss(coordinator, pair, then="words")
    coordinator.post(address, {"words": "またの機会に。"}, containing="words")
    page = coordinator.get(f"/listings/{seed.public_id}")

    gone = coordinator.post(page.link("取り下げる"), action="")
    assert "またの機会に。" not in coordinator.follow(gone).html
    assert decision().kind is DecisionKind.DISMISSED
    coordinator.post(address, {"words": "もう一度。"}, containing="words")
    bench = coordinator.get(f"/suggestions/{pair[0].public_id}?decided={decision().public_id}")
    assert "提供元にことばを伝えました。" in bench.text
    undo = bench.form(action="/undo")
    coordinator.submit(undo, address=undo["action"])
    assert "もう一度。" not in coordinator.get(f"/listings/{seed.public_id}").html
    actions = db.session.scalars(select(AuditEntry.action)).all()
    assert {"suggestion.told", "suggestion.words_withdrawn", "suggestion.undone"} <= set(actions)


def test_the_office_writes_its_own_wording_and_goes_back(
    coordinator: Client, pair: tuple[Listing, Listing]
) -> None:
    page = coordinator.get(coordinator.get("/suggestions").link("ことばのひな形"))
    assert "精度・性能が足りない" in page.text
    key = "dismissed.precision"
    own = {"text": "事務局のことばです。", "text_en": "The office's own words."}
    assert (
        "ことばを入力してください。"
        in coordinator.post(
            f"/suggestions/words/{key}", {"text": ""}, containing="text", status=200
        ).text
    )
    saved = coordinator.follow(
        coordinator.post(f"/suggestions/words/{key}", own, containing="text")
    )
    assert "保存しました" in saved.text

    address = dismiss(coordinator, pair, then="words")
    assert "事務局のことばです。" in coordinator.get(address).html
    coordinator.post(f"/suggestions/words/{key}/reset", containing="idempotency_key")
    assert words.wording(key) == words.defaults()[key]
    assert "事務局のことばです。" not in coordinator.get(address).html
    coordinator.get("/suggestions/words/nonsense", status=404)


def test_every_reason_has_words_in_both_languages(app: Flask) -> None:
    wanted = {f"dismissed.{reason.value}" for reason in DismissReason}

    assert wanted <= set(words.defaults())
    assert all(one.text and one.text_en for one in words.defaults().values())
    assert all(len(one.text) <= words.LONGEST for one in words.defaults().values())
