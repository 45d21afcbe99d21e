"""A saved listing is in the next suggestion of every process, whether or not files stand below."""

import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest
from sqlalchemy import select

from registry.app import create_app
from registry.audit.service import record
from registry.common.viewer import SYSTEM
from registry.config import Config
from registry.db import db, transaction
from registry.listings.models import Listing, ListingState
from registry.matching import current_generation, is_whole
from registry.suggestions.matcher import matcher, merge_due
from tests.factories.listings import make_need, make_seed

PLATING = {"title": "部品のめっきを頼みたい", "description": "鍍金と洗浄をしてほしい。"}


def worker(config: Config, written: int, pipe: Connection) -> None:
    """Answers each public id of a need with the refs of its suggestions, until None comes."""
    app = create_app(config, TESTING=True, RATELIMIT_ENABLED=False)
    with app.app_context():
        matcher().written = written
        while (need_id := pipe.recv()) is not None:
            need = db.session.scalars(select(Listing).filter_by(public_id=need_id)).one()
            pipe.send([found.ref for found in matcher().suggest(need, limit=50)])
            db.session.rollback()
        db.session.remove()
        db.engine.dispose()


def logged(listing: Listing, action: str = "listing.published") -> Listing:
    with transaction():
        record(actor=SYSTEM, action=action, subject=f"listing:{listing.public_id}")
    return listing


def seed(number: int) -> Listing:
    return logged(make_seed(title=f"めっき加工 {number}号", description="鍍金と洗浄をします。"))


@pytest.fixture(params=[1, 10_000], ids=["files", "memory"])
def written(app, config: Config, request: pytest.FixtureRequest) -> Iterator[int]:
    yield request.param
    (config.data / "index" / "current").unlink(missing_ok=True)


@pytest.fixture
def workers(config: Config, written: int) -> Iterator[list[Connection]]:
    context = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    for _ in range(2):
        ours, theirs = context.Pipe()
        process = context.Process(target=worker, args=(config, written, theirs))
        process.start()
        pipes.append(ours)
        processes.append(process)
    yield pipes
    for pipe, process in zip(pipes, processes, strict=True):
        pipe.send(None)
        process.join(60)
        if process.is_alive():
            process.kill()


def answers(pipes: list[Connection], need: Listing) -> list[set[str]]:
    found = []
    for pipe in pipes:
        pipe.send(need.public_id)
        assert pipe.poll(120)
        found.append(set(pipe.recv()))
    return found


def test_every_process_sees_what_was_saved(workers: list[Connection], written: int) -> None:
    need = logged(make_need(**PLATING))
    first = seed(1)
    assert answers(workers, need) == [{first.public_id}] * 2

    second = seed(2)
    assert answers(workers, need) == [{first.public_id, second.public_id}] * 2

    with transaction():
        first.state = ListingState.CLOSED
    logged(first, "listing.closed")
    assert answers(workers, need) == [{second.public_id}] * 2

    own = matcher()
    own.written = written
    if written == 1:
        own.merge()
        assert answers(workers, need) == [{second.public_id}] * 2
    third = seed(3)
    assert answers(workers, need) == [{second.public_id, third.public_id}] * 2


@pytest.mark.parametrize("written", [1], indirect=True)
def test_files_are_written_anew_when_much_stands_beside_them(config: Config, written: int) -> None:
    folder = config.data / "index"
    need = logged(make_need(**PLATING))
    refs = {seed(1).public_id}
    own = matcher()
    own.written = written
    assert {found.ref for found in own.suggest(need)} == refs
    before = current_generation(folder)
    assert merge_due() == 0
    refs |= {seed(number).public_id for number in range(2, 6)}

    assert merge_due() == 1
    assert current_generation(folder) not in (None, before)
    assert {found.ref for found in own.suggest(need, limit=50)} == refs
    assert merge_due() == 0


@pytest.mark.parametrize("written", [1], indirect=True)
def test_damaged_files_and_files_of_another_database_are_replaced(
    config: Config, written: int
) -> None:
    folder = config.data / "index"
    need, found = logged(make_need(**PLATING)), seed(1)
    own = matcher()
    own.written = written
    assert [s.ref for s in own.suggest(need)] == [found.public_id]
    generation = current_generation(folder)
    assert generation is not None
    victim = next((folder / generation).glob("staff-seed.0/postings.impacts.npy"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"\x01")
    assert not is_whole(folder, generation)
    own.position = -1

    assert [s.ref for s in own.suggest(need)] == [found.public_id]
    healed = current_generation(folder)
    assert healed is not None
    assert healed != generation
    assert is_whole(folder, healed)
    manifest = folder / healed / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"hash": "', '"hash": "0'))
    own.position = -1
    assert [s.ref for s in own.suggest(need)] == [found.public_id]
    assert current_generation(folder) != healed
