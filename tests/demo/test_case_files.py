"""The demo's cases, encounters and decisions tell stories that can have happened."""

from collections import Counter

from tests.demo.files import by_key, order, rows


def test_fiscal_2016_has_three_matches_and_269_dispatches():
    dispatches = {row["case"]: row for row in rows("dispatches_fy2016")}
    matches = {row["key"]: row for row in rows("cases") if row["agreed"].startswith("2016")}

    assert len(matches) == 3 and set(matches) == set(dispatches)
    assert sum(int(row["count"]) for row in dispatches.values()) == 269
    for key, row in dispatches.items():
        assert matches[key]["agreed"] <= row["first"] < row["last"] <= "2017-03-31"
        assert matches[key]["program"] == "ip-matching" and row["subjects"]


def test_a_case_walks_its_stages_in_order_and_only_after_both_said_yes():
    listings = by_key("listings")
    stages = ["opened", "introduced", "talking", "agreed", "prototype", "market", "closed"]
    for row in rows("cases"):
        walked = [order(row[stage]) for stage in stages if row[stage]]
        assert walked == sorted(walked), row["key"]
        for side in ("need", "seed"):
            listing = listings[row[side]]
            assert listing["kind"] == side and order(listing["published"]) < order(row["opened"])
            pending = row[f"{side}_answer"] == "pending"
            assert pending == (not row[f"{side}_answered"]) == (not row[f"{side}_how"]), row["key"]
            if row["introduced"]:
                assert row[f"{side}_answer"] == "yes"
                assert order(row[f"{side}_answered"]) <= order(row["introduced"])
        assert bool(row["closed"]) == bool(row["close_reason"])
        assert bool(row["next_step"]) != bool(row["closed"])


def test_cases_stand_in_every_stage():
    reached = Counter()
    for row in rows("cases"):
        last = ["opened", "introduced", "talking", "agreed", "prototype", "market"]
        reached["closed" if row["closed"] else [stage for stage in last if row[stage]][-1]] += 1

    assert set(reached) == {
        "opened",
        "introduced",
        "talking",
        "agreed",
        "prototype",
        "market",
        "closed",
    }
    assert len({row["close_reason"] for row in rows("cases") if row["closed"]}) >= 5


def test_encounters_lie_within_their_case_and_nobody_is_in_two_places():
    cases = by_key("cases")
    slots = Counter((row["coordinator"], row["date"], row["time"]) for row in rows("encounters"))
    for row in rows("encounters"):
        if row["case"]:
            case = cases[row["case"]]
            assert case["coordinator"] == row["coordinator"]
            assert order(case["opened"]) <= order(row["date"])
            assert not case["closed"] or order(row["date"]) <= order(case["closed"])

    assert set(slots.values()) == {1}


def test_some_cases_are_stale():
    still = []
    for case in rows("cases"):
        moves = [
            case[c]
            for c in ["opened", "need_answered", "seed_answered", "introduced", "talking", "agreed"]
        ]
        moves += [row["date"] for row in rows("encounters") if row["case"] == case["key"]]
        if not case["closed"] and max(int(move) for move in moves if move) <= -40:
            still.append(case["key"])

    assert len(still) >= 3


def test_a_decision_is_about_a_pair_without_a_case():
    pairs = {(row["need"], row["seed"]) for row in rows("cases")}
    decided = [(row["need"], row["seed"]) for row in rows("decisions")]

    assert len(decided) == len(set(decided)) and not pairs & set(decided)
    assert all((row["decision"] == "deferred") == bool(row["until"]) for row in rows("decisions"))
    assert all(row["words"] for row in rows("decisions"))
