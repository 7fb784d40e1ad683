"""The record of acts of the pretend appliance: sixty acts, and a chain that is whole."""

from typing import Any

from tests.static.preview_house import NOW, Json
from tests.static.preview_server import Preview, route

ANA = f"{7:026x}"
GONE = f"{9:026x}"
AT_ONCE = 50
FIRST: list[tuple[str, str, dict[str, Any]]] = [
    ("conversation.open", "t1",
     {"reason": "Queixa da mãe, protocolo 12", "owner": f"person:{ANA}"}),
    ("person.deactivate", ANA, {"fields": ["active"]}),
    ("session.end", "p1", {}),
    ("person.remove", GONE, {"role": "member"}),
    ("document.download", "d1", {"title": "Regimento interno"}),
    ("settings.change", "mail", {"fields": ["host", "port"]}),
    ("moon.land", "", {"steps": 1, "flag": True}),
]  # fmt: skip


def entry(number: int) -> Json:
    acts = [*FIRST, *([("key.create", "k1", {"name": "Portal"})] * 60)]
    act, subject, details = acts[60 - number]
    return {
        "id": str(number), "at": NOW, "caller": "person:p1", "name": "Helena Prado", "act": act,
        "subject": subject, "details": details, "hash": f"{number:064x}",
        "names": {ANA: "Ana Luz"} if ANA in (subject, details.get("owner", "")[7:]) else {},
    }  # fmt: skip


@route("GET", "/api/audit")
def acts(self: Preview) -> None:
    before = int(self.query.get("cursor", 61))
    wanted = self.query.get("act", "")
    found = [one for n in range(before - 1, 0, -1) if (one := entry(n))["act"].startswith(wanted)]
    page = [] if self.query.get("q") == "nada" else found[:AT_ONCE]
    more = page and len(found) > AT_ONCE
    self.json({"items": page, "next": page[-1]["id"] if more else None})


@route("GET", "/api/audit/acts")
def known(self: Preview) -> None:
    self.json({"acts": sorted({act for act, *_ in FIRST})})


@route("POST", "/api/audit/verify")
def verify(self: Preview) -> None:
    head = self.body()["head"]
    if head and ":" not in head:
        return self.problem(400, "bad_head", f"“{head}” não é um ponto da corrente.")
    broken = {"intact": False, "broken": 61, "fault": "cut"} if head.startswith("61:") else {}
    end = {"id": 60, "hash": f"{60:064x}"}
    return self.json({"intact": True, "rows": 60, "blanked": 2, "forgotten": 0, "head": end,
                      "broken": None, "fault": None} | broken)  # fmt: skip
