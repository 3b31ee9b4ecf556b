"""What the operator of the platform does at the office."""

from __future__ import annotations

from tests.browser.visitor import Visitor


def makes_batches(operator: Visitor) -> None:
    """Put everybody who waits into batches now, instead of letting the worker wait for more."""
    operator.go("/office/batches")
    operator.is_at("制卡批次")
    button = operator.main.get_by_role("button", name="全部编批")
    if button.count():
        button.click()
        operator.sees("编成")


def sends_cards_out(operator: Visitor) -> None:
    """Send the cards of every batch that holds made ones to their outlets."""
    operator.go("/office/batches")
    for line in operator.main.get_by_role("row").filter(has_text="已制成").all():
        path = line.get_by_role("link").first.get_attribute("href")
        batch = Visitor(operator.page.context.new_page(), operator.base)
        batch.go(str(path))
        button = batch.main.get_by_role("button", name="分发到网点")
        if button.count():
            button.click()
            batch.sees("已分发，网点收到后签收。")
        batch.page.close()
