"""What parties do in a match: roles to propose; any other word may be written."""

from flask_babel import gettext as _


def proposed_roles() -> list[str]:
    """Usual roles, in the page's language."""
    return [
        _("取りまとめ"),
        _("設計"),
        _("試作"),
        _("加工"),
        _("制御"),
        _("ソフトウェア"),
        _("材料"),
        _("評価"),
        _("生産"),
        _("販売"),
    ]
