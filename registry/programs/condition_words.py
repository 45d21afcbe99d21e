"""The limits of a condition in words: what is shown with its answer."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from registry.programs import choices
from registry.programs.kinds import ConditionKind
from registry.programs.preview import yen
from registry.web.i18n import number


def rule_words(kind: ConditionKind, limits: Mapping[str, Any], locale: str) -> str:
    """A sentence for limits, in the language that is in force; `locale` names it."""
    between = "、" if locale == "ja" else ", "
    match kind:
        case ConditionKind.SIZE:
            if limits.get("size") == "small":
                return _("小規模企業者であること（中小企業基本法 第2条）")
            return _("中小企業者であること（中小企業基本法 第2条）")
        case ConditionKind.CAPITAL:
            return _("資本金が %(range)s", range=_range(limits, yen))
        case ConditionKind.EMPLOYEES:
            return _("従業員が %(range)s", range=_range(limits, _people))
        case ConditionKind.FOUNDED:
            return _("創業からの年数が %(range)s", range=_range(limits, _years))
        case ConditionKind.SECTOR:
            words = choices.industry_words(limits.get("codes", ()), locale)
            return _("業種が次のどれか：%(what)s", what=between.join(words))
        case ConditionKind.PLACE:
            words = choices.area_words(limits.get("municipalities", ()), locale)
            return _("事業所が次のどこか：%(what)s", what=between.join(words))
        case ConditionKind.STAGE:
            words = choices.words_of("stage", limits.get("codes", ()), locale)
            return _("事業の段階が次のどれか：%(what)s", what=between.join(words))
        case ConditionKind.NEED:
            words = choices.words_of("trouble", limits.get("codes", ()), locale)
            return _("困りごとが次のどれか：%(what)s", what=between.join(words))


def _range(limits: Mapping[str, Any], words: Any) -> str:
    least, most = limits.get("min"), limits.get("max")
    if least is not None and most is not None:
        return _("%(least)s 以上 %(most)s 以下", least=words(least), most=words(most))
    if least is not None:
        return _("%(least)s 以上", least=words(least))
    return _("%(most)s 以下", most=words(most))


def _people(count: int) -> str:
    return _("%(count)s 人", count=number(count))


def _years(count: int) -> str:
    return _("%(count)s 年", count=number(count))
