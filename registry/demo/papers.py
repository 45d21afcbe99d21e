"""Loading what hangs on cases: further needs and seeds with their parties, and small files."""

import struct
import zlib
from collections.abc import Callable
from datetime import timedelta

from registry.attachments.kinds import kind_of
from registry.attachments.models import Attachment
from registry.attachments.storage import store
from registry.cases.listing_models import CaseListing
from registry.cases.models import Answer, Case, Party, Side
from registry.db import db
from registry.demo.cases import ANSWER_DAYS, WAYS
from registry.demo.files import is_yes, rows
from registry.demo.organizations import EVIDENCE, speaker
from registry.demo.world import World, moment
from registry.formats.csv import write_csv
from registry.formats.pdf import Document, Paragraph, Part, to_pdf
from registry.listings.models import ListingKind
from registry.organizations.models import ConsentWay

BLUE, GRAY, WHITE = b"\x00\x17\xc1", b"\x76\x76\x76", b"\xff\xff\xff"


def load_further_listings(world: World) -> None:
    """Further needs and seeds of cases; their organizations were asked like the first ones."""
    for row in rows("case_listings"):
        case, listing = world.cases[row["case"]], world.listings[row["listing"]]
        entry = CaseListing(
            public_id=world.ids.of(f"case_listing:{row['case']}:{row['listing']}"),
            case=case,
            listing=listing,
            role=row["role"],
            blind_summary=row["summary"],
            added_on=world.need_day(row["on"]),
            added_by_id=case.coordinator.id if case.coordinator else None,
        )
        db.session.add_all([entry, _party(row, case, entry, world)])
        db.session.flush()
        world.log(
            "case.listing_added",
            f"case:{case.public_id}",
            actor=case.coordinator,
            listing=listing.public_id,
            role=row["role"],
        )


def load_case_files(world: World) -> None:
    """Small harmless files, made here from the words of the data file."""
    for row in rows("case_files"):
        case, data = world.cases[row["case"]], MAKERS[row["kind"]](row)
        file = Attachment(
            public_id=world.ids.of(f"file:{row['key']}"),
            subject=f"case:{case.public_id}",
            name=row["name"],
            kind=kind_of(row["name"], data),
            size=len(data),
            sha256=store(data),
            note=row["note"],
            shared=is_yes(row["shared"]),
            added_by_id=case.coordinator.id if case.coordinator else None,
            created_at=moment(world.need_day(row["on"]), 17),
        )
        db.session.add(file)
        db.session.flush()
        world.log(
            "file.added",
            f"file:{file.public_id}",
            actor=case.coordinator,
            name=file.name,
            of=file.subject,
            sha256=file.sha256,
        )


def _party(row: dict[str, str], case: Case, entry: CaseListing, world: World) -> Party:
    on, answered = world.need_day(row["on"]), world.day(row["answered"])
    organization = entry.listing.organization
    party = Party(
        public_id=world.ids.of(f"party:{row['case']}:{row['listing']}"),
        case=case,
        organization=organization,
        side=Side.NEED if entry.listing.kind is ListingKind.NEED else Side.SEED,
        role=row["role"],
        asked_at=moment(on, 11),
        answer_until=on + timedelta(days=ANSWER_DAYS),
        answer=Answer(row["answer"]),
        created_at=moment(on, 10, 30),
    )
    if answered is not None:
        party.answered_on, party.way = answered, WAYS[row["how"]]
        party.answered_by, party.seen_at = speaker(organization), moment(answered, 17)
        if party.way is not ConsentWay.LINK:
            party.evidence, party.recorded_by = EVIDENCE[party.way], case.coordinator
    return party


def _pdf(row: dict[str, str]) -> bytes:
    blocks = tuple(Paragraph((Part(text),)) for text in row["text"].split(";"))
    title = row["name"].removesuffix(".pdf")
    return to_pdf(
        Document(
            title=title,
            office="見本のデータ",
            subtitle=row["note"],
            running=title,
            lang="ja",
            blocks=blocks,
        )
    )


def _csv(row: dict[str, str]) -> bytes:
    header, *lines = (line.split(",") for line in row["text"].split(";"))
    return write_csv(header, lines)


def _text(row: dict[str, str]) -> bytes:
    return "".join(f"{line}\r\n" for line in row["text"].split(";")).encode("utf-8-sig")


def _png(row: dict[str, str]) -> bytes:
    """Two bars as high as the two figures, gray and blue."""
    heights, width, height = [int(part) for part in row["text"].split(";")], 160, 100
    lines = b""
    for y in range(height):
        line = b""
        for x in range(width):
            bar = 0 if 20 <= x < 70 else 1 if 90 <= x < 140 else None
            inside = bar is not None and height - y <= heights[bar]
            line += (GRAY, BLUE)[bar] if bar is not None and inside else WHITE
        lines += b"\x00" + line
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


MAKERS: dict[str, Callable[[dict[str, str]], bytes]] = {
    "pdf": _pdf,
    "csv": _csv,
    "txt": _text,
    "png": _png,
}
