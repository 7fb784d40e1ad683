"""The preview itself: it lets everybody in who stood at its door, also as it closes."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.static.preview import serving


def test_who_stands_at_the_door_when_it_closes_is_still_answered() -> None:
    """Closing a listening socket resets what nobody has accepted yet."""
    asked = []
    with serving() as address:
        url = urlsplit(address)
        for _ in range(60):
            one = socket.create_connection((url.hostname, url.port), timeout=30)
            one.sendall(b"GET /api/setup HTTP/1.0\r\n\r\n")
            asked.append(one)

    for one in asked:
        with one, one.makefile("rb") as told:
            assert told.readline().startswith(b"HTTP/1.0 200")


def test_after_that_the_door_is_shut() -> None:
    with serving() as address:
        url = urlsplit(address)

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((url.hostname, url.port), timeout=30)
