"""What a clerk does at the counter workstation, step by step, and what an employer's agent does."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator

from tests.browser.citizen import HOME, PHONE
from tests.browser.people import Somebody
from tests.browser.visitor import Visitor

ICBC = "icbc"
REGISTER = "household_register"


def looks_up(
    clerk: Visitor, who: Somebody, *, kind: str = "resident_id", name: str | None = None
) -> None:
    """Scan a document; the person appears."""
    clerk.go("/counter/")
    clerk.fill(number=who.number, kind=kind, name=who.name if name is None else name)
    clerk.press("查找")


def begins(clerk: Visitor, who: Somebody, act: str = "首次申请", **look: str) -> None:
    """Look somebody up and open the form of an act."""
    looks_up(clerk, who, **look)
    clerk.is_at(who.masked_number)
    line_of(clerk, act).get_by_role("button").click()
    clerk.is_at("受理")


def line_of(clerk: Visitor, act: str) -> Locator:
    """The line of an act on the page of a person."""
    heading = clerk.page.get_by_role("heading", name=act)
    return clerk.main.get_by_role("listitem").filter(has=heading)


def papers(who: Somebody, **different: str) -> dict[str, str]:
    """The case form of an adult who stands here with their identity card."""
    return {
        "applied_by": "holder",
        "number": who.number,
        "valid_to": who.valid_to_typed,
        "original": "on",
        "phone": PHONE,
        "address": HOME,
        "occupation": "23",
        "bank": ICBC,
        **different,
    }


def of_agent(agent: Somebody, **different: str) -> dict[str, str]:
    """What is filled in about somebody who comes in the holder's place."""
    return {
        "applied_by": "agent",
        "agent_name": agent.name,
        "agent_number": agent.number,
        "agent_valid_to": agent.valid_to_typed,
        "agent_original": "on",
        **different,
    }


def of_guardian(guardian: Somebody, **different: str) -> dict[str, str]:
    """What is filled in about a parent."""
    return {
        "applied_by": "guardian",
        "guardian_name": guardian.name,
        "guardian_relation": "mother",
        "guardian_number": guardian.number,
        "guardian_valid_to": guardian.valid_to_typed,
        "guardian_original": "on",
        **different,
    }


def of_child(child: Somebody, guardian: Somebody, **different: str) -> dict[str, str]:
    """The case form of a child with the household register, brought by a parent."""
    own = {"kind": REGISTER, "valid_to": "0", "occupation": "92"}
    return papers(child, **{**of_guardian(guardian), **own, **different})


def hands_in(clerk: Visitor, **fields: str) -> None:
    """Fill in the form of the case and go on."""
    clerk.fill(**fields)
    clerk.press("继续")


def brings_a_portrait(clerk: Visitor, file: Path) -> None:
    """Put a portrait through the gate and go on."""
    clerk.is_at("照片")
    clerk.attach("file", file)
    clerk.press("上传并检查")
    clerk.sees("已有照片")
    clerk.follow("继续")


def accepts(clerk: Visitor) -> str:
    """Accept what was checked; gives the receipt number as it is shown."""
    clerk.is_at("核对后受理")
    clerk.press("确认受理")
    clerk.is_at("受理号")
    return clerk.main.locator("h1 .number").inner_text().replace(" ", "")


def takes_in(clerk: Visitor, who: Somebody, **different: str) -> str:
    """A whole application of an adult; gives the receipt number."""
    begins(clerk, who)
    hands_in(clerk, **papers(who, **different))
    return accepts(clerk)


def hands_over(clerk: Visitor, who: Somebody, card_number: str, **different: str) -> None:
    """Hand the card over and have it enabled, from the page of the application."""
    clerk.follow("交卡并启用")
    clerk.is_at("交卡并启用")
    usual = {
        "card": card_number,
        "who": "holder",
        "number": who.number,
        "valid_to": who.valid_to_typed,
        "original": "on",
    }
    clerk.fill(**{**usual, **different})
    clerk.press("交卡并启用人社功能")
