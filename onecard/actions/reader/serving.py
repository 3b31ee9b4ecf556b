"""读卡桥与手机: the reader on this desk lent to a page, and a phone that is only a wire."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from onecard.actions.reader._saying import in_words
from onecard.adapters.reader import Readers
from onecard.adapters.reader.bridge import USUAL_PORT, Bridge
from onecard.adapters.reader.carrier import Carrier
from onecard.adapters.reader.desk import choose, desk_readers
from onecard.adapters.reader.once import GivenOnce
from onecard.adapters.reader.relay import PlatformApi, ServerAway, ServerSaysNo, hold_card
from onecard.domain.refusal import Fix, FixKind, Refusal, Refused
from onecard.seams.world import world

TOKEN_BYTES = 5
"""Eight characters; five wrong ones and the bridge is deaf."""

GIVEN = "reader/given"
Tell = Callable[[str], object]


@dataclass(frozen=True)
class Page:
    """For whom a bridge opens: pages of these origins."""

    origins: tuple[str, ...]
    port: int = USUAL_PORT
    token: str = ""


@dataclass(frozen=True)
class Held:
    """How a tap ended, in the server's words."""

    outcome: str
    order: str
    state: str
    facts: dict[str, object]


def open_bridge(
    page: Page, *, home: Path, tell: Tell, reader: str = "", readers: Readers | None = None
) -> Bridge:
    """A bridge that listens; whoever asked for it serves and stops it.

    Its token is drawn anew unless the page brings one.
    Raises `Refused`: `reader.none`, `reader.port_taken`.
    """
    carrier = _carrier(home, tell, reader, readers)
    token = page.token or base64.b32encode(world().rng.bytes(TOKEN_BYTES)).decode("ascii")
    try:
        return Bridge(carrier, page.origins, token, page.port, tell)
    except OSError as taken:
        carrier.close()
        fix = Fix(FixKind.CHANGE_INPUT, {"field": "port"})
        refusal = Refusal("reader.port_taken", {"port": page.port}, field="port", fix=fix)
        raise Refused(refusal) from taken


def play_phone(
    *,
    server: str,
    token: str,
    home: Path,
    tell: Tell,
    order: str = "",
    reader: str = "",
    readers: Readers | None = None,
) -> Held:
    """Hold the card on the reader for an order, or only to look at it.

    Raises `Refused`: `reader.none`, `reader.server_says_no`, `reader.server_away`.
    """
    carrier = _carrier(home, tell, reader, readers)
    try:
        told = hold_card(PlatformApi(server, token), carrier, order=order)
    except ServerSaysNo as no:
        raise Refused(Refusal("reader.server_says_no", facts={"said": str(no)})) from no
    except ServerAway as away:
        raise Refused(Refusal("reader.server_away", facts={"server": server})) from away
    finally:
        carrier.close()
    return Held(told["outcome"], told["order"], told["state"], dict(told["facts"]))


def _carrier(home: Path, tell: Tell, reader: str, readers: Readers | None) -> Carrier:
    with in_words():
        found = readers or desk_readers()
        return Carrier(found, choose(found, reader), GivenOnce(home / GIVEN), tell)
