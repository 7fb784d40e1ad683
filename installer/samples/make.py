"""Makes the sample documents, the same bytes on every run.

    python installer/samples/make.py [FOLDER]

Needs the test extra (reportlab). The results are committed, so nobody needs
to run this to try the product; a test says that a fresh run changes nothing.
The HTML and the Markdown sample are written by hand beside this file, and the
words of the regulation are in ``source/``. "Colégio Aurora" is invented; its
figures agree across the samples: change them together.
"""

import io
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.shared import Cm, Pt
from reportlab import rl_config
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.platypus import (
    BaseDocTemplate,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

HERE = Path(__file__).parent
MADE_AT = datetime(2025, 11, 10, 9, 0)  # noqa: DTZ001 - docx stores no zone
SCHOOL = "Colégio Aurora"
BODY = ParagraphStyle(
    "corpo", fontName="Helvetica", fontSize=12, leading=18, alignment=TA_JUSTIFY, spaceAfter=9
)
STYLES = {
    "titulo": ParagraphStyle(
        "titulo", fontName="Helvetica-Bold", fontSize=16, leading=21, spaceBefore=18, spaceAfter=10,
        alignment=TA_CENTER, keepWithNext=True,
    ),
    "capitulo": ParagraphStyle(
        "capitulo", fontName="Helvetica-Bold", fontSize=14, leading=19, spaceBefore=12,
        spaceAfter=8, keepWithNext=True,
    ),
    "artigo": BODY,
    "paragrafo": ParagraphStyle("paragrafo", parent=BODY, leftIndent=0.6 * cm),
    "inciso": ParagraphStyle("inciso", parent=BODY, leftIndent=1.2 * cm, spaceAfter=5),
}  # fmt: skip
COVER = ParagraphStyle(
    "capa", fontName="Helvetica-Bold", fontSize=30, leading=38, alignment=TA_CENTER
)
COVER_SMALL = ParagraphStyle(
    "capa2", fontName="Helvetica", fontSize=15, leading=22, alignment=TA_CENTER
)
GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.6, colors.black),
        ("BACKGROUND", (0, 0), (-1, 0), colors.lightgrey),
        ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 10.5),
        ("FONT", (0, 1), (-1, -1), "Helvetica", 10.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
    ]
)


HORARIOS = (
    ("Turno", "Turmas", "Entrada", "Saída"),
    ("Manhã", "6º ao 9º ano", "7h20", "12h40"),
    ("Manhã", "Ensino Médio", "7h10", "13h00"),
    ("Tarde", "Educação Infantil", "13h20", "17h40"),
    ("Tarde", "1º ao 5º ano", "13h10", "17h50"),
)
PROVAS = (
    ("Trimestre", "Período letivo", "Provas", "Segunda chamada", "Boletim"),
    ("1º", "2/2 a 15/5", "4 a 8/5", "13/5", "22/5"),
    ("2º", "18/5 a 4/9", "24 a 28/8", "2/9", "11/9"),
    ("3º", "8/9 a 11/12", "23 a 27/11", "2/12", "9/12"),
    ("Recuperação final", "14 a 18/12", "14 a 18/12", "não há", "21/12"),
)
TABLES = {"[horarios]": HORARIOS, "[provas]": PROVAS}


def regimento(path: Path) -> None:
    """The regulation: a cover and the articles, with a header and page numbers."""
    rl_config.invariant = 1
    paper = BaseDocTemplate(
        str(path),
        pagesize=A4,
        title="Regimento Escolar do Colégio Aurora",
        author=SCHOOL,
        lang="pt-BR",
        invariant=1,
    )
    frame = Frame(2.8 * cm, 2.3 * cm, A4[0] - 5.6 * cm, A4[1] - 5 * cm)
    paper.addPageTemplates(
        [
            PageTemplate(id="capa", frames=[frame]),
            PageTemplate(id="texto", frames=[frame], onPage=_header),
        ]
    )
    story: list[Any] = [
        Spacer(1, 7 * cm),
        Paragraph("Regimento Escolar", COVER),
        Spacer(1, 1.2 * cm),
        Paragraph(SCHOOL, COVER_SMALL),
        Paragraph("Educação Infantil · Ensino Fundamental · Ensino Médio", COVER_SMALL),
        Spacer(1, 7 * cm),
        Paragraph("Campinas – 2026", COVER_SMALL),
        NextPageTemplate("texto"),
        PageBreak(),
    ]
    for line in (HERE / "source" / "regimento.txt").read_text("utf-8").splitlines():
        if line in TABLES:
            table = Table(TABLES[line], style=GRID, repeatRows=1)
            story += [Spacer(1, 4), table, Spacer(1, 12)]
        else:
            story.append(Paragraph(line, STYLES[_style(line)]))
    paper.build(story)


def _style(line: str) -> str:
    """The style of a line of the source, by how it begins."""
    begins = {"TÍTULO": "titulo", "CAPÍTULO": "capitulo", "Art.": "artigo"}
    word, _, _ = line.partition(" ")
    if word in begins:
        return begins[word]
    return "inciso" if set(word) <= set("IVX") else "paragrafo"


