"""The creators' directory, and the search by questions."""

from flask import Flask

from registry.common.roles import Role
from registry.listings.models import Category, Visibility
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.listings import make_seed
from tests.factories.organizations import make_member, make_organization


def seeds() -> None:
    """Creators with a name, without one, for staff only; and a seed that no creator wrote."""
    make_seed(
        organization=make_organization(name="工房ひびき"),
        category=Category.DESIGN,
        title="歩くと物語が聞こえる音声の案内",
        keywords=["音声ガイド", "物語"],
    )
    make_seed(
        organization=make_organization(name="秘密の撮影所"),
        category=Category.DESIGN,
        title="職人の手元を撮る映像の教材",
        keywords=["映像", "教材"],
        anonymous=True,
    )
    make_seed(category=Category.DESIGN, title="庁内だけの映像の仕事", visibility=Visibility.STAFF)
    make_seed(category=Category.TECHNOLOGY, title="映像から傷を見つける検査")


def test_creators_are_listed_by_content_type_and_anonymous_ones_stay_so(client: Client) -> None:
    seeds()

    everything = client.get("/creators").text
    videos = client.get("/creators?type=video")

    assert "歩くと物語が聞こえる" in everything
    assert "傷を見つける" not in everything
    assert "庁内だけの" not in everything
    assert "職人の手元を撮る" in videos.text
    assert "歩くと物語" not in videos.text
    assert "秘密の撮影所" not in everything + videos.html
    assert "工房ひびき" in client.get("/creators?named=y").text
    assert "職人の手元" not in client.get("/creators?named=y").text
    assert "条件に合うクリエイターはいません" in client.get("/creators?type=web").text
    assert client.get(videos.link("依頼する")).reader.h1 == ["依頼する"]


def test_four_questions_lead_to_the_list_and_back_keeps_the_answers(client: Client) -> None:
    seeds()

    first = client.get("/creators/find")
    assert "ウェブ・アプリ" not in first.text
    second = client.get(first.link("映像・写真"))
    third = client.get(second.link("どれでもよい"))
    fourth = client.get(third.link("どれでもよい"))
    last = client._send(client.http.get, fourth.link("どれでもよい"))

    assert last.headers["Location"] == "/creators?type=video"
    assert client.get(second.link("どれでもよい")).text == third.text


def test_partners_do_not_reach_what_is_redacted(app: Flask) -> None:
    seed = make_seed(
        category=Category.DESIGN, visibility=Visibility.MEMBERS, title="会員までの映像の仕事"
    )
    partner = Client(app).sign_in(make_user(Role.PARTNER))
    member = Client(app).sign_in(make_member())

    partner.get(f"/ask?listing={seed.public_id}", status=404)
    assert "会員までの映像の仕事" in member.get(f"/ask?listing={seed.public_id}").text
