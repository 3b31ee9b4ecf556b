"""The staff door, as somebody who works here goes through it."""

from __future__ import annotations

import re

from onecard.queries.demo import PASSWORD
from tests.browser.visitor import Visitor

SECONDS_UNTIL_NEXT_CODE = 65
CODE = re.compile(r"现在的验证码是\s*(\d{6})")


def sign_in(visitor: Visitor, username: str) -> None:
    """Password, then the one-time code that the demo city shows."""
    visitor.go("/sign-in/")
    visitor.answer("用户名", username)
    visitor.answer("密码", PASSWORD)
    visitor.press("继续")
    visitor.is_at("输入动态验证码")
    visitor.waits_until(
        lambda: bool(CODE.search(visitor.main.inner_text())),
        seconds=SECONDS_UNTIL_NEXT_CODE,
        what="a fresh code",
    )
    shown = CODE.search(visitor.main.inner_text())
    assert shown is not None
    visitor.answer("动态验证码", shown[1])
    visitor.press("登录")