def _header(canvas: Any, paper: Any) -> None:
    canvas.saveState()
    canvas.setFont("Helvetica", 9)
    canvas.drawString(2.8 * cm, A4[1] - 1.7 * cm, "Colégio Aurora – Regimento Escolar 2026")
    canvas.drawRightString(A4[0] - 2.8 * cm, 1.3 * cm, f"Página {paper.page}")
    canvas.restoreState()


MENSALIDADES = (
    ("Turma", "Mensalidade (12 parcelas)", "Anuidade", "Período integral (acréscimo mensal)"),
    ("Educação Infantil", "R$ 1.420,00", "R$ 17.040,00", "R$ 780,00"),
    ("1º ao 5º ano", "R$ 1.680,00", "R$ 20.160,00", "R$ 780,00"),
    ("6º ao 9º ano", "R$ 1.890,00", "R$ 22.680,00", "R$ 640,00"),
    ("Ensino Médio, 1ª e 2ª séries", "R$ 2.240,00", "R$ 26.880,00", "não há"),
    ("Ensino Médio, 3ª série", "R$ 2.390,00", "R$ 28.680,00", "não há"),
)
DESCONTOS = (
    ("Desconto", "Percentual", "Condição"),
    ("Pontualidade", "5 %", "pagamento até o dia 5 do mês"),
    ("Irmãos", "10 % no segundo e 15 % a partir do terceiro", "matrículas ativas na escola"),
    (
        "Anuidade à vista",
        "8 %",
        "pagamento até 30 de janeiro de 2026; não se soma ao de pontualidade",
    ),
)
TAXAS = (
    ("Serviço", "Valor"),
    ("Prova de segunda chamada (por prova)", "R$ 45,00"),
    ("Segunda via do histórico escolar", "R$ 30,00"),
    ("Segunda via do boletim", "R$ 15,00"),
    ("Segunda via da carteirinha", "R$ 25,00"),
    ("Hora de permanência depois do turno", "R$ 20,00"),
    ("Armário (por ano)", "R$ 120,00"),
    ("Camiseta do uniforme", "R$ 62,00"),
    ("Agasalho do uniforme (conjunto)", "R$ 218,00"),
)


def tabela_de_precos(path: Path) -> None:
    """The price list: three tables and the rules of payment."""
    paper = docx.Document()
    properties = paper.core_properties
    properties.title = "Tabela de preços 2026 – Colégio Aurora"
    properties.author = SCHOOL
    properties.comments = ""
    properties.created = properties.modified = MADE_AT
    properties.last_modified_by = SCHOOL
    paper.styles["Normal"].font.size = Pt(11)
    paper.sections[0].page_width, paper.sections[0].page_height = Cm(21), Cm(29.7)
    paper.add_heading("Tabela de preços 2026", level=1)
    paper.add_paragraph(
        "Valores aprovados pela mantenedora em 5 de novembro de 2025, válidos de janeiro a "
        "dezembro de 2026."
    )
    paper.add_heading("Mensalidades", level=2)
    _table(paper, MENSALIDADES)
    paper.add_paragraph(
        "A anuidade é dividida em 12 parcelas, de janeiro a dezembro; a primeira é paga no ato da "
        "matrícula. As demais vencem no dia 5 de cada mês. Quando o dia 5 não é útil, vale o "
        "primeiro dia útil seguinte."
    )
    paper.add_heading("Descontos", level=2)
    _table(paper, DESCONTOS)
    paper.add_heading("Pagamento em atraso", level=2)
    for text in (
        "Multa de 2 % sobre o valor da parcela.",
        "Juros de 1 % ao mês, contados por dia de atraso.",
        "Depois de 60 dias, o débito pode ser parcelado em até 6 vezes, em acordo com o "
        "financeiro.",
    ):
        paper.add_paragraph(text, style="List Bullet")
    paper.add_heading("Taxas e serviços", level=2)
    _table(paper, TAXAS)
    paper.add_paragraph(
        "Declarações de matrícula e de frequência são gratuitas. Dúvidas: financeiro@colegioaurora"
        ".example ou (19) 3555-0142, ramal 3, de segunda a sexta-feira, das 8h às 17h."
    )
    whole = io.BytesIO()
    paper.save(whole)
    path.write_bytes(_without_clock(whole.getvalue()))


def _table(paper: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    table = paper.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    paper.add_paragraph()


def _without_clock(package: bytes) -> bytes:
    """The same zip with every entry dated alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w") as fresh:
        for entry in old.infolist():
            dated = zipfile.ZipInfo(entry.filename, date_time=MADE_AT.timetuple()[:6])
            dated.compress_type = zipfile.ZIP_DEFLATED
            fresh.writestr(dated, old.read(entry))
    return out.getvalue()


def main(folder: Path) -> None:
    """Write both samples into ``folder``."""
    regimento(folder / "regimento-escolar.pdf")
    tabela_de_precos(folder / "tabela-de-precos.docx")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
