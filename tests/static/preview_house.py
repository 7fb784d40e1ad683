"""What the preview knows and says: people, assistants, documents, scripted answers.

A pretend appliance for the faces: it keeps what it is given while it runs, and
answers from a script. Shapes are those of the API contract.
"""

import itertools
import threading
from typing import Any

from tests.static import preview_paper as paper

Json = dict[str, Any]
NOW = "2026-11-23T09:00:00.000Z"
_count = itertools.count(1)
PAPERS = (
    "certidão de nascimento, comprovante de residência emitido há menos de noventa dias "
    "e histórico escolar"
)
PLACES = {PAPERS: "Art. 2º"}  # what is cited by its place in the law


def new_id(kind: str) -> str:
    return f"{kind}{next(_count):04d}"


def document(collection: str, title: str, **fields: Any) -> Json:
    base: Json = {
        "id": new_id("d"), "collection": collection, "title": title, "file_name": f"{title}.pdf",
        "media_type": "application/pdf", "bytes": 482_113, "sha256": "0" * 64, "language": "pt",
        "state": "ready", "problem": None, "pages": 4, "pages_unreadable": 0, "chunks": 18,
        "created_at": NOW, "ready_at": NOW, "valid_from": None, "valid_to": None,
        "supersedes": None,
        "parent": None,
    }  # fmt: skip
    return base | fields


LOOK: Json = {
    "logo": "", "icon": "paper", "position": "right", "label": "", "disclaimer": "", "words": {},
}  # fmt: skip


