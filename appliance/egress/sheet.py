"""A report as a page to read and to print: one file of HTML, that asks nobody for anything."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from appliance.errors import sentence, sentences
from appliance.records import Language, Problem

PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; color: #1d2329; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.6rem; margin: 0 0 .25rem; }}
h2 {{ font-size: 1.05rem; margin: 2rem 0 .5rem; border-bottom: 1px solid #d5dade; padding-bottom: .25rem; }}
table {{ border-collapse: collapse; width: 100%; }}
td, th {{ text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; overflow-wrap: anywhere; }}
th {{ font-weight: 600; width: 32%; }}
.head th {{ width: auto; border-bottom: 1px solid #d5dade; }}
.good {{ color: #14633a; }} .bad {{ color: #a31621; font-weight: 600; }}
.verdict {{ font-size: 1.15rem; font-weight: 600; margin: .75rem 0; }}
code {{ font: .85em ui-monospace, monospace; overflow-wrap: anywhere; }}
@media print {{ body {{ margin: 0; max-width: none; }} h2 {{ break-after: avoid; }} }}
</style>
</head>
<body>
{body}
</body>
</html>
"""  # noqa: E501


class Sheet:
    """Writes one report in one language."""

    def __init__(self, file: Mapping[str, Any], language: Language) -> None:
        self.report: Mapping[str, Any] = file["report"]
        self.signature: Mapping[str, str] = file["signature"]
        self.language = language

    def page(self) -> str:
        """The whole page."""
        parts = [
            f"<h1>{self._said('title')}</h1>",
            f"<p>{escape(self.report['organization'])}</p>",
            self._verdict(),
            self._section("test", self._test()),
            self._section("destinations", self._destinations()),
            self._section("contacts", self._contacts()),
            self._section("names", self._resolvers()),
            self._section("machine", _rows(self._machine())),
            self._section("settings", _rows(self.report["settings"].items())),
            self._section("signature", _rows(self._signed())),
            f"<p>{self._said('check')}</p>",
        ]
        return PAGE.format(language=self.language, title=self._said("title"), body="\n".join(parts))

    def _said(self, what: str, **facts: Any) -> str:
        return escape(sentence(f"say_egress_{what}", facts, self.language))

    def _verdict(self) -> str:
        kind, said = ("good", "passed") if self.report["passed"] else ("bad", "failed")
        moment = _moment(self.report["made_at"])
        return f'<p class="verdict {kind}">{self._said(said)}</p><p>{moment}</p>'

    def _section(self, name: str, body: str) -> str:
        return f"<h2>{self._said(name, days=self.report['days'])}</h2>\n{body}"

    def _test(self) -> str:
        test = self.report["test"]
        lines = [
            self._said("isolated" if test["isolated"] else "not_isolated"),
            self._said(f"tracer_{test['tracer']}"),
            self._said("wrote" if test["model"] else "quoted", model=test["model"]),
            self._said("took", seconds=test["seconds"]),
        ]
        if test["problem"]:
            told = Problem(**test["problem"])
            lines.insert(0, escape(sentence(told.code, told.facts, self.language)))
        tried = [f"{one['host']} {one['port'] or ''} ({one['by']})" for one in test["attempts"]]
        return _list([*lines, *map(escape, tried)])

    def _destinations(self) -> str:
        rows = [
            (one["address"], self._purpose(one["purpose"]), self._because(one["because"]))
            for one in self.report["destinations"]
        ]
        return self._table(("where", "purpose", "because"), rows)

    def _contacts(self) -> str:
        rows = [
            (
                one["origin"],
                self._purpose(one["purpose"]),
                str(one["requests"]),
                str(one["refused"]),
                _moment(one["last_at"]),
                self._plain("outside" if one["outside"] else "inside"),
            )
            for one in self.report["contacts"]
        ]
        heads = ("where", "purpose", "sent", "refused", "last", "judged")
        return self._table(heads, rows)

    def _resolvers(self) -> str:
        told = [
            f"{one['address']} · {self._plain('public' if one['public'] else 'private')}"
            for one in self.report["resolvers"]
        ]
        return _list(map(escape, told)) if told else f"<p>{self._said('none')}</p>"

    def _machine(self) -> Sequence[tuple[str, str]]:
        machine = self.report["machine"].items()
        return [*machine, *self.report["versions"].items()]

    def _signed(self) -> Sequence[tuple[str, str]]:
        return list(self.signature.items())

    def _plain(self, what: str) -> str:
        return sentence(f"say_egress_{what}", {}, self.language)

    def _purpose(self, purpose: str) -> str:
        return self._named("purpose", purpose)

    def _because(self, because: str) -> str:
        return self._named("because", because)

    def _named(self, family: str, name: str) -> str:
        """The word for a name; the name itself in a report of another version."""
        return sentences(self.language).get(f"say_egress_{family}_{name}", name)

    def _table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
        if not rows:
            return f"<p>{self._said('none')}</p>"
        head = "".join(f"<th>{self._said(f'head_{one}')}</th>" for one in heads)
        lines = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        return f'<table><tr class="head">{head}</tr>{body}</table>'


def _rows(pairs: Iterable[tuple[str, str]]) -> str:
    lines = (
        f"<tr><th>{escape(name)}</th><td><code>{escape(value or '–')}</code></td></tr>"
        for name, value in pairs
    )
    return f"<table>{''.join(lines)}</table>"


def _list(lines: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"


def _moment(stamp: str) -> str:
    return f"{stamp[:16].replace('T', ' ')} UTC"
