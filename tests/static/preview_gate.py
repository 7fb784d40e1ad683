"""The gate of the pretend appliance: a change of strictness to "helpful" turns a question red."""

from tests.static import preview_golden
from tests.static.preview_house import NOW, Json
from tests.static.preview_server import Preview, route

GATES: dict[int, dict[str, Json]] = {}  # by house, then by assistant


def kept(self: Preview, assistant: str) -> Json:
    return GATES.setdefault(id(self.house), {}).setdefault(assistant, {"on": False, "held": None})


def held(self: Preview, assistant: str, wanted: Json) -> bool:
    """Whether a change waits at the gate; it is red at once."""
    gate, now = kept(self, assistant), self.house.assistants[assistant]
    if not gate["on"] or wanted.get("strictness", now["strictness"]) == now["strictness"]:
        return False
    first = preview_golden.kept(self, assistant)["questions"][0]
    gate["wanted"] = wanted
    gate["held"] = {
        "asking": False,
        "changes": [
            {
                "field": "strictness",
                "before": now["strictness"],
                "after": wanted["strictness"],
            }
        ],
        "red": [{"id": first["id"], "question": first["question"]}],
        "created_at": NOW,
    }
    return True


def shown(self: Preview, assistant: str) -> Json:
    gate = kept(self, assistant)
    questions = len(preview_golden.kept(self, assistant)["questions"])
    return {"on": gate["on"], "questions": questions, "held": gate["held"]}


@route("GET", "/api/assistants/{}/gate")
def show(self: Preview, assistant: str) -> None:
    self.json(shown(self, assistant))


@route("PATCH", "/api/assistants/{}/gate")
def turn(self: Preview, assistant: str) -> None:
    kept(self, assistant)["on"] = self.body()["on"]
    self.json(shown(self, assistant))


@route("POST", "/api/assistants/{}/gate/publish")
def publish(self: Preview, assistant: str) -> None:
    gate = kept(self, assistant)
    self.house.assistants[assistant] |= gate.pop("wanted")
    gate["held"] = None
    self.json(self.house.assistants[assistant])


@route("DELETE", "/api/assistants/{}/gate/held")
def drop(self: Preview, assistant: str) -> None:
    kept(self, assistant)["held"] = None
    self.send(b"", "text/plain", 204)
