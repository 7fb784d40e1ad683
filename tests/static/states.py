"""The states of a page beside the usual one: nothing to show, a thousand rows, a server that
refuses, one that has not answered yet. Put between any page and its server, real or pretended."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Route

ROWS = 1000
DETAIL = "O banco de dados não respondeu. Tente de novo em um minuto."
# Who is there and which assistant is open stays known: the frame and its tabs stand on it.
FRAME = re.compile(r"/api/(session|setup|system|jobs/events|assistants/[^/]+$|collections/[^/]+$)")
LISTS = re.compile(r"/api/(session|jobs/events)")


def empty(page: Page) -> None:
    """Every list is empty."""
    _lists(page, lambda items: [])


def many(page: Page) -> None:
    """Every list that has something has a thousand rows."""

    def copied(items: list[Any]) -> list[Any]:
        if not items or not all(isinstance(one, dict) for one in items):
            return items
        repeated = (items[number % len(items)] for number in range(ROWS))
        return [
            one | {"id": f"{one['id']}{number}"} if number >= len(items) and "id" in one else one
            for number, one in enumerate(repeated)
        ]

    _lists(page, copied)


def refused(page: Page) -> list[str]:
    """Nothing can be asked; the addresses that were, as they are asked."""
    told: list[str] = []
    body = {"type": "about:blank", "title": "x", "status": 503, "code": "busy", "detail": DETAIL,
            "request_id": "r1"}  # fmt: skip

    def answer(route: Route) -> None:
        if route.request.method != "GET" or FRAME.search(route.request.url):
            return route.fallback()
        told.append(route.request.url.split("/api", 1)[1])
        return route.fulfill(
            status=503, content_type="application/problem+json", body=json.dumps(body)
        )

    page.route("**/api/**", answer)
    return told


def waiting(page: Page) -> None:
    """Nothing is answered."""

    def hold(route: Route) -> None:
        if route.request.method != "GET" or FRAME.search(route.request.url):
            route.fallback()

    page.route("**/api/**", hold)


def _lists(page: Page, changed: Callable[[list[Any]], list[Any]]) -> None:
    def answer(route: Route) -> None:
        if route.request.method != "GET" or LISTS.search(route.request.url):
            return route.fallback()
        with suppress(PlaywrightError):  # the page was left meanwhile
            told = route.fetch()
            if "json" not in told.headers.get("content-type", ""):
                return route.fulfill(response=told)
            body = told.json()
            if isinstance(body, dict) and isinstance(body.get("items"), list):
                body |= {"items": changed(body["items"]), "next": None}
            return route.fulfill(response=told, json=body)
        return None

    page.route("**/api/**", answer)
