"""Our words for what the sign-in library says, in the page's language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from flask_security.babel import FsDomain

MESSAGES: Mapping[str, tuple[LazyString, str]] = {
    "API_ERROR": (_l("送られた内容を読み取れませんでした。もう一度入力してください。"), "error"),
    "GENERIC_AUTHN_FAILED": (
        _l("メールアドレスかパスワードが違います。確かめて、もう一度入力してください。"),
        "error",
    ),
    "GENERIC_RECOVERY": (
        _l("登録のあるメールアドレスであれば、パスワードを設定し直すためのメールを送りました。"),
        "done",
    ),
    "PASSWORD_RESET_REQUEST": (
        _l("登録のあるメールアドレスであれば、パスワードを設定し直すためのメールを送りました。"),
        "done",
    ),
    "UNAUTHORIZED": (_l("いまの役割では、この画面や操作は使えません。"), "error"),
    "UNAUTHENTICATED": (_l("続けるには、サインインしてください。"), "info"),
    "LOGIN": (_l("続けるには、サインインしてください。"), "info"),
    "ANONYMOUS_USER_REQUIRED": (_l("すでにサインインしています。"), "info"),
    "REAUTHENTICATION_REQUIRED": (
        _l("大切な設定なので、もう一度パスワードを入力してください。"),
        "info",
    ),
    "REFRESH": (_l("大切な設定なので、もう一度パスワードを入力してください。"), "info"),
    "REAUTHENTICATION_SUCCESSFUL": (_l("本人であることを確かめました。"), "done"),
    "EMAIL_NOT_PROVIDED": (_l("メールアドレスを入力してください。"), "error"),
    "INVALID_EMAIL_ADDRESS": (
        _l("メールアドレスの形を確かめてください。例：hanako@example.jp"),
        "error",
    ),
    "USER_DOES_NOT_EXIST": (_l("メールアドレスかパスワードが違います。"), "error"),
    "DISABLED_ACCOUNT": (_l("このアカウントは止められています。"), "error"),
    "INVALID_PASSWORD": (_l("パスワードが違います。もう一度入力してください。"), "error"),
    "INVALID_PASSWORD_CODE": (_l("パスワードが違います。もう一度入力してください。"), "error"),
    "PASSWORD_NOT_PROVIDED": (_l("パスワードを入力してください。"), "error"),
    "PASSWORD_MISMATCH": (_l("2 つのパスワードが一致しません。"), "error"),
    "RETYPE_PASSWORD_MISMATCH": (
        _l("2 つのパスワードが一致しません。同じものを 2 回入力してください。"),
        "error",
    ),
    "PASSWORD_IS_THE_SAME": (_l("いまと違うパスワードにしてください。"), "error"),
    "PASSWORD_INVALID_LENGTH": (_l("パスワードは %(length)s 文字以上にしてください。"), "error"),
    "PASSWORD_CHANGE": (
        _l("パスワードを変えました。ほかの端末ではサインアウトしました。"),
        "done",
    ),
    "PASSWORD_RESET": (_l("パスワードを設定しました。"), "done"),
    "PASSWORD_RESET_NO_LOGIN": (
        _l("パスワードを設定しました。新しいパスワードでサインインしてください。"),
        "done",
    ),
    "PASSWORD_RESET_EXPIRED": (
        _l("このリンクは期限が切れています。もう一度、メールを送ってもらってください。"),
        "error",
    ),
    "INVALID_RESET_PASSWORD_TOKEN": (
        _l(
            "このリンクは使えません。使い終わったか、途中で切れています。もう一度、メールを送ってもらってください。"
        ),
        "error",
    ),
    "INVALID_REDIRECT": (_l("移る先のアドレスが正しくありません。"), "error"),
    "INVALID_CODE": (_l("確認コードが違います。"), "error"),
    "TWO_FACTOR_INVALID_TOKEN": (
        _l("確認コードが違います。アプリに出ている、いまの 6 桁の数字を入力してください。"),
        "error",
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": (_l("サインインしました。"), "done"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        _l("二段階認証を設定しました。次に、復旧コードを控えてください。"),
        "done",
    ),
    "TWO_FACTOR_PERMISSION_DENIED": (
        _l("時間がたったので、はじめからサインインしてください。"),
        "error",
    ),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": (_l("方法を選んでください。"), "error"),
    "TWO_FACTOR_DISABLED": (_l("二段階認証をやめました。"), "done"),
    "TWO_FACTOR_SETUP_EXPIRED": (
        _l("設定の途中で時間がたちました。はじめからやり直してください。"),
        "error",
    ),
    "INVALID_RECOVERY_CODE": (
        _l("復旧コードが違うか、すでに使われています。控えたコードを確かめてください。"),
        "error",
    ),
    "NO_RECOVERY_CODES_SETUP": (_l("復旧コードはまだありません。"), "info"),
    "FORGOT_PASSWORD": (_l("パスワードを忘れたとき"), "info"),
}
"""Key of the library → our sentence and its tone. Those not listed belong to parts we do not use."""


def settings() -> dict[str, tuple[LazyString, str]]:
    """The library's settings for its messages."""
    return {f"SECURITY_MSG_{key}": value for key, value in MESSAGES.items()}


class Words(FsDomain):
    """Where the library gets its translations: our own sentences are translated already."""

    def gettext(self, string: Any, **variables: Any) -> str:
        """The sentence in the page's language."""
        if isinstance(string, LazyString):
            text = str(string)
            return text % variables if variables and "%(" in text else text
        return str(super().gettext(string, **variables))
