"""The backups of the pretend appliance: one verified, one not yet, one that did not pass."""

from typing import Any

from tests.static.preview_house import NOW, Json, new_id
from tests.static.preview_server import Preview, route

DAMAGED = "Este backup está danificado ou incompleto: o que está nele não é o que foi escrito."
OLD = "O último backup verificado tem 9 dia(s). Faça outro e prove-o."


def made(number: int, day: str, **more: Any) -> Json:
    file = f"/mnt/nas/balcao/balcao-202611{day}T023000Z-{number:04}.balcao"
    return {
        "id": f"b{number}", "file": file, "made_at": f"2026-11-{day}T02:30:00.000Z",
        "bytes": 1_482_000_000 + number, "documents": 1240, "program": "0.7.0",
        "verified_at": None, "problem": None,
    } | more  # fmt: skip


def listed() -> list[Json]:
    return [
        made(3, "23"),
        made(2, "22", problem={"code": "backup_damaged", "detail": DAMAGED}),
        made(1, "21", verified_at="2026-11-21T02:41:00.000Z"),
    ]


def routine() -> Json:
    return {
        "passphrase": True, "days": ["mon", "wed", "fri"], "at": "02:30",
        "folder": "/mnt/nas/balcao", "mount": "/mnt/nas", "place": "/mnt/nas/balcao",
        "beside_data": False, "next_at": "2026-11-25T02:30:00.000Z", "promised_days": 4,
        "keep_days": 7, "keep_weeks": 4, "keep_months": 6, "kept_days": 186, "backup_days": 90,
    }  # fmt: skip


def kept(self: Preview) -> Json:
    if not self.house.backups:
        self.house.backups = {"items": listed(), "routine": routine()}
    return self.house.backups


@route("GET", "/api/backups")
def index(self: Preview) -> None:
    told = kept(self)
    last = next((one for one in told["items"] if one["verified_at"]), None)
    live = (one for one in self.house.jobs.values() if one["kind"] == "backup")
    self.json(
        {
            "items": told["items"], "next": None, "last_verified": last, "age_seconds": 190_000,
            "state": "verified" if last else "none", "problem": None,
            "job": next((one for one in live if not one["ended_at"]), None),
            "routine": told["routine"],
        }
    )  # fmt: skip


def begun(self: Preview, kind: str, subject: str) -> None:
    job = {
        "id": new_id("j"), "kind": kind, "subject": subject, "about": "", "state": "queued",
        "done": 0, "total": 5, "unit": "bytes", "problem": None, "created_at": NOW,
        "started_at": None, "ended_at": None,
    }  # fmt: skip
    self.house.jobs[job["id"]] = job
    self.json({"job": job}, 202)


@route("POST", "/api/backups")
def order(self: Preview) -> None:
    kept(self)["items"].insert(0, made(4, "24", verified_at=NOW))
    begun(self, "backup", "backups")


@route("POST", "/api/backups/{}/verify")
def verify(self: Preview, one: str) -> None:
    found = next(each for each in kept(self)["items"] if each["id"] == one)
    found.update(verified_at=NOW, problem=None)
    begun(self, "verify", one)


@route("PATCH", "/api/backups")
def change(self: Preview) -> None:
    told = kept(self)["routine"]
    given = self.body()
    told |= given | {"passphrase": bool(given.get("passphrase", told["passphrase"]))}
    self.json(told)