class House:
    """Everything, in memory. ``furnished`` starts with a person, assistants and documents."""

    def __init__(self, *, furnished: bool) -> None:
        self.lock = threading.Lock()
        self.person: Json | None = None
        self.signed_in = False
        self.assistants: dict[str, Json] = {}
        self.collections: dict[str, Json] = {}
        self.documents: dict[str, Json] = {}
        self.jobs: dict[str, Json] = {}
        self.past: dict[str, Json] = {}  # jobs from before: preview_jobs
        self.keys: dict[str, Json] = {}
        self.groups: dict[str, Json] = {}  # preview_rights
        self.conversations: dict[str, Json] = {}
        self.models: dict[str, Json] = {}
        self.language_model: Json = {}
        self.engines: dict[str, Json] = {}
        self.settings: dict[str, Any] = {}
        self.backups: dict[str, Any] = {}  # preview_backups
        self.egress: dict[str, Any] = {}  # the self-test and its job: preview_egress
        self.golden: dict[str, Json] = {}  # by assistant: preview_golden
        self.visitors: dict[str, Json] = {}  # by assistant: preview_visitors
        self.approved: dict[str, list[Json]] = {}  # by assistant: preview_approved
        self.flows: dict[str, Json] = {}  # by assistant: preview_flows
        self.handovers: list[Json] = []
        self.hooks: dict[str, str] = {}  # by assistant: when its secret was made
        self.gaps: list[Json] = []  # preview_gaps
        self.second_factor = self.wants_second_factor = False
        self.pages: dict[str, dict[int, Json]] = {}  # by document and number: preview_reading
        self.proposals: dict[str, Json] = {}
        self.wishes: list[Json] = []  # how documents were asked to be read again
        self.sources: dict[str, Json] = {}
        self.trash: dict[str, Json] = {}
        self.erased: dict[str, int] = {}  # looks at each receipt: preview_subjects
        self.holds: dict[str, Json] = {}
        self.due = 341 if furnished else 0  # over its time, and waits
        self.versions: dict[str, list[Json]] = {}  # of assistants: preview_maker
        self.logos: dict[str, bytes] = {}
        if furnished:
            self._furnish()

    def _furnish(self) -> None:
        self.enrol({"name": "Helena Prado", "email": "helena@escola.example", "language": "pt"})
        self.signed_in = True
        school = self.add_assistant(
            {
                "name": "Secretaria da escola",
                "greeting": "Olá! Sou a secretaria. Pergunte sobre matrícula, faltas e prazos.",
                "suggestions": [
                    "Até quando entrego os recibos?",
                    "Quais documentos a matrícula pede?",
                    "Qual é a frequência mínima?",
                ],
                "contact": "Secretaria, (11) 5555-0199",
                "origins": ["https://www.escola.example"],
            }
        )
        self.add_assistant({"name": "Contratos", "accent": "#7a2e3a"})
        self.add_assistant({"name": "Recursos humanos", "accent": "#2e6b4f"})
        shelf = school["collections"][0]
        for one in (
            document(shelf, "Regimento interno"),
            document(shelf, "Ata do conselho 2019", pages=14, pages_unreadable=2),
            document(
                shelf, "Calendário 2027", file_name="calendario.md", media_type="text/markdown",
                pages=1, bytes=8_210,
            ),
            document(
                shelf, "Contrato antigo", state="failed", pages=0, chunks=0,
                problem={
                    "code": "encrypted",
                    "detail": "“Contrato antigo.pdf” está protegido por senha. "
                    "Retire a senha e envie de novo.",
                },
            ),
        ):  # fmt: skip
            self.documents[one["id"]] = one

    def enrol(self, given: Json) -> Json:
        self.person = {
            "id": "p1", "role": "admin", "created_at": NOW,
            "name": given["name"], "email": given["email"], "language": given["language"],
        }  # fmt: skip
        return self.person

    def add_assistant(self, given: Json) -> Json:
        shelf = {"id": new_id("c"), "name": given["name"], "documents": 0, "created_at": NOW}
        self.collections[shelf["id"]] = shelf
        one: Json = {
            "id": new_id("a"), "slug": "secretaria", "public_id": new_id("pub"), "language": "pt",
            "instructions": "", "greeting": "", "suggestions": [], "refusal": "", "contact": "",
            "mode": None, "strictness": "balanced", "accent": "#27467f", "origins": [],
            "collections": [shelf["id"]], "created_at": NOW, "engine": None,
            "leaves_building": False, "look": dict(LOOK),
        }  # fmt: skip
        one |= given
        self.assistants[one["id"]] = one
        return one

    def rules(self) -> Json:
        """The document that the scripted answers cite."""
        first = next((d for d in self.documents.values() if d["state"] == "ready"), None)
        return first or document("c0", "Regimento interno", id="d0")

    def answer(self, question: str, conversation: str | None, as_of: str | None = None) -> Json:
        """A whole answer by the words of its question, kept in its conversation."""
        script = _scripted(question)
        cites = [self._citation(n, words) for n, words in enumerate(script["cites"], 1)]
        text = " ".join(f"{said}{mark}" for said, _, mark in script["says"])
        sentences, at = [], 0
        for said, supported, mark in script["says"]:
            numbers = [int(n) for n in mark.strip(" []")] if mark else []
            sentences.append(
                {"text": said, "start": at, "end": at + len(said), "supported": supported,
                 "citations": numbers, "reason": None if supported else script.get("reason")}
            )  # fmt: skip
            at += len(said) + len(mark) + 1
        kept = self.conversations.setdefault(
            conversation or new_id("t"),
            {"id": "", "assistant": "", "title": question, "created_at": NOW, "updated_at": NOW,
             "messages": []},
        )  # fmt: skip
        kept["id"] = next(key for key, value in self.conversations.items() if value is kept)
        whole = {
            "message": new_id("m"), "conversation": kept["id"], "state": script["state"],
            "mode": "generate", "answer": text, "sentences": sentences, "citations": cites,
            "passages": self._passages(script["cites"]),
            "as_of": as_of, "unread": [], "newer": [], **script.get("caveats", {}),
            # A question that begins with "E " follows another and is searched in other words.
            "query": "prazo dos recibos na secretaria" if question.startswith("E ") else None,
            "took": {"passages_ms": 14, "first_token_ms": 830, "total_ms": 5210, "queue_ms": 0,
                     "tokens": 96},
        }  # fmt: skip
        kept["messages"].append(
            {"id": whole["message"], "question": question, "state": whole["state"],
             "created_at": NOW, "answer": whole, "feedback": None}
        )  # fmt: skip
        return whole

    def _citation(self, n: int, words: str) -> Json:
        page, start, end = paper.place(words)
        rules = self.rules()
        return {
            "n": n, "document": {"id": rules["id"], "title": rules["title"]}, "page": page,
            "start": start, "end": end, "quote": words, "place": PLACES.get(words, ""),
            "url": f"/#/documents/{rules['id']}?page={page}&start={start}&end={end}",
        }  # fmt: skip

    def passages(self, question: str) -> list[Json]:
        """What a search for a question finds."""
        return self._passages(_scripted(question)["cites"])

    def _passages(self, cites: list[str]) -> list[Json]:
        rules = self.rules()
        found = []
        for n, words in enumerate([*cites, "A frequência mínima", "O uso do uniforme"], 1):
            page, start, _ = paper.place(words)
            # A passage begins before what it is cited for, as a real one does.
            start = paper.start_of(page)
            text = paper.pages()[page - 1].replace("\n", " ")
            found.append(
                {"n": n, "document": {"id": rules["id"], "title": rules["title"]}, "page": page,
                 "heading": f"Capítulo {'I' * min(page, 3)}", "text": text, "start": start,
                 "end": start + len(text), "place": PLACES.get(words, ""), "score": 0.8,
                 "found_by": ["keywords", "meaning"]}
            )  # fmt: skip
        return found


