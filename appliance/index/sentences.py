"""Where a sentence begins and ends, in Portuguese, English and Spanish.

``sentences`` promises spans in order, trimmed of white space, that together
hold every visible character of the text: list items, table rows and headings
are sentences of their own, and neither ``Art. 5º`` nor ``R$ 1.234,56`` nor
``Sr. Silva`` is cut in two. Every pattern is linear in the text's length.
"""

import re

Span = tuple[int, int]

# Written before a full stop without ending the sentence. "etc." is left out on
# purpose: before a capital letter it usually does end one.
_ABBREVIATIONS = """
    a al apdo aprox art arts av c cap caps cf cfr cia cid cl cláus cnpj cod col comp coord cpf cód
    d dept dir doc docs doutr dpto dr dra dras drs dña e ed eds eg eng engª entre esc est ex exa
    exma exmo fig figs fl fls fr g gen gov h hon i ie ilma ilmo inc incs ing it j jr kg km l lic
    lt ltd ltda m mem min ml mm mons mr mrs ms mt n no nos nro num nº núm núms o op org p par pag
    pe pp pt prof profa profas profs pág págs q r ref reg rel res rev s sec seç sg sgt sr sra sras
    srs sta ste st sto subs supl séc t tab tb tel trad tít u ud uds v vd ver vol vols vs vv x
    abr ago apr aug dec dez ene feb fev jan jul jun mai mar nov oct out sept set
"""
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())

_ITEM = re.compile(
    r"[ \t]*(?:[•●▪◦‣·*–—-][ \t]+|\(?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[a-zA-Z]|[ivxlcIVXLC]{1,6})"
    r"(?:[.)]|[ \t]*[-–—])[ \t]+|§|(?:Art|ART)(?:igo|IGO|\.)|Par[áa]grafo [úu]nico|#{1,6}[ \t])"
)
_ROW = re.compile(r"\t|\S[ ]{3,}\S|[ ]\|[ ]|^[ ]*\|")
# It may begin only where a run of stops does: a page of dots stays linear.
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?:\[\d{1,3}\])?(?=\s)")
_STARTS = re.compile(r"[\s]*[\"'“‘«(\[¿¡–—-]*[ ]?[A-ZÀ-ÖØ-Þ0-9¿¡§•$€]")
_WORD_BEFORE = re.compile(r"([^\W\d_]+|\d{1,3})$")
_WRAPPED = 60  # a line shorter than this was ended by its writer, not by the margin


def sentences(text: str) -> list[Span]:
    """The spans ``(start, end)`` of the sentences of ``text``, in order, without overlap."""
    found: list[Span] = []
    for start, end in _blocks(text):
        found += _within(text, start, end)
    return found


def _blocks(text: str) -> list[Span]:
    """Stretches that no sentence crosses: paragraphs, list items, table rows."""
    blocks: list[Span] = []
    start = position = 0
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        position += len(line)
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if _breaks(line, following):
            blocks.append((start, position))
            start = position
    if start < len(text):
        blocks.append((start, len(text)))
    return blocks


def _breaks(line: str, following: str) -> bool:
    """Whether the end of ``line`` ends a block, seen from the line after it."""
    ended, after = line.strip(), following.strip()
    if not ended or not after or line.endswith("\f"):
        return True
    if _ITEM.match(following) or _ROW.search(following.rstrip()) or _ROW.search(line.rstrip()):
        return True
    if ended[-1] in ".!?:;…" or ended[-2:] in {'."', ".”", ".)"}:
        return True
    return len(ended) < _WRAPPED and after[0].isupper() and ended[-1] not in ",-–"


def _within(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    begin = start
    for stop in _STOP.finditer(text, start, end):
        # A block's last full stop may be the text's last character, which _STOP leaves alone.
        if stop.end() < end and _ends(text, begin, stop, end):
            spans.append((begin, stop.end()))
            begin = stop.end()
    spans.append((begin, end))
    return [span for one in spans if (span := _trimmed(text, *one))]


def _ends(text: str, begin: int, stop: re.Match[str], end: int) -> bool:
    if not _STARTS.match(text, stop.end(), min(end, stop.end() + 12)):
        return False
    if stop.group()[0] != "." or len(stop.group()) > 1:
        return True
    word = _WORD_BEFORE.search(text, max(begin, stop.start() - 24), stop.start())
    if word is None:
        return True
    if word.group().isdigit():  # "1. Objeto" opens an item; "em 2024. O prazo" ends a sentence
        return bool(text[begin : word.start()].strip())
    return word.group().lower() not in ABBREVIATIONS


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None


def windows(text: str, *, words: int = 50, most: int = 64) -> list[Span]:
    """Runs of whole sentences of about ``words`` words: what one vector stands for.

    MiniLM cuts a Portuguese word into 2.05 to 2.3 pieces and reads 256 of them,
    so 50 words always fit; a longer sentence is a window of its own. At most
    ``most`` windows: beyond that they grow.
    """
    spans = sentences(text)
    while True:
        grouped = _grouped(text, spans, words)
        if len(grouped) <= most:
            return grouped
        words *= 2


def _grouped(text: str, spans: list[Span], words: int) -> list[Span]:
    grouped: list[Span] = []
    count = 0
    for start, end in spans:
        size = text.count(" ", start, end) + 1
        if grouped and count + size <= words:
            grouped[-1] = (grouped[-1][0], end)
            count += size
        else:
            grouped.append((start, end))
            count = size
    return grouped
