"""The network exit of the pretend appliance: something of everything, and a self-test that
passes while somebody listens."""

from typing import Any

from tests.static import preview_jobs
from tests.static.preview_house import NOW, Json
from tests.static.preview_server import Preview, route

# What the real one looks like.
KEY = "5f1c 09ab 77d0 3e42 c1a8 6f90 2b7d e415 90cc 3a61 d84f 1b25 a7e3 0d96 4c58 f2b1"
TRIED = (
    "Enquanto fazia o trabalho, a cópia tentou alcançar 192.0.2.1. Nada nesta instalação deveria: "
    "guarde este relatório e avise quem cuida dela."
)


def _may(purpose: str, address: str, because: str) -> Json:
    origin = address if "://" not in address else "/".join(address.split("/")[:3])
    return {"origin": origin, "purpose": purpose, "address": address, "because": because}


def _made(origin: str, purpose: str, requests: int, refused: int, *, allowed: bool) -> Json:
    return {
        "origin": origin, "purpose": purpose, "requests": requests, "refused": refused,
        "first_at": NOW, "last_at": NOW, "allowed": allowed,
        "outside": requests > 0 and not allowed,
    }  # fmt: skip


def tested(*, passed: bool) -> Json:
    """A self-test as the API tells it."""
    attempt = {"host": "192.0.2.1", "port": 443, "by": "connect", "times": 2}
    return {
        "id": "r0001", "made_at": NOW, "report_passed": False, "passed": passed, "isolated": True,
        "tracer": "strace" if passed else "hook",
        "model": "qwen2.5-1.5b-instruct" if passed else "",
        "seconds": 41.7, "message": "" if passed else TRIED,
        "attempts": [] if passed else [attempt],
    }  # fmt: skip


SHEET: Json = {
    "days": 30,
    "destinations": [
        _may("crawl", "http://intranet.escola.lan/secretaria", "source_sites"),
        _may("mail", "correio.escola.lan", "mail"),
        _may("pull", "https://huggingface.co", "catalogue"),
        _may("pull", "https://cdn-lfs-us-1.hf.co", "catalogue"),
    ],
    "contacts": [
        _made("https://antigo.escola.example:8443", "crawl", 12, 0, allowed=False),
        _made("http://intranet.escola.lan", "crawl", 1240, 3, allowed=True),
        _made("smtp://correio.escola.lan:587", "mail", 1, 0, allowed=True),
        _made("https://rastreador.example", "crawl", 0, 2, allowed=False),
    ],
    "outside": 1,
    "resolvers": [
        {"address": "10.0.0.53", "public": False},
        {"address": "1.1.1.1", "public": True},
    ],
    "fingerprint": KEY,
}


@route("GET", "/api/egress")
def sheet(self: Preview) -> None:
    state: dict[str, Any] = self.house.egress
    self.json(SHEET | {"test": state.get("test"), "job": state.get("job")})


def _moved(self: Preview) -> preview_jobs.Told:
    """It runs the first time somebody listens, and has passed the second."""
    job = self.house.egress.get("job")
    if not job:
        return
    job["heard"] += 1
    if job["heard"] > 1:
        self.house.egress = {"test": tested(passed=True)}
        job |= {"state": "succeeded", "ended_at": NOW}
    yield "job", job


preview_jobs.MOVERS.append(_moved)


@route("POST", "/api/egress/test")
def order(self: Preview) -> None:
    self.house.egress["job"] = {"id": "j0001", "kind": "egress", "subject": "", "state": "running",
                                "ended_at": None, "heard": 0}  # fmt: skip
    self.json({"job": self.house.egress["job"]}, 202)
