"""Words of the room as a page shows them."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from registry.policy.models import CountingRule, PeriodType, RemarkKind, TagKind

TAG_KINDS: Mapping[TagKind, str] = {
    TagKind.VIEWPOINT: lazy_pgettext("plan", "視点"),
    TagKind.PRIORITY: _l("重点項目"),
}

LEVELS: Mapping[int, str] = {
    1: lazy_pgettext("plan", "政策"),
    2: lazy_pgettext("plan", "施策"),
    3: _l("基本戦略"),
}

RULES: Mapping[CountingRule, str] = {
    CountingRule.FLOW: _l("期間の数"),
    CountingRule.STOCK: _l("時点の数（残高）"),
    CountingRule.UNIQUE: _l("実数（同じ相手は 1 度）"),
    CountingRule.CUMULATIVE: _l("延べ（回数）"),
    CountingRule.SUBSET: _l("うち（ほかの数の一部）"),
}

RULE_HINTS: Mapping[CountingRule, str] = {
    CountingRule.FLOW: _l("期間のうちに起きたことを数えます。"),
    CountingRule.STOCK: _l(
        "ある時点に立っている数。期首の残高に、入った数を足し、出た数を引きます。"
    ),
    CountingRule.UNIQUE: _l("同じ企業・団体は、期間のうちに何度あっても 1 と数えます。"),
    CountingRule.CUMULATIVE: _l("1 度の訪問に 3 社なら 3 と数えます。"),
    CountingRule.SUBSET: _l("もとの指標を超えません。"),
}

PERIOD_TYPES: Mapping[PeriodType, str] = {
    PeriodType.FISCAL_YEAR: _l("年度"),
    PeriodType.FISCAL_YEAR_END: _l("年度末"),
    PeriodType.CALENDAR_YEAR: _l("暦年"),
    PeriodType.EVENT: _l("催しの月"),
    PeriodType.AS_OF: _l("決まった時点"),
}

REMARK_KINDS: Mapping[RemarkKind, str] = {
    RemarkKind.COMMENT: _l("専門部会の意見"),
    RemarkKind.HEARING: _l("ヒアリングの記録"),
    RemarkKind.SITE_VISIT: _l("現地視察の記録"),
}
