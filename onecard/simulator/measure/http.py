"""Pages of the running platform against a bare Django view on the same server.

    python -m onecard.simulator.measure.http SECONDS_PER_PAGE CLIENTS PORT

The server runs beside with a demo city (`ONECARD_BENCH=1` gives it the bare view). Prints JSON.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

import httpx

from onecard.simulator.measure.rounds import Timed, timed

BARE = "/bench/bare"
ROUNDS = 3
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PERSON = re.compile(r'name="person" value="([^"]+)"')
KEPT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass(frozen=True)
class Page:
    """One page as measured: times, size, and calls a second against the bare view's."""

    path: str
    signed_in: str
    timed: Timed
    bytes: int
    ratio: float


def main(arguments: list[str]) -> None:
    """Measure and print."""
    seconds, clients = float(arguments[0]), int(arguments[1])
    base = f"http://127.0.0.1:{int(arguments[2])}"
    citizen, clerk = _citizen(base), _clerk(base)
    plan: list[tuple[str, str, dict[str, str]]] = [
        ("/", "", {}),
        ("/help", "", {}),
        ("/api/v1/banks", "", {}),
        ("/me", "citizen", citizen),
        ("/applications", "citizen", citizen),
        ("/cards", "citizen", citizen),
        ("/counter/", "clerk", clerk),
        ("/counter/stock", "clerk", clerk),
    ]
    pages = []
    for path, who, cookies in plan:
        print(f"{path} {who}", file=sys.stderr, flush=True)
        pages.append(asdict(_measure(base, path, who, cookies, seconds, clients)))
    print(json.dumps({"clients": clients, "pages": pages}))


def _measure(
    base: str, path: str, who: str, cookies: dict[str, str], seconds: float, clients: int
) -> Page:
    """The page and the bare view in turn; the median of the ratios of the rounds."""
    part = seconds / ROUNDS
    size = len(_must_be_there(base, path, cookies))
    rounds = [
        (_load(base, path, cookies, part, clients), _load(base, BARE, {}, part, clients))
        for _ in range(ROUNDS)
    ]
    ordered = sorted(rounds, key=lambda pair: pair[0].per_second / pair[1].per_second)
    page, bare = ordered[len(ordered) // 2]
    return Page(path, who, page, size, page.per_second / bare.per_second)


def _must_be_there(base: str, path: str, cookies: dict[str, str]) -> bytes:
    answer = httpx.get(base + path, cookies=cookies, timeout=30)
    if answer.status_code != httpx.codes.OK:
        message = f"{path} answers {answer.status_code}"
        raise RuntimeError(message)
    return answer.content


def _load(base: str, path: str, cookies: dict[str, str], seconds: float, clients: int) -> Timed:
    """Ask again and again for some seconds, each client on its own connection."""
    spent: list[float] = []
    browsers = [httpx.Client(cookies=cookies, timeout=30, verify=False) for _ in range(clients)]  # noqa: S501 - loopback, no TLS
    begun = time.perf_counter()
    until = begun + seconds

    def ask(browser: httpx.Client) -> None:
        now = begun
        while not spent or now < until:
            asked = time.perf_counter()
            browser.get(base + path)
            now = time.perf_counter()
            spent.append(now - asked)

    threads = [threading.Thread(target=ask, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for browser in browsers:
        browser.close()
    return timed(spent, time.perf_counter() - begun)


def _citizen(base: str) -> dict[str, str]:
    """Sign in as the demo citizen whose card is in use, as a browser would."""
    with httpx.Client(base_url=base, follow_redirects=True, timeout=30) as browser:
        page = browser.get("/real-name/begin", params={"next": "/me"})
        form = dict(KEPT.findall(page.text)) | {"person": PERSON.findall(page.text)[0]}
        form["csrfmiddlewaretoken"] = TOKEN.findall(page.text)[-1]
        browser.post(str(page.url), data=form, headers={"Referer": str(page.url)})
        return dict(browser.cookies)


def _clerk(base: str) -> dict[str, str]:
    """Sign in as the demo clerk with the one-time code of this half minute."""
    from onecard.queries.demo import PASSWORD
    from onecard.queries.staff import demo_code
    from onecard.seams.world import world

    with httpx.Client(base_url=base, follow_redirects=True, timeout=30) as browser:
        page = browser.get("/sign-in/")
        _post(browser, page, username="clerk", password=PASSWORD)
        page = browser.get("/sign-in/code")
        _post(browser, page, code=demo_code(username="clerk", at=world().clock.now()) or "")
        return dict(browser.cookies)


def _post(browser: httpx.Client, page: httpx.Response, **fields: Any) -> httpx.Response:
    form = {"csrfmiddlewaretoken": TOKEN.findall(page.text)[-1], **fields}
    return browser.post(str(page.url), data=form, headers={"Referer": str(page.url)})


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onecard.config.settings")
    import django

    django.setup()
    main(sys.argv[1:])
