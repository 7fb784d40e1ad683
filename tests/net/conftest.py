"""The town of sites, for the tests of the gate that leads to them."""

from tests.town import canary, here, web

__all__ = ["canary", "here", "web"]
