"""Two texts of a listing side by side, for the page that tells of a conflict."""

from flask_babel import gettext as _

from registry.common.errors import ConflictField
from registry.listings.categories import ALL_FIELDS, told
from registry.listings.content import Content
from registry.listings.labels import CATEGORIES, VISIBILITIES
from registry.web.i18n import day, listed


def conflict_fields(stored: Content, typed: Content) -> tuple[ConflictField, ...]:
    """What is stored beside what was typed, field by field, in words."""
    theirs, mine = _words(stored), _words(typed)
    return tuple(
        ConflictField(name, label, text, mine[name][1]) for name, (label, text) in theirs.items()
    )


def _words(content: Content) -> dict[str, tuple[object, str]]:
    words: dict[str, tuple[object, str]] = {
        "title": (_("件名"), content.title),
        "description": (_("内容"), content.description),
        "keywords": (_("キーワード"), listed(content.keywords)),
        "category": (_("分類"), str(CATEGORIES[content.category])),
        "visibility": (_("見せる範囲"), str(VISIBILITIES[content.visibility])),
        "anonymous": (_("社名"), _("匿名にする") if content.anonymous else _("社名を出す")),
        "valid_until": (_("募集の期限"), day(content.valid_until)),
    }
    for spec in ALL_FIELDS:
        value = content.fields.get(spec.name)
        words[spec.name] = (spec.label, told(spec, value) if value else "")
    return words
