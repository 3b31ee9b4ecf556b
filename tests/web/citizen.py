"""A citizen in a browser without JavaScript: signs in, fills in forms, reads pages."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.http import HttpResponse
from django.test import Client

from onecard.actions import simulated_sign_in
from onecard.records.models import Person
from onecard.seams.world import world

ALL_WELL = "吴常顺"
HOLDS_OLD_CARD = "吴有卡"
NO_PHOTO = "吴缺照"
NO_BASE_DATA = "吴缺数"
IN_PRODUCTION = "吴在制"

DETAILS = {
    "phone": "138 0013-800０",
    "address": "江苏省常州市天宁区延陵西路1号",
    "occupation": "23",
}
BANK = {"bank": "icbc"}
DELIVERY = {"post_to": "江苏省常州市天宁区延陵西路1号201室", "postage_understood": "on"}


def sign_in(client: Client, name: str = ALL_WELL, then: str = "/me") -> HttpResponse:
    """All the way through the simulated real-name service; gives the page that comes after."""
    start = client.get("/real-name/begin", {"next": then})
    chosen = next(p for p in simulated_sign_in.demo_people() if p.name == name)
    back = client.post(start["Location"], {"person": chosen.key})
    return client.get(back["Location"], follow=True)


def sit_down(client: Client, person: Person) -> None:
    """Somebody from the archive has signed in already."""
    session = client.session
    session["citizen"] = person.ref
    session["signed_in_at"] = world().clock.now().isoformat()
    session.save()


def fill_in(client: Client, until: str = "check") -> None:
    """Every question up to the page named."""
    client.get("/apply/known")
    for name, answers in (("details", DETAILS), ("bank", BANK), ("delivery", DELIVERY)):
        if name == until:
            return
        client.post(f"/apply/{name}", answers)


def text_of(response: HttpResponse) -> str:
    """What a page says, without tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def hidden(response: HttpResponse, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    assert found, f"no hidden field {name}"
    return found.group(1)


class Page(HTMLParser):
    """What a test asks of a page's structure."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, Any]]] = []
        self.title = ""
        self._open = ""
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember every tag."""
        self.tags.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:
        """Remember the title."""
        if self._open == "title":
            self.title += data
            self._open = ""

    def all(self, tag: str) -> list[dict[str, Any]]:
        """The attributes of every such tag."""
        return [attrs for name, attrs in self.tags if name == tag]
