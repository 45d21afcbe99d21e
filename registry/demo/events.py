"""Loading events and their editions, with invented exhibitors and meetings behind the figures."""

from datetime import date

from registry.db import db
from registry.demo.crowd import pool
from registry.demo.fairs import load_editions_now, load_figures
from registry.demo.files import is_yes, rows, whole
from registry.demo.world import World
from registry.events.models import (
    Edition,
    EditionState,
    Event,
    EventKind,
    Exhibit,
    JointBooth,
    Meeting,
    MeetingResult,
)

RESULTS = (
    MeetingResult.TALKS,
    MeetingResult.NONE,
    MeetingResult.OPEN,
    MeetingResult.QUOTE,
    MeetingResult.NONE,
)
"""What came of invented meetings, in turn."""


def load_events(world: World) -> None:
    """The events of the plan with their editions, then those of this year."""
    events: dict[str, Event] = {}
    for row in rows("events"):
        event = Event(
            public_id=world.ids.of(f"event:{row['key']}"),
            key=row["key"],
            program=world.programs[row["program"]],
            kind=EventKind(row["kind"]),
            title=row["title"],
            title_en=row["title_en"],
            summary=row["summary"],
            summary_en=row["summary_en"],
            is_external=is_yes(row["is_external"]),
            source=row["source"],
        )
        events[row["key"]] = event
        db.session.add(event)
        world.log("event.created", f"event:{event.public_id}", title=event.title)
    for row in rows("editions"):
        edition = Edition(
            public_id=world.ids.of(f"edition:{row['key']}"),
            event=events[row["event"]],
            title=row["title"],
            title_en=row["title_en"],
            starts_on=date.fromisoformat(row["starts"]),
            ends_on=date.fromisoformat(row["ends"]),
            days_known=is_yes(row["days_known"]),
            period=row["period"],
            venue=row["venue"],
            state=EditionState.HELD,
            announced=True,
            note=row["note"],
            illustrative=is_yes(row["illustrative"]),
            source=row["source"],
        )
        db.session.add(edition)
        db.session.flush()
        load_figures(row, edition, world)
        _load_exhibitors(row, edition, world)
        _load_meetings(row, edition, world)
        world.log("edition.created", f"edition:{edition.public_id}", title=edition.title)
    load_editions_now(world, events)
    db.session.flush()


def _load_exhibitors(row: dict[str, str], edition: Edition, world: World) -> None:
    """So many firms with so many booths in all: the first ones have one more than the others."""
    count, booths = whole(row["exhibitors"]) or 0, whole(row["booths"]) or 0
    firms = pool("fair", world)[:count]
    if len(firms) != count:
        raise ValueError(f"too few organizations for {row['key']}")
    joint = None
    if row["joint"]:
        joint = JointBooth(
            public_id=world.ids.of(f"joint:{row['key']}"), edition=edition, name=row["joint"]
        )
        db.session.add(joint)
    for place, firm in enumerate(firms):
        own = 0 if joint else booths // count + (place < booths % count)
        db.session.add(
            Exhibit(
                public_id=world.ids.of(f"exhibit:{row['key']}:{place + 1}"),
                edition=edition,
                organization=firm,
                joint_booth=joint,
                booths=own,
                supported=joint is not None,
                illustrative=True,
            )
        )


def _load_meetings(row: dict[str, str], edition: Edition, world: World) -> None:
    """So many pairs of exhibitors, each other than the pair before."""
    firms = pool("fair", world)[: whole(row["exhibitors"]) or 0]
    for place in range(whole(row["meetings"]) or 0):
        host = firms[place % len(firms)]
        guest = firms[(place % len(firms) + 1 + place // len(firms)) % len(firms)]
        db.session.add(
            Meeting(
                public_id=world.ids.of(f"meeting:{row['key']}:{place + 1}"),
                edition=edition,
                host=host,
                guest=guest,
                on=edition.starts_on,
                result=RESULTS[place % len(RESULTS)],
                illustrative=True,
            )
        )
