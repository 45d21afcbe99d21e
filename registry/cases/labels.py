"""What stages, reasons, answers and outcomes are called on a page."""

from flask_babel import gettext as _

from registry.cases.check_in_models import CheckInState
from registry.cases.models import Answer, CloseReason, Rung, Side, Stage
from registry.cases.outcome_models import ContractKind, SalesBand


def stage_label(stage: Stage) -> str:
    """The stage's name: 提案 … 事業化."""
    return {
        Stage.PROPOSED: _("提案"),
        Stage.INTRODUCED: _("引き合わせ"),
        Stage.TALKING: _("話し合い"),
        Stage.AGREED: _("成立"),
        Stage.PROTOTYPE: _("試作"),
        Stage.MARKET: _("事業化"),
    }[stage]


def close_label(reason: CloseReason) -> str:
    """Why a case was closed."""
    return {
        CloseReason.COMPLETED: _("目的を果たした"),
        CloseReason.NO_FIT: _("内容が合わない"),
        CloseReason.TIMING: _("時期が合わない"),
        CloseReason.COST: _("費用が合わない"),
        CloseReason.CAPACITY: _("手が足りない"),
        CloseReason.WITHDRAWN: _("取り下げ"),
        CloseReason.DECLINED: _("辞退"),
        CloseReason.OTHER: _("その他"),
    }[reason]


def side_label(side: Side) -> str:
    """On which side a party stands."""
    return {Side.NEED: _("ニーズ"), Side.SEED: _("シーズ"), Side.OTHER: _("協力")}[side]


def answer_label(answer: Answer) -> str:
    """A party's answer."""
    return {
        Answer.PENDING: _("返事待ち"),
        Answer.YES: _("承諾"),
        Answer.NO: _("辞退"),
    }[answer]


def rung_label(rung: Rung) -> str:
    """A rung of the outcome ladder."""
    return {
        Rung.AGREEMENT: _("成立の合意"),
        Rung.NDA: _("秘密保持"),
        Rung.CONTRACT: _("契約・許諾"),
        Rung.PROTOTYPE: _("試作"),
        Rung.PRODUCT: _("製品"),
        Rung.SALES: _("売上の幅"),
        Rung.JOBS: _("雇用"),
        Rung.PATENT: _("特許の出願"),
        Rung.PRESS: _("報道"),
    }[rung]


def contract_label(kind: ContractKind) -> str:
    """What a contract is about."""
    return {
        ContractKind.LICENCE: _("実施許諾"),
        ContractKind.JOINT_DEVELOPMENT: _("共同開発"),
        ContractKind.JOINT_RESEARCH: _("共同研究"),
        ContractKind.COMMISSION: _("受託"),
        ContractKind.PURCHASE: _("購入"),
        ContractKind.SUPPLY: _("供給"),
        ContractKind.OTHER: _("その他"),
    }[kind]


def sales_label(band: SalesBand) -> str:
    """Sales of a year as a band."""
    return {
        SalesBand.UNDER_1M: _("年 100 万円未満"),
        SalesBand.FROM_1M: _("年 100 万～1,000 万円"),
        SalesBand.FROM_10M: _("年 1,000 万～5,000 万円"),
        SalesBand.FROM_50M: _("年 5,000 万～1 億円"),
        SalesBand.FROM_100M: _("年 1 億～10 億円"),
        SalesBand.FROM_1B: _("年 10 億円以上"),
    }[band]


def check_in_label(state: CheckInState) -> str:
    """How a party says that it goes."""
    return {
        CheckInState.GOING: _("続いている"),
        CheckInState.RESULT: _("成果が出た"),
        CheckInState.STALLED: _("止まっている"),
        CheckInState.ENDED: _("終わった"),
    }[state]


def decline_reasons() -> list[tuple[str, str]]:
    """Reasons for a no that a party may choose: (value, words)."""
    return [
        ("timing", _("時期が合わない")),
        ("unfit", _("内容が合わない")),
        ("capacity", _("手が足りない")),
        ("cost", _("費用が合わない")),
        ("known", _("すでに取り引きや相談がある")),
        ("other", _("その他")),
    ]
