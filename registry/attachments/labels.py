"""Words about files."""

from flask_babel import gettext as _

from registry.attachments.kinds import ENDINGS
from registry.attachments.models import FileKind
from registry.web.i18n import number

ACCEPT = ",".join(f".{ending}" for ending in ENDINGS)
"""For the browser's dialog."""


def kind_label(kind: FileKind) -> str:
    """What a file is, in a word."""
    return {
        FileKind.PDF: "PDF",
        FileKind.PNG: _("画像（PNG）"),
        FileKind.JPEG: _("画像（JPEG）"),
        FileKind.WEBP: _("画像（WebP）"),
        FileKind.DOCX: "Word",
        FileKind.XLSX: "Excel",
        FileKind.PPTX: "PowerPoint",
        FileKind.CSV: "CSV",
        FileKind.TEXT: _("テキスト"),
    }[kind]


def size_label(size: int) -> str:
    """412 KB, 1.2 MB."""
    if size < 1000:
        return f"{size} B"
    if size < 1000 * 1000:
        return f"{number(round(size / 1000))} KB"
    return f"{number(round(size / 1_000_000, 1))} MB"
