"""Names of files as people gave them, without what could mislead or harm where they are saved."""

import re
import unicodedata
from pathlib import PurePosixPath

from registry.common.hidden import hidden_character

LONGEST = 120
_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def clean_name(given: str) -> str:
    """The last part of a name, composed (NFC), without hidden or turning characters and without
    what a file system forbids; at most 120 characters with its ending. Never empty.

    The name is only told and offered when somebody saves the file: nothing is stored under it.
    """
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = "".join(c for c in name if c in " \u3000" or not hidden_character(c))
    name = _FORBIDDEN.sub("_", name)
    name = re.sub(r"\s+", " ", name).strip(" .")
    ending = PurePosixPath(name).suffix.lower()[:12]
    stem = name[: len(name) - len(ending)].rstrip(" .") if ending else name
    if not stem or _DEVICES.match(name):
        stem = f"file_{stem}".rstrip("_")
    return stem[: LONGEST - len(ending)] + ending
