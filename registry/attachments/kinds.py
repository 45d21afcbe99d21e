"""What a file is: told by its content and by its ending, which must agree."""

import io
import re
import zipfile
from pathlib import PurePosixPath

from registry.attachments.models import FileKind
from registry.common.problem import ValueProblem
from registry.formats.csv import decode
from registry.formats.table import FileProblem

ENDINGS = {
    "pdf": FileKind.PDF,
    "png": FileKind.PNG,
    "jpg": FileKind.JPEG,
    "jpeg": FileKind.JPEG,
    "webp": FileKind.WEBP,
    "docx": FileKind.DOCX,
    "xlsx": FileKind.XLSX,
    "pptx": FileKind.PPTX,
    "csv": FileKind.CSV,
    "txt": FileKind.TEXT,
}
"""What may be kept, by the end of its name."""
MIME = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.WEBP: "image/webp",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    FileKind.CSV: "text/csv",
    FileKind.TEXT: "text/plain",
}
MAIN_PARTS = {
    FileKind.DOCX: "word/document.xml",
    FileKind.XLSX: "xl/workbook.xml",
    FileKind.PPTX: "ppt/presentation.xml",
}
"""The part of an office document that makes it one of its kind."""
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""A document of before 2007, or one with a password."""
MOST_PARTS = 10_000
MOST_UNPACKED = 300 * 1024 * 1024
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")


class FileRefused(ValueProblem):
    """The file is not taken.

    Codes: empty · ending · content(ending) · old_office · macro · text
    """


def kind_of(name: str, data: bytes) -> FileKind:
    """What the file is. Raises FileRefused when it is nothing that may be kept, or not what its
    name says. Nothing is unpacked: of an office document only the list of its parts is read."""
    ending = PurePosixPath(name).suffix.lstrip(".").lower()
    kind = ENDINGS.get(ending)
    if kind is None:
        raise FileRefused("ending")
    if not data:
        raise FileRefused("empty")
    if data.startswith(OLD_OFFICE):
        raise FileRefused("old_office")
    if not _is(kind, data):
        raise FileRefused("content", ending=ending)
    return kind


def _is(kind: FileKind, data: bytes) -> bool:
    match kind:
        case FileKind.PDF:
            return data.startswith(b"%PDF-")
        case FileKind.PNG:
            return data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR"
        case FileKind.JPEG:
            return data.startswith(b"\xff\xd8\xff")
        case FileKind.WEBP:
            return data[:4] == b"RIFF" and data[8:12] == b"WEBP"
        case FileKind.CSV | FileKind.TEXT:
            return _is_text(data)
        case _:
            return _is_document(MAIN_PARTS[kind], data)


def _is_text(data: bytes) -> bool:
    try:
        text, _encoding = decode(data)
    except FileProblem as problem:
        raise FileRefused("text") from problem
    return _CONTROL.search(text) is None


def _is_document(main_part: str, data: bytes) -> bool:
    """Whether it is a ZIP with that part, none of them a macro, hidden or outside its folder."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = book.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False
    names = {part.filename for part in parts}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused("macro")
    sound = not any(
        part.flag_bits & 1 or ".." in PurePosixPath(part.filename).parts for part in parts
    )
    small = len(parts) <= MOST_PARTS and sum(part.file_size for part in parts) <= MOST_UNPACKED
    return sound and small and {"[Content_Types].xml", main_part} <= names
