"""The page of the simulated real-name service when it runs by itself, with its token endpoint.

It is the partner's own page, in the partner's own words; our web door has a page of its own for
the simulation inside our process.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from html import escape
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlencode

from onecard.adapters.real_name import ProvenPerson
from onecard.adapters.real_name.openid import Denied
from onecard.adapters.real_name.simulated import BadAuthorizeRequest, SimulatedProvider
from onecard.domain.masking import mask_number

HTML = "text/html; charset=utf-8"
SPOKEN_BY_US = frozenset({"real-name/token", "real-name/keys"})
"""Addresses that our own server asks, not the citizen's browser."""
_JSON = "application/json"
_MAX_FORM = 8192
_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>模拟实名认证 Simulated real-name service</title>
<h1>模拟实名认证 Simulated real-name service</h1>
<p>此服务不是真的;选择以谁的身份登录。 Not a real service; choose whom to sign in as.</p>
<form method="post" action="approve?{query}"><ul>{people}</ul></form>
<form method="post" action="deny?{query}"><button>取消 Cancel</button></form></html>"""
_PERSON = '<li><button name="person" value="{place}">{name} {number}</button></li>'

Answer = tuple[HTTPStatus, bytes, str, str]
Environ = Mapping[str, Any]


class SignInPages:
    """Everything of the service that a browser, or OpenID Connect, asks for."""

    def __init__(self, provider: SimulatedProvider) -> None:
        self._provider = provider

    def answer(self, environ: Environ, path: str) -> Answer | None:
        """Status, body, kind and location, or None when there is no such page."""
        asked = f"{environ.get('REQUEST_METHOD')} {path}"
        query = _first_of_each(str(environ.get("QUERY_STRING", "")))
        pages: Mapping[str, Callable[[], Answer]] = {
            "GET real-name/authorize": lambda: _page(query, self._provider.people()),
            "POST real-name/approve": lambda: self._approve(query, _form(environ)),
            "POST real-name/deny": lambda: _see_other(self._provider.deny(query)),
            "POST real-name/token": lambda: self._token(_form(environ)),
            "GET real-name/keys": lambda: _json(HTTPStatus.OK, self._provider.keys()),
        }
        try:
            return pages[asked]() if asked in pages else None
        except BadAuthorizeRequest:
            return HTTPStatus.BAD_REQUEST, b"bad authorize request", HTML, ""

    def _approve(self, query: Mapping[str, str], form: Mapping[str, str]) -> Answer:
        people = self._provider.people()
        chosen = form.get("person", "")
        if chosen not in {str(place) for place in range(len(people))}:
            raise BadAuthorizeRequest
        who = people[int(chosen)]
        return _see_other(self._provider.approve(query, who.identity_number))

    def _token(self, form: Mapping[str, str]) -> Answer:
        granted = self._provider.token(form)
        if isinstance(granted, Denied):
            return _json(HTTPStatus.BAD_REQUEST, {"error": granted.error})
        return _json(HTTPStatus.OK, {"id_token": granted.id_token, "token_type": "Bearer"})


def _page(query: Mapping[str, str], everybody: Iterable[ProvenPerson]) -> Answer:
    people = "".join(
        _PERSON.format(place=place, name=escape(who.name), number=mask_number(who.identity_number))
        for place, who in enumerate(everybody)
    )
    page = _PAGE.format(query=escape(urlencode(query)), people=people)
    return HTTPStatus.OK, page.encode(), HTML, ""


def _json(status: HTTPStatus, value: Mapping[str, Any]) -> Answer:
    return status, json.dumps(value).encode(), _JSON, ""


def _see_other(location: str) -> Answer:
    return HTTPStatus.SEE_OTHER, b"", HTML, location


def _form(environ: Environ) -> dict[str, str]:
    length = str(environ.get("CONTENT_LENGTH") or "0")
    size = min(int(length), _MAX_FORM) if length.isascii() and length.isdecimal() else 0
    return _first_of_each(environ["wsgi.input"].read(size).decode("utf-8", "replace"))


def _first_of_each(encoded: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(encoded).items()}
