"""The models of the pretend appliance: one of each state, and orders that get somewhere."""

from typing import Any

from tests.static import preview_jobs, preview_sources
from tests.static.preview_house import NOW, Json, new_id
from tests.static.preview_server import Preview, route

MIRROR = "https://huggingface.co"


def _model(name: str, **fields: Any) -> Json:
    base = {
        "name": name, "kind": "language", "description": "Um modelo, Q4_K_M. Para servidores.",
        "licence": "Apache-2.0", "languages": ["en", "pt", "es"], "context": 8192,
        "ram_mb": 6500, "fits": True, "state": "absent", "size": 0, "fetched": 0, "sha256": "",
        "imported_at": None, "in_use": False, "hosts": [MIRROR], "brought": False, "job": None,
        "upload": None, "measured": None, "outlook": None,
    }  # fmt: skip
    return base | fields


def _job(state: str, **fields: Any) -> Json:
    base = {"id": new_id("j"), "kind": "pull", "state": state, "done": 0, "total": 0,
            "unit": "bytes", "problem": None, "ended_at": None}  # fmt: skip
    return base | fields


CUT = "A conexão com https://huggingface.co caiu várias vezes. O que já veio fica guardado."


MEASURED = {"measured_at": NOW, "memory_mb": 5200, "doubt": None}
SERVES = (
    "Atende bem até 4 pessoas ao mesmo tempo, com cerca de 3 palavras por segundo para cada uma."
)
BY_SIZE = "Pelo tamanho, deve atender bem uma pessoa de cada vez."
SENT = {
    "file": "mistral-small.gguf", "size": 4_000_000_000, "modified": 0, "done": 900_000_000,
    "piece_bytes": 16 << 20, "overlap_bytes": 1 << 20,
}  # fmt: skip
SURVIVED = "O estado guardado 4f1c22ab90de… estava danificado e foi lido de novo."
IN_USE = {"name": "mistral-7b-instruct-v0.3", "state": "ready", "reason": None, "fixed": False,
          "former": None, "notices": [SURVIVED]}  # fmt: skip


def furnished() -> dict[str, Json]:
    """By name."""
    models = [
        _model("mistral-7b-instruct-v0.3", state="ready", size=4_372_811_936, in_use=True,
               sha256="1f" * 32, imported_at=NOW, measured=MEASURED, outlook=SERVES),
        _model("mistral-small", ram_mb=5000, state="partial", upload=SENT, outlook=BY_SIZE),
        _model("mistral-nemo-instruct-2407", ram_mb=9500, fits=False),
        _model("qwen2.5-7b-instruct", state="partial", fetched=1_200_000_000,
               job=_job("failed", problem={"code": "source_cut", "detail": CUT})),
        _model("qwen2.5-1.5b-instruct", ram_mb=2500, state="partial", fetched=512_000_000,
               job=_job("running", done=512_000_000, total=1_117_320_736)),
        _model("qwen2.5-0.5b-instruct", ram_mb=1200, brought=True),
        _model("minilm", kind="embedder", state="installed", size=90_868_376, ram_mb=600,
               in_use=True, hosts=[]),
        _model("bge-m3", kind="embedder", licence="MIT", state="ready", size=2_271_000_000,
               ram_mb=3500, hosts=[], sha256="2e" * 32, imported_at=NOW),
    ]  # fmt: skip
    return {model["name"]: model for model in models}


@route("GET", "/api/models")
def models(self: Preview) -> None:
    machine = {"processor": "x86_64", "cores": 8, "avx2": True, "bf16": False,
               "total_mb": 8192, "available_mb": 5300}  # fmt: skip
    items = list(self.house.models.values())
    self.json({"items": items, "next": None, "machine": machine, "import_folder": "/media/usb",
               "language_model": self.house.language_model})  # fmt: skip


def _moved(self: Preview) -> preview_jobs.Told:
    """A measurement is a step further each time, and a model that loads is ready."""
    if self.house.language_model["state"] == "loading":
        self.house.language_model |= {"state": "ready"}
    yield "language_model", {one: self.house.language_model[one] for one in ("name", "state")}
    for model in self.house.models.values():
        if model["job"] and model["job"]["kind"] == "check":
            yield "job", _measured_on(model)


def _measured_on(model: Json) -> Json:
    job: Json = model["job"]
    job["done"] += 1
    if job["done"] == job["total"]:
        model |= {"job": None, "measured": MEASURED, "outlook": SERVES}
        job |= {"state": "succeeded", "ended_at": NOW}
    return job | {"subject": model["name"]}


preview_jobs.MOVERS.append(_moved)


@route("POST", "/api/models/import")
def bring(self: Preview) -> None:
    model = self.house.models[self.body()["name"]]
    model |= {"state": "ready", "size": 491_400_032, "imported_at": NOW}
    self.json({"job": _job("queued")}, 202)


@route("POST", "/api/models/{}/pull")
def pull(self: Preview, name: str) -> None:
    job = _job("running", done=10_000_000, total=491_400_032)
    self.house.models[name] |= {"job": job}
    self.json({"job": job}, 202)


@route("POST", "/api/jobs/{}/cancel")
def cancel(self: Preview, one: str) -> None:
    for model in self.house.models.values():
        if model["job"] and model["job"]["id"] == one:
            came = (
                {}
                if model["job"]["kind"] == "check"
                else {"state": "partial", "fetched": model["job"]["done"]}
            )
            model |= {"job": None} | came
    preview_sources.stop(self.house, one)
    self.json(preview_jobs.cancel(self, one))


@route("DELETE", "/api/models/{}")
def remove(self: Preview, name: str) -> None:
    self.house.models[name] |= {"state": "absent", "fetched": 0, "size": 0, "job": None}
    self.send(b"", "text/plain", 204)


@route("POST", "/api/models/{}/check")
def check(self: Preview, name: str) -> None:
    job = _job("running", kind="check", unit="trials", total=4)
    self.house.models[name] |= {"job": job}
    self.json({"job": job}, 202)


@route("POST", "/api/models/{}/use")
def use(self: Preview, name: str) -> None:
    for model in self.house.models.values():
        model["in_use"] = model["name"] == name if model["kind"] == "language" else model["in_use"]
    former = self.house.language_model["name"] or None
    self.house.language_model |= {"name": name, "state": "loading", "former": former}
    self.json(self.house.language_model)


@route("DELETE", "/api/models/{}/use")
def leave(self: Preview, name: str) -> None:
    self.house.models[name]["in_use"] = False
    self.house.language_model |= {"name": "", "state": "none", "former": name}
    self.json(self.house.language_model)


@route("POST", "/api/models/{}/upload")
def offer(self: Preview, name: str) -> None:
    given = self.body()
    upload = SENT | given | {"done": 0, "piece_bytes": 4000, "overlap_bytes": 1000}
    self.house.models[name] |= {"upload": upload, "state": "partial"}
    self.json({"upload": upload})


@route("PUT", "/api/models/{}/upload")
def piece(self: Preview, name: str) -> None:
    model, data, at = self.house.models[name], self.raw(), int(self.query["offset"])
    if at == 0 and not data.startswith(b"GGUF"):
        model |= {"upload": None, "state": "absent"}
        file = "foto.gguf não é um arquivo GGUF. Confira o arquivo e envie de novo."
        return self.problem(422, "not_a_gguf", file)
    model["upload"] |= {"done": at + len(data)}
    if model["upload"]["done"] < model["upload"]["size"]:
        return self.json({"upload": model["upload"]})
    model |= {"upload": None, "state": "ready", "size": at + len(data), "imported_at": NOW}
    return self.json({"job": _job("queued", kind="import")}, 202)
