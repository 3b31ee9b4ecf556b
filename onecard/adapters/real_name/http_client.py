"""The real-name service over HTTPS: its token endpoint, its public keys, its name check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from onecard.adapters.caller import OK, Caller, Line
from onecard.adapters.outcomes import PartnerUnsure
from onecard.adapters.real_name import messages as say
from onecard.adapters.real_name.openid import Denied, Granted
from onecard.adapters.wire import Answer, Malformed, converter, read_json, structure
from onecard.seams.transport import Answered, Request

_FORM = "application/x-www-form-urlencoded"
_DENIED = 400
_CODEC = converter(names={}, codes={})


class HttpProvider:
    """Answers as `Provider` says."""

    def __init__(self, line: Line) -> None:
        self._line, self._caller = line, Caller(line, say.CODEC)

    def issuer(self) -> str:
        """The address under which it is reached."""
        return self._line.url

    def token(self, form: Mapping[str, str]) -> Granted | Denied:
        """Redeem a code; tried again only when the request surely never left."""
        body = urlencode(form).encode()
        request = Request("POST", f"{self._line.url}/token", {"Content-Type": _FORM}, body)
        answered = self._caller.send(request, repeatable=False)
        if answered.status == _DENIED:
            return self._shaped(answered, Denied)
        if answered.status != OK:
            raise self._caller.silence(answered)
        return self._shaped(answered, Granted)

    def keys(self) -> Mapping[str, Any]:
        """Its public keys, fetched anew for every sign-in: a key taken back is gone at once."""
        request = Request("GET", f"{self._line.url}/keys")
        answered = self._caller.send(request, repeatable=True)
        if answered.status != OK:
            raise self._caller.silence(answered)
        return self._json(answered)

    def matches(self, *, name: str, identity_number: str) -> bool:
        """Whether name and number belong together."""
        asked = say.NameAndNumber(name, identity_number)
        return self._caller.call(say.MATCHES, asked).matches

    def _json(self, answered: Answered) -> dict[str, Any]:
        try:
            return read_json(answered.body)
        except Malformed as broken:
            raise PartnerUnsure(self._line.partner, str(broken)) from broken

    def _shaped(self, answered: Answered, shape: type[Answer]) -> Answer:
        try:
            return structure(_CODEC, self._json(answered), shape)
        except Malformed as broken:
            raise PartnerUnsure(self._line.partner, str(broken)) from broken
