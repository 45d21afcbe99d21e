"""From a seed to needs, to programs and to partners; filters inside the engine; a free question."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from flask import Flask

from registry.canonical import dump_lines
from registry.common.roles import Role
from registry.common.viewer import SYSTEM, Viewer
from registry.db import db, transaction
from registry.listings.models import Category, Listing, Visibility
from registry.matching import Keep
from registry.organizations.models import Organization
from registry.programs.eligibility import Fit, fits
from registry.programs.models import Program, ProgramState, Shape
from registry.suggestions.candidates import refresh_due
from registry.suggestions.filters import Wanted
from registry.suggestions.matcher import MEMBERS, STAFF, matcher
from registry.suggestions.models import Candidate, Decision
from registry.suggestions.pairs import pairs_of
from registry.suggestions.partners import alike, complements
from registry.suggestions.support import programs_for_listing
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization
from tests.suggestions.test_workbench import CLEANING, PLATING

ASK = "/suggestions/ask"


@pytest.fixture
def coordinator(client: Client) -> Client:
    return client.sign_in(make_user(Role.COORDINATOR))


@pytest.fixture
def pair(app: Flask) -> tuple[Listing, Listing]:
    seed = make_seed(**CLEANING)
    make_need(title="介護施設の配膳を軽くしたい", description="軽い力で動く台車がほしい。")
    return make_need(**PLATING), seed


def make_program(title: str, summary: str, **fields: object) -> Program:
    program = Program(
        key=title[:60],
        title=title,
        summary=summary,
        **{"shape": Shape.ENROLMENT, "state": ProgramState.ACTIVE, **fields},
    )
    with transaction():
        db.session.add(program)
    return program


def asked(**args: str) -> str:
    return f"{ASK}?{urlencode(args)}"


def test_a_pair_is_the_same_from_either_side(pair: tuple[Listing, Listing]) -> None:
    need, seed = pair

    (from_need,) = pairs_of(need).found
    (from_seed,) = pairs_of(seed).found

    assert (from_need.ref, from_seed.ref) == (seed.public_id, need.public_id)
    assert from_seed.score == from_need.score
    assert from_seed.parts == from_need.parts
    assert [(r.seed, r.need, r.link) for r in from_seed.reasons] == [
        (r.need, r.seed, r.link) for r in from_need.reasons
    ]


def test_needs_for_a_seed_are_decided_as_seeds_for_a_need(
    coordinator: Client, pair: tuple[Listing, Listing]
) -> None:
    need, seed = pair
    page = coordinator.get(f"/suggestions/{seed.public_id}")
    assert need.title in page.text
    assert "ニーズの候補" in page.text
    address = f"/suggestions/{need.public_id}/{seed.public_id}/dismiss?at={seed.public_id}"
    assert address in page.html.replace("&amp;", "&")

    done = coordinator.post(address, {"reason": "known"})

    assert done.location.startswith(f"/suggestions/{seed.public_id}?")
    for listing, other in ((need, seed), (seed, need)):
        bench = coordinator.get(f"/suggestions/{listing.public_id}")
        assert f'href="/listings/{other.public_id}"' not in bench.html
    assert db.session.query(Decision).count() == 1


def test_the_list_can_be_read_from_the_seeds(
    coordinator: Client, pair: tuple[Listing, Listing]
) -> None:
    _need, seed = pair
    while refresh_due():
        pass

    assert db.session.query(Candidate).filter_by(current=True).count() == 1
    assert seed.title in coordinator.get("/suggestions?kind=seed").text


WORDS = ["洗浄", "乾燥", "めっき", "溝", "薬液", "水洗い", "部品", "真空"]


@pytest.fixture
def many(app: Flask) -> Listing:
    """A need and 36 seeds near to it, two thirds of them of another category, place, industry."""
    for number in range(36):
        words = [WORDS[(number * 3 + step) % 8] for step in range(2 + number % 5)]
        far = number % 3 > 0
        make_seed(
            title=f"{'と'.join(words)}の装置{number}",
            description="、".join(words) + "に使います。",
            keywords=words[: number % 4],
            category=Category.TECHNOLOGY if far else Category.PRODUCT,
            visibility=Visibility.PUBLIC if far else Visibility.MEMBERS,
            organization=make_organization(
                municipality="14131" if far else "14133", industry="24" if far else "41"
            ),
        )
    return make_need(**PLATING)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(category=Category.PRODUCT),
        Wanted(place="14133"),
        Wanted(division="G"),
        Wanted(visibility=Visibility.MEMBERS),
        Wanted(category=Category.PRODUCT, place="14130", division="G"),
    ],
)
def test_with_a_filter_the_best_ten_are_the_best_of_all_that_pass(
    many: Listing, wanted: Wanted
) -> None:
    everything = matcher().suggest(many, limit=1000, cutoff=0.0)
    tags = wanted.tags()
    items = {item.ref: item.tags for item in matcher().indexes[STAFF, _seed_kind()].items()}
    best = [s.ref for s in everything if tags <= items[s.ref]][:10]

    found = matcher().suggest(many, limit=10, cutoff=0.0, keep=Keep(all_of=tags))

    assert len(best) == 10
    assert [s.ref for s in found] == best
    assert best != [s.ref for s in everything][:10]


def _seed_kind() -> object:
    return make_seed().kind


def test_filters_survive_paging_and_say_how_many_there_are(
    coordinator: Client, many: Listing
) -> None:
    address = f"/suggestions/{many.public_id}"

    page = coordinator.get(f"{address}?place=14131")

    assert "中原区（12）" in page.text
    assert "川崎市（36）" in page.text
    assert "place=14131" in page.link("次へ")
    second = coordinator.get(page.link("次へ"))
    assert 'value="14131" selected' in second.html
    assert '<p class="seed__rank">11<' in second.html
    empty = coordinator.get(f"{address}?category=capital&place=14131")
    assert "この条件に合う候補はありません" in empty.text
    assert empty.link("条件を外す") == address


ACID = {
    "title": "副生する薄い塩酸を近くで使ってほしい",
    "description": "濃度18%の塩酸が副生します。タンク車で渡します。",
    "keywords": ["塩酸", "副生"],
    "category": Category.MATERIAL,
}
MONTHLY = {"substance": "塩酸", "quantity": 220, "unit": "t", "rhythm": "month"}
APART = {
    "kWh": {"unit": "kWh"},
    "単発": {"rhythm": "once"},
    "遠方": {"at": "40100"},
    "終了": {"ends": "2026-12-31"},
    "大口": {"quantity": 9000, "least": 8000},
}


@pytest.fixture
def acid(app: Flask) -> tuple[Listing, Listing]:
    """A need for 220 t a month from next year on; a seed for 60 t near by, and five out of reach."""
    home = {"municipality": "14131"}
    taker = {
        **ACID,
        "title": "塩酸を毎月使います",
        "fields": {**MONTHLY, "quantity": 60, "at": "14133"},
    }
    seed = make_seed(**taker, organization=make_organization(**home))
    for name, change in APART.items():
        fields = {**MONTHLY, "quantity": 60, **change}
        make_seed(
            **{**taker, "title": f"塩酸を使います{name}", "fields": fields},
            organization=make_organization(**home),
        )
    need = make_need(
        **ACID,
        fields={**MONTHLY, "begins": "2027-04-01"},
        organization=make_organization(**home),
    )
    return need, seed


def test_by_products_meet_only_within_their_limits(
    coordinator: Client, acid: tuple[Listing, Listing]
) -> None:
    need, seed = acid

    page = coordinator.get(f"/suggestions/{need.public_id}")

    assert [s.ref for s in pairs_of(need).found] == [seed.public_id]
    assert [s.ref for s in pairs_of(seed).found] == [need.public_id]
    assert "年 2,640 t のうち 27% をまかなえます" in page.text
    assert "距離：同じ市" in page.text
    assert "副産物の案件 5 件は、除いています" in page.text


def test_a_change_of_quantity_takes_a_candidate_away(acid: tuple[Listing, Listing]) -> None:
    need, seed = acid
    while refresh_due():
        pass
    kept = db.session.query(Candidate).filter_by(need_id=need.id, current=True)
    assert [row.seed_id for row in kept] == [seed.id]

    with transaction():
        seed.fields = {**seed.fields, "unit": "kWh"}
    while refresh_due():
        pass

    assert kept.count() == 0


PROGRAM = (
    "めっき工程の排水対策の補助",
    "めっきや洗浄の工程で、薬液や水の使用を減らす設備に補助します。",
)


def test_programs_are_found_for_a_listing_unless_they_are_closed(
    coordinator: Client, pair: tuple[Listing, Listing]
) -> None:
    need, _seed = pair
    program = make_program(*PROGRAM)
    for state in (ProgramState.CLOSED_TO_NEW, ProgramState.ENDED):
        other = make_program(f"{PROGRAM[0]}（{state.value}）", PROGRAM[1], state=state)
        assert fits(other, need.organization).fit is Fit.NO

    assert [h.program for h in programs_for_listing(need, SYSTEM)] == [program]
    for address in (f"/listings/{need.public_id}/programs", f"/suggestions/{need.public_id}"):
        assert program.title in coordinator.get(address).text
    reasons = coordinator.get(f"/listings/{need.public_id}/programs").text
    assert "「めっき」" in reasons
    with transaction():
        program.state = ProgramState.ENDED
    assert programs_for_listing(need, SYSTEM) == []


def test_programs_are_for_the_owner_and_staff(
    app: Flask, client: Client, pair: tuple[Listing, Listing]
) -> None:
    need, _seed = pair
    program = make_program(*PROGRAM)
    owner, stranger = Client(app), Client(app)
    owner.sign_in(make_member(need.organization))
    stranger.sign_in(make_member())
    organization = f"/organizations/{need.organization.public_id}"

    for address in (f"/listings/{need.public_id}/programs", f"{organization}/programs"):
        assert program.title in owner.get(address).text
        stranger.get(address, status=404)
    assert program.title in owner.get(f"/listings/{need.public_id}").text
    assert program.title in owner.get("/my-organization").text
    assert program.title not in stranger.get(f"/listings/{need.public_id}").text
    stranger.get(f"{organization}/partners", status=404)


def member_of(organization: Organization) -> Viewer:
    return Viewer(role=Role.MEMBER, user_id=1, public_id="m", organization_id=organization.id)


def test_partners_complement_or_resemble_and_hidden_owners_stay_hidden(
    app: Flask, pair: tuple[Listing, Listing]
) -> None:
    need, seed = pair
    twin = make_need(**{**PLATING, "title": "めっき後の溝の薬液のしみを無くしたい"})
    blind = make_seed(**{**CLEANING, "title": "名を出さない洗浄"}, anonymous=True)
    secret = make_seed(**{**CLEANING, "title": "秘密の洗浄"}, visibility=Visibility.STAFF)
    viewer = member_of(need.organization)

    others = {row.organization.id for row in complements(need.organization, viewer)}
    near = {row.organization.id for row in alike(need.organization, viewer)}

    assert others == {seed.organization_id}
    assert twin.organization_id in near
    assert not near & {blind.organization_id, secret.organization_id}
    for_staff = {row.organization.id for row in complements(need.organization, SYSTEM)}
    assert for_staff == {seed.organization_id, blind.organization_id, secret.organization_id}
    client = Client(app).sign_in(make_member(need.organization))
    page = client.get(f"/organizations/{need.organization.public_id}/partners")
    assert seed.organization.name in page.text
    assert "求めるものを持っている" in page.text
    for hidden in (blind, secret):
        assert hidden.organization.name not in page.text
        assert hidden.title not in page.text


QUESTION = "めっきのあと、細い溝に薬液が残って、しみになる。傷つけずに洗浄して乾燥したい。"


def test_a_free_question_is_answered_and_leaves_nothing_behind(
    coordinator: Client, pair: tuple[Listing, Listing]
) -> None:
    need, seed = pair
    program = make_program(*PROGRAM)
    coordinator.get(ASK)
    before = list(dump_lines())

    pages = {
        way: coordinator.get(asked(q=QUESTION, direction=way))
        for way in ("seeds", "needs", "programs", "organizations")
    }

    assert seed.title in pages["seeds"].text
    assert "これ以上高くない理由" in pages["seeds"].text
    assert 'class="meet"' in pages["seeds"].html
    assert need.title in pages["needs"].text
    assert program.title in pages["programs"].text
    assert seed.organization.name in pages["organizations"].text
    assert list(dump_lines()) == before


def test_a_question_keeps_its_filters_and_says_when_nothing_fits(
    coordinator: Client, many: Listing
) -> None:
    text = "、".join(WORDS)
    page = coordinator.get(asked(q=text, direction="seeds", category="technology"))
    assert "category=technology" in page.link("次へ")
    assert 'value="technology" selected' in coordinator.get(page.link("次へ")).html

    empty = coordinator.get(asked(q=QUESTION, category="capital"))
    assert "この条件に合う候補はありません" in empty.text

    long = coordinator.get(asked(q="洗" * 801))
    assert "800 文字までにしてください（いま 801 文字です）" in long.text
    assert "洗" * 801 in long.html


def test_a_question_becomes_a_draft(coordinator: Client, pair: tuple[Listing, Listing]) -> None:
    firm = make_organization(name="電話をくれた会社")
    page = coordinator.get(asked(q=QUESTION))

    choose = coordinator.get(page.link("ニーズとして登録"))
    assert firm.name in choose.text
    address = f"/listings/new?{urlencode({'kind': 'need', 'organization': firm.public_id, 'text': QUESTION})}"
    form = coordinator.get(address).form("title")

    values = {f["name"]: f["value"] for f in form["fields"]}
    assert values["title"] == "めっきのあと、細い溝に薬液が残って、しみになる"
    assert QUESTION in values["description"]
    assert "薬液" in values["keywords"]
    coordinator.submit(form, {"do": "draft"}, address=address)
    assert db.session.query(Listing).filter_by(organization_id=firm.id).count() == 1


@pytest.mark.parametrize("audience", [STAFF, MEMBERS])
def test_accepting_the_proposed_words_makes_a_need_easier_to_find(
    app: Flask, pair: tuple[Listing, Listing], audience: object
) -> None:
    firm = make_organization()
    client = Client(app).sign_in(make_member(firm))
    make_seed(**{**CLEANING, "title": "部品を洗う装置", "keywords": []})
    text = {
        "title": "めっきのあとに残る液を取りたい",
        "description": "金属の部品の細い溝に液が残ります。薬液の洗浄と乾燥に困っています。",
        "do": "draft",
    }
    address = "/listings/new?kind=need"
    page = client.post(address, {**text, "do": "preview"}, containing="title", status=200)
    assert "キーワードがありません" in page.text
    assert 'value="add:薬液"' in page.html

    form = page.form("title")
    page = client.submit(form, {"do": "add:薬液"}, address=address, status=200)
    values = {f["name"]: f["value"] for f in page.form("title")["fields"]}
    assert values["keywords"] == "薬液"
    page = client.submit(page.form("title"), {"do": "propose"}, address=address, status=200)
    words = {f["name"]: f["value"] for f in page.form("title")["fields"]}["keywords"].split("、")
    assert words[0] == "薬液"
    assert len(words) > 2
    assert "キーワードがありません" not in page.text

    common = {name: text[name] for name in ("title", "description")}
    bare, told = make_need(**common), make_need(**common, keywords=words)
    score = _score_of(audience)
    assert score(told, pair[1]) > score(bare, pair[1])


def _score_of(audience: object) -> Callable[[Listing, Listing], float]:
    def score(need: Listing, seed: Listing) -> float:
        keep = Keep(refs=frozenset({seed.public_id}))
        (found,) = matcher().suggest(need, audience=audience, keep=keep, cutoff=0.0)  # type: ignore[arg-type]
        return found.score

    return score
