"""Names of actions and records for people; the log itself keeps the plain codes."""

from flask_babel import gettext as _
from flask_babel import pgettext


def action_name(action: str) -> str:
    """「案件：公開した」 for listing.published; a code without a name stays as it is."""
    thing, _dot, verb = action.partition(".")
    named_thing, named_verb = things().get(thing), verbs().get(verb)
    if named_thing is None or named_verb is None:
        return action
    return _("%(thing)s：%(verb)s", thing=named_thing, verb=named_verb)


def subject_name(subject: str) -> str:
    """「案件 5a0c3b1c」 for listing:5a0c3b1c-…; other texts stay as they are."""
    thing, _colon, number = subject.partition(":")
    named = things().get(thing)
    return f"{named} {number[:8]}".strip() if named else subject


def things() -> dict[str, str]:
    """What is recorded, by the code of its kind."""
    return {
        "application": _("参加の申込"),
        "audit": _("変更の記録"),
        "case": pgettext("one", "マッチング"),
        "consent": _("同意"),
        "contact": _("連絡先"),
        "decision": _("候補の判断"),
        "demo": _("見本データ"),
        "encounter": pgettext("one", "相談・訪問"),
        "enquiry": _("問い合わせ"),
        "enrolment": _("採択・利用"),
        "glossary": _("用語集"),
        "handover": _("引継ぎ"),
        "invitation": _("招待"),
        "listing": pgettext("one", "案件"),
        "membership": _("所属"),
        "message": _("メール"),
        "month": _("月次報告"),
        "office": _("事務局の設定"),
        "organization": pgettext("one", "企業・団体"),
        "party": _("当事者"),
        "policy": _("施策"),
        "program": pgettext("one", "支援制度"),
        "rule": _("振り分けの規則"),
        "suggestion": _("候補"),
        "survey": _("アンケート"),
        "token": _("API トークン"),
        "user": _("利用者"),
        "weights": _("並べ方の重み"),
        "indicator": _("指標"),
        "reading": _("報告値"),
        "target": _("目標"),
        "remark": _("検証の意見"),
        "tag": _("視点・重点項目"),
        "cross_tag": _("視点・重点項目"),
        "plan": _("計画期間"),
        "plan_period": _("計画期間"),
    }


def verbs() -> dict[str, str]:
    """What was done, by its code."""
    return {
        "absorbed": _("ほかの登録に統合した"),
        "accepted": _("受けた"),
        "added": _("加えた"),
        "answered": _("返事をした"),
        "applied": _("申し込んだ"),
        "approved": _("承認した"),
        "archived": _("保管に移した"),
        "asked": _("意向を聞いた"),
        "assigned": _("担当を決めた"),
        "begun": _("始めた"),
        "changed": _("変えた"),
        "claimed": _("自社の記録として受け継いだ"),
        "closed": _("終えた"),
        "compared": _("重複かどうかを判断した"),
        "consented": _("同意した"),
        "corrected": _("訂正した"),
        "created": _("登録した"),
        "declined": _("断った"),
        "deferred": _("保留にした"),
        "deleted": _("消した"),
        "disabled": _("止めた"),
        "dismissed": _("見送った"),
        "enabled": _("再開した"),
        "encounter_added": _("相談・訪問を結びつけた"),
        "encounter_removed": _("相談・訪問を外した"),
        "ended": _("終えた"),
        "erased": _("値を消去した"),
        "expired": _("期限が切れた"),
        "expiring": _("期限が近いことを知らせた"),
        "extended": _("返事の期限を延ばした"),
        "given_back": _("統合から戻した"),
        "introduced": _("紹介した"),
        "invited": _("招待した"),
        "loaded": _("読み込んだ"),
        "made": _("作った"),
        "merged": _("統合した"),
        "moved": _("段階を進めた"),
        "next_step": _("次にすることを決めた"),
        "noted": _("メモを書いた"),
        "numbers_changed": _("番号を変えた"),
        "opened": _("始めた"),
        "outcome": _("成果を記録した"),
        "outcome_removed": _("成果を消した"),
        "party_added": _("当事者を加えた"),
        "party_changed": _("当事者を変えた"),
        "password_changed": _("パスワードを変えた"),
        "password_reset": _("リンクからパスワードを設定した"),
        "passwords": _("パスワードを作った"),
        "published": _("公開した"),
        "received": _("受け付けた"),
        "recorded": _("記録した"),
        "recovery_code_used": _("復旧コードを使った"),
        "recovery_codes_made": _("復旧コードを作った"),
        "refused": _("断った"),
        "reminded": _("知らせた"),
        "removed": _("外した"),
        "renewed": _("期限を延ばした"),
        "reopened": _("再び開いた"),
        "resent": _("もう一度送った"),
        "restored": _("元に戻した"),
        "retired": _("使用をやめた"),
        "retried": _("もう一度送る列に入れた"),
        "returned": _("差し戻した"),
        "routed": _("振り分けた"),
        "revoked": _("取り消した"),
        "second_factor_removed": _("二段階認証を解いた"),
        "second_factor_set": _("二段階認証を設定した"),
        "seen": _("開いて読んだ"),
        "sent": _("送った"),
        "signed_in": _("サインインした"),
        "signed_out": _("すべての端末でサインアウトした"),
        "started": _("始めた"),
        "step_done": _("次にすることを済ませた"),
        "submitted": _("提出した"),
        "trained": _("学習した"),
        "undone": _("取り消した"),
        "unmerged": _("統合を取り消した"),
        "used": _("使った"),
        "verified": _("アドレスを確かめた"),
        "went_on": _("記録にした"),
        "withdrawn": _("取り下げた"),
        "words": _("用語を変えた"),
    }
