"""Where files hang: a room says of its records who sees their files, and this one asks it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from flask import Flask, current_app

from registry.common.errors import NotFound
from registry.common.viewer import Viewer


class Sees(IntEnum):
    """How much of a record's files somebody sees."""

    NOTHING = 0
    SHARED = 1
    ALL = 2


@dataclass(frozen=True)
class Place:
    """A record as far as its files go: for one viewer."""

    # The record as the log names it: "case:<public id>".
    subject: str
    title: str
    # The page that shows the record, by its public id, and the list above it.
    endpoint: str
    public_id: str
    room: str
    room_endpoint: str
    sees: Sees
    writes: bool
    # Who reads a file that is shared, in words.
    shared_with: str = ""


FindPlace = Callable[[str, Viewer], Place | None]
"""Gives the place of a public id as a viewer may see it; None when it is absent or hidden."""


def register_place(app: Flask, kind: str, find: FindPlace) -> None:
    """Tell of which records of that kind files may be kept."""
    app.extensions.setdefault("musubi_file_places", {})[kind] = find


def place_of(subject: str, viewer: Viewer) -> Place:
    """The place of files. Raises NotFound when the viewer sees none of its files."""
    kind, _colon, public_id = subject.partition(":")
    find: FindPlace | None = current_app.extensions.get("musubi_file_places", {}).get(kind)
    place = find(public_id, viewer) if find and public_id else None
    if place is None or place.sees is Sees.NOTHING:
        raise NotFound
    return place
