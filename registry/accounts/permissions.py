"""The permission table in words, for the administrator's page of roles."""

from flask_babel import gettext as _

from registry.common.roles import PERMISSIONS, Role


def permission_label(permission: str) -> str:
    """What a permission lets somebody do; the plain code where it has no words yet."""
    return {
        "public.read": _("公開のページを読む"),
        "account.sign_in": _("サインインする、パスワードを設定し直す"),
        "account.join": _("参加を申し込む、招待に応じる"),
        "account.use": _("自分のアカウントを設定する"),
        "organizations.read": _("企業・団体を読む（見える範囲で）"),
        "organizations.edit": _("企業・団体の登録を書く（会員は自分の団体だけ）"),
        "organizations.enter": _("企業・団体を新しく登録する"),
        "organizations.refer": _("企業を紹介する"),
        "organizations.review": _("企業・団体の登録を審査する"),
        "organizations.record": _("企業・団体の記録を一枚で読む"),
        "members.manage": _("団体の人を管理する（会員は自分の団体の管理者だけ）"),
        "listings.read": _("案件を読む（見える範囲で）"),
        "listings.write": _("案件を書く（会員は自分の団体だけ）"),
        "listings.review": _("案件を審査して公開する"),
        "programs.read": _("支援制度を読む"),
        "programs.operate": _("支援制度の申込・採択を書く（担当は自分の制度だけ）"),
        "suggestions.read": _("届いた候補を読む（会員は自分の案件だけ）"),
        "suggestions.decide": _("候補を採用・保留・見送りにする"),
        "glossary.edit": _("用語集を直す"),
        "weights.read": _("候補の並べ方の学習を読む"),
        "weights.govern": _("候補の並べ方を学習させ、使う版を決める"),
        "encounters.read": _("相談・訪問の記録を読む"),
        "encounters.record": _("相談・訪問を記録する"),
        "cases.read": _("マッチングを読む（会員は自分の団体だけ）"),
        "cases.work": _("マッチングを進める"),
        "cases.answer": _("自分あてのリンクで引き合わせに答える"),
        "files.read": _("記録のファイルを読む（会員は共有されたものだけ）"),
        "files.write": _("記録にファイルを加える、消す"),
        "desk.use": _("今日の仕事を使う"),
        "search.all": _("すべてから探す"),
        "reports.read": _("月次報告を読む（評価者には名前と小さい数を伏せる）"),
        "audit.read": _("変更の記録を読む"),
        "users.administer": _("利用者を管理する"),
        "office.administer": _("事務局の設定を変える"),
        "outbox.administer": _("メールの送信を管理する"),
        "programs.write": _("支援制度そのものを書く（担当は自分の制度だけ）"),
        "programs.apply": _("募集に申し込む（会員は自分の団体だけ）"),
        "programs.follow": _("自分の申込の経過を読む"),
        "places.read": _("施設を読む（見える範囲で）"),
        "places.book": _("施設・機器を予約する（会員は自分の団体だけ）"),
        "places.operate": _("施設の入居と利用を書く（担当は自分の制度だけ）"),
        "intake.ask": _("問い合わせや依頼を送る"),
        "intake.follow": _("自分の問い合わせと依頼を読む"),
        "intake.work": _("受付の問い合わせに答える"),
        "intake.route": _("受付の回し先と決まりを決める"),
        "newsletter.release": _("支援制度の便りを確かめて送る"),
        "newsletter.leave": _("自分あてのリンクで支援制度の便りを止める"),
        "surveys.run": _("アンケートを作り、送る"),
        "surveys.answer": _("自分あてのアンケートに答える"),
        "events.read": _("イベントを読む"),
        "events.write": _("イベントを書く（担当は自分の制度だけ）"),
        "events.register": _("イベントに申し込む（会員は自分の団体だけ）"),
        "exchange.import": _("表を取り込む"),
        "exchange.export": _("表を取り出す（見える範囲で）"),
        "reports.close": _("月を締める、訂正の理由を書く"),
        "yearly.read": _("年次の成果を読む（公開の指標）"),
        "yearly.open": _("年次の成果のもとの記録を開く"),
        "policy.read": _("施策と指標を読む"),
        "policy.edit": _("施策、指標、目標、報告値を書く"),
        "policy.remark": _("検証の意見を書く"),
    }.get(permission, permission)


def permission_table() -> list[tuple[str, list[bool]]]:
    """Each permission in words, and for every role in its order whether it has it."""
    return [
        (permission_label(permission), [role in roles for role in Role])
        for permission, roles in PERMISSIONS.items()
    ]
