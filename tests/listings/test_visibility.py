"""Who sees what: on the page, in the list, in search, in its filters and its counts."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product

import pytest
from flask import Flask

from registry.accounts.models import User
from registry.common.roles import Role
from registry.common.viewer import VISITOR, Viewer
from registry.db import db
from registry.listings.audience import Sight, audience
from registry.listings.models import Category, Listing, ListingState, Visibility
from registry.listings.queries import (
    ListingFilter,
    found_listings,
    is_redacted,
    listings_of,
    may_see_name,
    open_listings,
    owner_line,
    visible_to,
)
from registry.organizations.models import Organization, OrganizationState
from tests.client import Client
from tests.factories.accounts import make_user, viewer_of
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization

SECRET = "株式会社潮見精密めっき"


@pytest.fixture
def plating(app: Flask) -> Organization:
    return make_organization(name=SECRET, municipality="14133", industry="24", employees=32)


@pytest.fixture
def viewers(plating: Organization) -> dict[str, Viewer]:
    rival = make_organization(municipality="14131")
    return {
        "visitor": VISITOR,
        "member": viewer_of(make_member(plating), plating.id),
        "rival": viewer_of(make_member(rival), rival.id),
        **{
            role.value: viewer_of(make_user(role))
            for role in (Role.OPERATOR, Role.PARTNER, Role.EVALUATOR, Role.COORDINATOR)
        },
    }


def sees(viewer: Viewer, listing: Listing, **wanted: object) -> bool:
    statement = found_listings(ListingFilter(every_state=True, **wanted), viewer)
    return listing.id in [row.id for row in db.session.scalars(statement)]


def test_each_role_sees_its_circle_and_hidden_is_absent(
    app: Flask, plating: Organization, viewers: dict[str, Viewer]
) -> None:
    shown = {v: make_need(organization=plating, visibility=v) for v in Visibility}
    hidden = [
        make_need(organization=plating, state=state)
        for state in ListingState
        if state is not ListingState.PUBLISHED
    ]
    archived = make_need(organization=make_organization(state=OrganizationState.ARCHIVED))

    circles = {
        name: {v.value for v, listing in shown.items() if sees(viewer, listing)}
        for name, viewer in viewers.items()
    }

    wide, narrow = {"public", "members"}, {"public"}
    assert circles == {
        "visitor": narrow,
        "evaluator": narrow,
        "rival": wide,
        "operator": wide,
        "partner": wide,
        "member": wide | {"staff"},
        "coordinator": wide | {"staff"},
    }
    for name, viewer in viewers.items():
        inside = name in {"member", "coordinator"}
        assert [sees(viewer, listing) for listing in hidden] == [inside] * len(hidden)
        assert sees(viewer, archived) == (name == "coordinator")


def test_the_table_that_authors_read_says_what_the_queries_do(
    app: Flask, plating: Organization, viewers: dict[str, Viewer]
) -> None:
    people = {
        Role.COORDINATOR: viewers["coordinator"],
        Role.MEMBER: viewers["rival"],
        Role.PARTNER: viewers["partner"],
        Role.VISITOR: viewers["visitor"],
    }
    for visibility, anonymous in product(Visibility, (True, False)):
        listing = make_need(organization=plating, visibility=visibility, anonymous=anonymous)
        for circle in audience(visibility, anonymous=anonymous):
            viewer = people[circle.role]
            visible = sees(viewer, listing)
            sight = (
                Sight.NOTHING
                if not visible
                else Sight.HEAD
                if is_redacted(listing, viewer)
                else Sight.ALL
            )
            assert (circle.text, circle.name) == (
                sight,
                visible and may_see_name(listing, viewer),
            ), (visibility, anonymous, circle)


def test_a_hidden_listing_answers_like_one_that_does_not_exist(
    app: Flask, plating: Organization
) -> None:
    draft = make_need(organization=plating, state=ListingState.DRAFT, title="秘密の下書きです")
    rival = Client(app).sign_in(make_member())

    for page in ("", "/edit", "/confirm", "/close", "/renew"):
        hidden = rival.get(f"/listings/{draft.public_id}{page}", status=404)
        absent = rival.get(f"/listings/{'0' * 36}{page}", status=404)
        assert without_token(hidden.html, draft.public_id) == without_token(absent.html, "0" * 36)


def without_token(html: str, public_id: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]*"', "", html.replace(public_id, ""))


def test_a_rival_can_do_nothing_to_what_it_sees(app: Flask, plating: Organization) -> None:
    listing = make_need(organization=plating)
    rival = Client(app).sign_in(make_member())
    address = f"/listings/{listing.public_id}"

    assert "次にできること" not in rival.get(address).text
    for page in ("/edit", "/confirm", "/close", "/renew"):
        rival.get(address + page, status=403)
    rival.get("/listings/review", status=403)


def test_the_name_of_an_anonymous_owner_is_nowhere(app: Flask, plating: Organization) -> None:
    listing = make_need(
        organization=plating,
        anonymous=True,
        visibility=Visibility.MEMBERS,
        description="溝に薬液が残ります。",
        title="めっき後の細い溝を洗いたい",
    )
    for reader in people_outside(app):
        for page in ("/listings", f"/listings/{listing.public_id}"):
            shown = reader.get(page)
            assert "潮見" not in shown.html
            assert plating.public_id not in shown.html
        assert "製造業・中原区・20～49人" in shown.text.replace("〜", "～")
        for query in ("潮見精密", SECRET, "潮見", "ｼｵﾐ"):
            assert "めっき後の細い溝" not in reader.get(f"/listings?q={query}").text


def people_outside(app: Flask) -> Iterator[Client]:
    for user in (make_member(), make_user(Role.PARTNER)):
        yield Client(app).sign_in(user)


def test_a_partner_reads_and_searches_only_title_and_keywords(
    app: Flask, plating: Organization
) -> None:
    listing = make_need(
        organization=plating,
        visibility=Visibility.MEMBERS,
        title="めっき後の細い溝を洗いたい",
        description="溝に薬液が残ります。",
        keywords=["洗浄"],
        category=Category.MATERIAL,
        fields={"substance": "塩酸"},
    )
    partner = Client(app).sign_in(make_user(Role.PARTNER))

    page = partner.get(f"/listings/{listing.public_id}")

    assert "洗浄" in page.text
    assert not any(word in page.html for word in ("薬液", "塩酸", SECRET))
    assert listing.title in partner.get("/listings?q=洗浄").text
    for hidden in ("薬液", "塩酸", "潮見精密"):
        assert listing.title not in partner.get(f"/listings?q={hidden}").text


def test_the_list_is_the_same_with_and_without_a_hidden_need(
    app: Flask, plating: Organization
) -> None:
    make_seed(title="微細な隙間を洗う洗浄機")
    readers = [Client(app), Client(app).sign_in(make_member())]
    addresses = [
        f"/listings{query}"
        for query in (
            "",
            "?q=洗浄",
            "?q=薬液",
            "?kind=need",
            "?place=14133",
            "?q=N-0412",
            "?division=E",
        )
    ]

    before = [reader.get(address).text for reader in readers for address in addresses]
    for state, visibility in (
        (ListingState.PUBLISHED, Visibility.STAFF),
        (ListingState.SUBMITTED, Visibility.PUBLIC),
    ):
        make_need(
            organization=plating,
            title="薬液の洗浄に困っています",
            number=412 if state is ListingState.SUBMITTED else 413,
            state=state,
            visibility=visibility,
        )

    assert [r.get(address).text for r in readers for address in addresses] == before


def test_staff_and_the_owner_find_an_anonymous_listing_by_name(
    app: Flask, plating: Organization, viewers: dict[str, Viewer]
) -> None:
    listing = make_need(organization=plating, anonymous=True)

    for query in ("潮見精密", SECRET, "㈱潮見精密めつき"):
        found = {name for name, viewer in viewers.items() if sees(viewer, listing, text=query)}
        assert found == {"member", "coordinator"}


def test_the_ward_of_an_owner_may_be_withheld_from_line_and_filter(
    app: Flask, plating: Organization, viewers: dict[str, Viewer]
) -> None:
    listing = make_need(organization=plating, anonymous=True, hide_place=True)

    assert "中原区" not in owner_line(listing, viewers["rival"])
    assert not sees(viewers["rival"], listing, place="14133")
    assert sees(viewers["rival"], listing, division="E")
    assert sees(viewers["coordinator"], listing, place="14130")
    assert "中原区" not in Client(app).get("/listings").text


def test_an_organizations_listings_leave_its_anonymous_ones_out(
    app: Flask, plating: Organization, viewers: dict[str, Viewer]
) -> None:
    named = make_seed(organization=plating)
    veiled = make_need(organization=plating, anonymous=True)

    def shown(name: str) -> set[int]:
        return {row.id for row in listings_of(plating, viewers[name])}

    assert shown("visitor") == shown("rival") == {named.id}
    assert shown("member") == shown("coordinator") == {named.id, veiled.id}


@pytest.mark.parametrize(
    "query",
    ["金型", "かながた", "ｶﾅｶﾞﾀ", "射出　金型", "SHASHUTSU", "shashutsu", "髙速", "高速", "n-0007"],
)
def test_search_finds_any_spelling(app: Flask, query: str) -> None:
    listing = make_need(
        number=7,
        title="射出成形金型の傷みを早く知りたい",
        description="カナガタの高速な検査。Ｓhashutsu も扱います。",
    )
    assert sees(VISITOR, listing, text=query)


@pytest.mark.parametrize(
    "query", ["金属", "型の痛み", "射出 鋳造", "%", "_", "\\", "知りたいカナガタ"]
)
def test_search_finds_nothing_else(app: Flask, query: str) -> None:
    listing = make_need(
        title="射出成形金型の傷みを早く知りたい", description="カナガタの高速な検査。"
    )
    assert not sees(VISITOR, listing, text=query)


def test_the_list_is_newest_first_in_pages_and_filters_hold(app: Flask) -> None:
    firm = make_organization(industry="24", municipality="14133")
    for day in range(1, 26):
        make_seed(
            organization=firm,
            title=f"試作を受けます{day:02}",
            published_at=datetime(2026, 10, day, tzinfo=UTC),
        )
    make_need(title="別のニーズです", valid_until=date(2026, 12, 1))
    client = Client(app)

    first = client.get("/listings?kind=seed&division=E&place=14133")
    second = client.get(first.link("次へ"))

    assert "全 25 件のうち 1–20 件目" in first.text
    assert first.text.index("試作を受けます25") < first.text.index("試作を受けます06")
    assert "試作を受けます05" in second.text
    assert "全 25 件のうち 21–25 件目" in second.text
    assert "別のニーズです" not in first.text + second.text
    assert "この条件に合う案件はありません" in client.get("/listings?q=無い語").text
    odd = client.get("/listings?kind=nonsense&state=draft&division=x&page=1")
    assert "別のニーズです" not in odd.text
    assert "21–26 件目" in client.get("/listings?kind=nonsense&state=draft&page=99999").text


def test_open_listings_take_part_in_matching_whoever_sees_them(app: Flask) -> None:
    hidden = make_need(visibility=Visibility.STAFF)
    make_need(state=ListingState.EXPIRED)
    make_need(organization=make_organization(state=OrganizationState.ARCHIVED))

    assert [row.id for row in open_listings()] == [hidden.id]
    assert db.session.scalars(visible_to(VISITOR)).all() == []


def test_signed_in_members_find_their_drafts(app: Flask, plating: Organization) -> None:
    make_need(organization=plating, state=ListingState.DRAFT, title="書きかけの下書きです")
    member: User = make_member(plating)

    assert (
        "書きかけの下書きです" in Client(app).sign_in(member).get("/listings?own=1&state=all").text
    )
