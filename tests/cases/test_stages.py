"""The laws of stages, consent and disclosure, from values alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.cases import stages
from registry.cases.disclosure import Stand, Step, step
from registry.cases.models import Answer, CloseReason, Side, Stage
from registry.cases.stages import Consent, Move, StageProblem

TODAY = date(2026, 11, 25)
SINCE = date(2026, 10, 1)

days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
any_stage = st.sampled_from(Stage)
any_answer = st.sampled_from(Answer)
consents = st.lists(
    st.builds(Consent, st.sampled_from(Side), st.sampled_from(Answer), days), max_size=6
)


@given(any_stage, any_stage)
def test_what_can_be_chosen_is_exactly_what_the_rule_allows(here: Stage, to: Stage) -> None:
    try:
        stages.move(here, to)
        allowed = True
    except StageProblem:
        allowed = False

    assert allowed == (to in stages.reachable(here))


@given(any_stage)
def test_nobody_chooses_the_introduction_from_the_proposal(here: Stage) -> None:
    assert stages.reachable(Stage.PROPOSED) == ()
    assert Stage.PROPOSED not in stages.reachable(here)


@given(any_stage, any_stage, days, st.text(max_size=5))
def test_a_change_stands_between_the_last_one_and_today_and_a_jump_has_evidence(
    here: Stage, to: Stage, on: date, evidence: str
) -> None:
    try:
        kind = stages.check(here, to, on=on, evidence=evidence, since=SINCE, today=TODAY)
    except StageProblem:
        return

    steps = stages.position(to) - stages.position(here)
    assert SINCE <= on <= TODAY
    assert (kind is Move.FORWARD) == (steps == 1)
    assert evidence.strip() or kind is Move.FORWARD
    assert steps >= -1


@given(consents)
def test_an_introduction_needs_a_yes_of_each_side_and_has_its_day(given_: list[Consent]) -> None:
    on = stages.introduced_on(given_)
    yes = [c for c in given_ if c.answer is Answer.YES]
    sides = {c.side for c in given_} & {Side.NEED, Side.SEED}

    if len(sides) == 2:
        assert (on is not None) == (sides <= {c.side for c in yes})
    else:
        assert (on is not None) == (len(given_) >= 2 and len(yes) == len(given_))
    assert on is None or on in {c.on for c in yes}


@given(consents, st.sampled_from([Side.NEED, Side.SEED]))
def test_one_side_alone_never_introduces(given_: list[Consent], silent: Side) -> None:
    pending = [Consent(c.side, Answer.PENDING, None) if c.side is silent else c for c in given_] + [
        Consent(silent, Answer.PENDING),
        Consent(Side.NEED, Answer.PENDING),
    ]

    assert stages.introduced_on(pending) is None


@given(st.booleans(), any_answer, st.booleans(), any_answer, st.booleans(), st.booleans())
def test_a_name_is_told_only_when_both_agreed_and_the_case_was_introduced(
    asked: bool, own: Answer, other_asked: bool, other: Answer, introduced: bool, is_open: bool
) -> None:
    seen = step(
        Stand(asked, own), Stand(other_asked, other), introduced=introduced, is_open=is_open
    )

    if seen >= Step.NAME:
        assert introduced and asked and own is other is Answer.YES
    if seen == Step.CONTACT:
        assert is_open
    if not asked:
        assert seen == Step.NOTHING


def test_a_case_ends_as_completed_only_from_an_agreement_on() -> None:
    allowed = [stage for stage in Stage if stages.may_close(stage, CloseReason.COMPLETED)]

    assert allowed == [Stage.AGREED, Stage.PROTOTYPE, Stage.MARKET]


def test_a_step_back_by_two_is_refused() -> None:
    with pytest.raises(StageProblem, match="back_far"):
        stages.check(
            Stage.MARKET,
            Stage.AGREED,
            on=SINCE + timedelta(days=1),
            evidence="x",
            since=SINCE,
            today=TODAY,
        )