def _scripted(question: str) -> Json:
    low = question.lower()
    if "ata" in low.split():
        names = ["Ata do conselho 2019", "Ata do conselho 2020"]
        old, new = ({"id": f"d-{name[-4:]}", "title": name} for name in names)
        return _scripted("") | {
            "caveats": {
                "unread": [{"document": old, "pages": [3, 9]}],
                "newer": [{"document": old, "newer": new, "valid_from": "2020-02-01"}],
            }
        }
    if "diploma" in low:
        said = "A segunda via do diploma custa R$ 45,00 e fica pronta em dez dias úteis."
        return {
            "state": "answered", "cites": [], "says": [(said, True, "")],
            "caveats": {"said_by": "office"},
        }  # fmt: skip
    if low.startswith("olá"):
        return {
            "state": "answered", "cites": [], "says": [("Olá! Sou a secretaria.", True, "")],
            "caveats": {"said_by": "house", "offers": ["Qual é a frequência mínima?"]},
        }  # fmt: skip
    if "certificado" in low:
        offers = ["Quanto custa a segunda via do diploma?"]
        return _scripted("piscina") | {"caveats": {"offers": offers}}
    if "pedir matrícula" in low:
        return _scripted("olá") | {"caveats": {"said_by": "house", "form": True}}
    if "pessoa" in low:
        return _scripted("olá") | {"caveats": {"said_by": "house", "handover": True}}
    if "piscina" in low:
        return {
            "state": "refused",
            "cites": [],
            "says": [("Não encontrei isso nos documentos que posso ler.", True, "")],
        }
    if "ataque" in low:
        return {
            "state": "answered",
            "cites": [],
            "says": [
                ("<img src=x onerror=fetch('/canary-xss')> ![x](//canary.test/?d=1)", True, ""),
                ("</script><svg/onload=fetch('/canary-xss')> [c](javascript:alert(1))", False, ""),
            ],
        }
    if "documentos" in low or "matrícula" in low:
        return {
            "state": "answered",
            "cites": [PAPERS],
            "says": [
                ("A matrícula pede:\n\n- certidão de nascimento;\n- comprovante de residência com "
                 "menos de noventa dias;\n- histórico escolar da escola de origem.", True, " [1]"),
                ("A secretaria aceita até 3 cópias simples.", False, ""),
            ],
            "reason": "number",
        }  # fmt: skip
    return {
        "state": "answered",
        "reason": "words",
        "cites": [
            "Os recibos e requerimentos devem ser entregues na secretaria até o dia 5 de cada mês.",
            "Pedidos entregues depois desse dia são analisados no mês seguinte.",
        ],
        "says": [
            ("Os recibos devem ser entregues na secretaria **até o dia 5** de cada mês.", True,
             " [1]"),
            ("O que chegar depois desse dia é analisado no mês seguinte.", True, " [2]"),
            ("Em geral a secretaria também aceita o envio por e-mail.", False, ""),
        ],
    }  # fmt: skip
