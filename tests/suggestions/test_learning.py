"""The ranking learns from decisions: refused with too few, proposed, put in force by people only,
told on its pages, taken back without a trace."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from flask import Flask

from registry.audit.models import AuditEntry
from registry.common.roles import Role
from registry.db import db, transaction
from registry.listings.models import Listing
from registry.matching import RECIPE_WEIGHTS, Weights
from registry.matching.learn import RECIPE_FACTORS
from registry.suggestions import learning
from registry.suggestions.candidates import refresh_due
from registry.suggestions.matcher import matcher
from registry.suggestions.models import (
    Candidate,
    Decision,
    DecisionKind,
    DismissReason,
    LearnedWeights,
)
from registry.suggestions.replay import replay, steps_until, summarise
from registry.suggestions.teaching import TEACHES, lesson_of
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.listings import make_need, make_seed
from tests.factories.organizations import make_member, make_organization

START = datetime(2026, 11, 2, 1, tzinfo=UTC)
LATER = datetime(2027, 6, 1, tzinfo=UTC)
FITTING = {"title": "鍍金の受託", "description": "部品の鍍金を小ロットで行います。"}
WORDY = {
    "title": "めっき液の薬品",
    "description": "めっき、めっき液、薬品を売ります。めっきの道具。",
}
WANTED = {"title": "めっきの外注先", "description": "部品のめっきを頼みたい。plating of parts"}
SAME_LESS = Weights({**RECIPE_FACTORS, "same": 0.5, "translation": 2.0})


def decide(
    need: Listing,
    seed: Listing,
    day: int,
    kind: DecisionKind = DecisionKind.ACCEPTED,
    reason: DismissReason | None = None,
) -> Decision:
    decision = Decision(
        need_id=need.id,
        seed_id=seed.id,
        kind=kind,
        reason=reason,
        decided_at=START + timedelta(days=day),
    )
    with transaction():
        db.session.add(decision)
    return decision


def make_decisions(needs: int) -> tuple[list[Listing], Listing, Listing]:
    """Needs of many firms, all asking for plating; coordinators take the seed in English and
    dismiss the one that says the same word again and again."""
    owner = make_organization()
    fitting = make_seed(
        organization=owner,
        title="Plating service for small parts",
        description="We do plating of small metal parts in small batches.",
    )
    wordy = make_seed(organization=owner, **WORDY)
    asking = make_organization()
    found = []
    for day in range(needs):
        need = make_need(organization=asking, **{**WANTED, "title": f"めっきの外注先を探す {day}"})
        decide(need, fitting, day)
        decide(need, wordy, day, DecisionKind.DISMISSED, DismissReason.UNFIT_USE)
        found.append(need)
    return found, fitting, wordy


def make_version(weights: Weights = SAME_LESS, **fields: object) -> LearnedWeights:
    values: dict[str, object] = {
        "number": db.session.query(LearnedWeights).count() + 1,
        "learned_until": START,
        "accepted": 20,
        "dismissed": 20,
        "silent": 3,
        "comparisons": 40,
        "content": weights.to_json(),
    }
    version = LearnedWeights(**{**values, **fields})
    with transaction():
        db.session.add(version)
    return version


@pytest.fixture
def administrator(app: Flask) -> Client:
    return Client(app).sign_in(make_user(Role.ADMINISTRATOR))


@pytest.fixture
def coordinator(app: Flask) -> Client:
    return Client(app).sign_in(make_user(Role.COORDINATOR))


def train(client: Client) -> None:
    """Press the button, or send what it would send where it is not shown."""
    page = client.get("/suggestions/weights")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.html)
    assert token
    answer = client.raw_post("/suggestions/weights/train", {"csrf_token": token.group(1)})
    assert answer.status_code == 303


def test_every_reason_is_said_to_teach_or_not() -> None:
    assert set(TEACHES) == set(DismissReason)
    assert lesson_of(DecisionKind.ACCEPTED, None) is True
    assert lesson_of(DecisionKind.DISMISSED, DismissReason.UNFIT_USE) is False
    for reason in ("known", "timing", "rival", "capacity", "outdated"):
        assert lesson_of(DecisionKind.DISMISSED, DismissReason(reason)) is None
    assert lesson_of(DecisionKind.DEFERRED, None) is None


def test_with_too_few_decisions_training_is_refused_with_the_reason(administrator) -> None:
    page = administrator.get("/suggestions/weights")
    train(administrator)

    assert "学習した版はまだありません" in page.text
    assert "いまは採用 0 件" in page.text
    assert "判断から学習する" not in page.text
    assert administrator.get("/suggestions/weights").text.count("学習には") == 2
    assert db.session.query(LearnedWeights).count() == 0


def test_an_administrator_trains_looks_uses_and_takes_back(app, administrator) -> None:
    needs, _fitting, _wordy = make_decisions(18)
    before = matcher().suggest(needs[0])

    train(administrator)
    version = db.session.query(LearnedWeights).one()
    address = f"/suggestions/weights/{version.public_id}"
    page = administrator.get(address)

    assert (version.accepted, version.dismissed, version.comparisons) == (18, 18, 18)
    assert not version.in_force
    assert matcher().suggest(needs[0]) == before
    assert "第 1 版" in page.text
    assert "意味すること" in page.text

    administrator.post(f"{address}/use", {"reason": ""})
    assert db.session.get(LearnedWeights, version.id).in_force
    assert [s.score for s in matcher().suggest(needs[0])] != [s.score for s in before]
    bench = administrator.get(f"/suggestions/{needs[0].public_id}")
    assert "学習した重みで並べています。" in bench.text
    assert bench.link("第 1 版を見る") == address

    refused = administrator.post(f"{address}/take-back", {"reason": ""}, status=200)
    assert "元に戻す理由を入力してください" in refused.text
    administrator.post(f"{address}/take-back", {"reason": "順位が悪くなった"})

    assert matcher().suggest(needs[0]) == before
    assert "順位が悪くなった" in administrator.get("/suggestions/weights").text
    actions = [row.action for row in db.session.query(AuditEntry).order_by(AuditEntry.position)]
    assert [a for a in actions if a.startswith("weights.")] == [
        "weights.trained",
        "weights.used",
        "weights.ended",
    ]


def test_nothing_new_is_learned_twice(app, administrator) -> None:
    make_decisions(16)

    train(administrator)
    train(administrator)

    assert db.session.query(LearnedWeights).count() == 1
    assert "新しい判断がありません" in administrator.get("/suggestions/weights").text


def test_going_back_to_an_older_version_asks_why(app, administrator) -> None:
    old, new = make_version(), make_version()
    administrator.post(f"/suggestions/weights/{new.public_id}/use", {"reason": ""})
    address = f"/suggestions/weights/{old.public_id}/use"

    refused = administrator.post(address, {"reason": ""}, status=200)
    administrator.post(address, {"reason": "前のほうがよい"})

    assert "元に戻す理由を入力してください" in refused.text
    db.session.expire_all()
    assert (old.in_force, new.in_force, new.end_reason) == (True, False, "前のほうがよい")


def test_coordinators_see_and_administrators_act(app, coordinator) -> None:
    version = make_version()
    address = f"/suggestions/weights/{version.public_id}"

    page, shown = coordinator.get("/suggestions/weights"), coordinator.get(address)

    assert "判断から学習する" not in page.text
    assert "この版を使う" not in shown.text
    for path in (f"{address}/use", f"{address}/take-back"):
        coordinator.get(path, status=403)
    member = Client(app).sign_in(make_member())
    member.get("/suggestions/weights", status=403)


def test_candidates_carry_the_version_that_ranked_them(app) -> None:
    needs, _fitting, _wordy = make_decisions(1)
    while refresh_due():
        pass
    assert {row.weights for row in db.session.query(Candidate)} == {0}
    version = make_version()
    with transaction():
        learning.use(version, viewer=learning.SYSTEM)

    while refresh_due():
        pass

    rows = db.session.query(Candidate).filter_by(need_id=needs[0].id, current=True).all()
    assert rows
    assert {row.weights for row in rows} == {version.number}


def test_a_filter_and_an_audience_hold_whatever_the_weights(app) -> None:
    from registry.listings.models import Visibility
    from registry.suggestions.matcher import MEMBERS

    owner = make_organization()
    need = make_need(organization=owner, **WANTED)
    own = make_seed(organization=owner, **FITTING)
    hidden = make_seed(visibility=Visibility.STAFF, **FITTING)
    seen = make_seed(**FITTING)
    with transaction():
        learning.use(make_version(), viewer=learning.SYSTEM)

    for_staff = {s.ref for s in matcher().suggest(need)}
    for_members = {s.ref for s in matcher().suggest(need, audience=MEMBERS)}

    assert for_staff == {hidden.public_id, seen.public_id}
    assert for_members == {seen.public_id}
    assert own.public_id not in for_staff


def test_the_worker_proposes_once_a_month_and_puts_nothing_in_force(app) -> None:
    assert learning.propose_due() == 0
    make_decisions(16)

    assert learning.propose_due() == 1
    assert learning.propose_due() == 0

    version = db.session.query(LearnedWeights).one()
    assert not version.in_force
    assert version.trained_by_id is None


def test_the_replay_knows_only_what_stood_before_each_decision(app) -> None:
    needs, _fitting, _wordy = make_decisions(3)
    unseen = make_seed(**FITTING, published_at=START + timedelta(days=1, hours=1))
    make_seed(**FITTING, published_at=START - timedelta(days=9), ended_at=START - timedelta(days=1))
    decide(needs[0], unseen, 0, DecisionKind.DISMISSED, DismissReason.PRECISION)

    steps = steps_until(LATER)

    assert len(steps) == 6
    assert [len(step.refs) for step in steps] == [2, 2, 2, 2, 3, 3]
    assert all(unseen.public_id not in step.refs for step in steps[:4])


def test_replay_learns_from_earlier_days_only_and_ranks_accepted_pairs_higher(app) -> None:
    make_decisions(14)
    steps = steps_until(LATER)

    outcomes = replay(steps, None, LATER)
    figures = summarise(outcomes)

    first = next(n for n, o in enumerate(outcomes) if o.learned)
    assert first == 16
    assert all(o.before == o.after for o in outcomes[:first])
    accepted = figures["accepted"]
    assert accepted["recipe"]["count"] == 6
    assert accepted["learned"]["mrr"] >= accepted["recipe"]["mrr"]
    assert replay(steps, None, LATER) == outcomes
    assert [o.after for o in replay(steps, RECIPE_WEIGHTS, LATER)] == [o.before for o in outcomes]


def test_the_command_prints_every_decision_and_the_figures(app, monkeypatch) -> None:
    from registry.cli import environment
    from registry.cli.main import main

    make_decisions(10)
    make_version(learned_until=START + timedelta(days=4, hours=1))
    monkeypatch.setattr(environment, "create_app", lambda *_args, **_more: app)

    told = CliRunner().invoke(main, ["replay", "--weights", "1"])
    early = CliRunner().invoke(main, ["replay", "--as-of", date(2026, 11, 5).isoformat()])
    missing = CliRunner().invoke(main, ["replay", "--weights", "7"])

    lines = told.stdout.splitlines()
    assert len(lines) == 21
    assert sum(line.endswith(",taught") for line in lines) == 10
    assert "accepted: 5 counted" in told.stderr
    assert "MRR" in told.stderr
    assert len(early.stdout.splitlines()) == 9
    assert missing.exit_code == 2
