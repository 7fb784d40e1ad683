"""Four sheets as offices keep them, and what people ask of them.

The questions were written before the first template was, each as somebody who never
saw the program would type it. ``Asked.right`` is what a right answer says: figures as
decimals, names and codes as text; a computed answer must say all of them. Where it is
empty the sheet does not tell (English words for Portuguese cells, two readings), and any
computed answer is wrong.
"""

import datetime
import random
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

Row = dict[str, Any]
Right = Decimal | str
DAY = datetime.date


class Asked(NamedTuple):
    """A question, its language, and what a right answer says."""

    sheet: str
    language: str
    text: str
    right: tuple[Right, ...]


FIRST = (
    "Ana Beatriz", "João Pedro", "Maria Clara", "Luís Felipe", "Letícia", "Caio", "Sofia",
    "Enzo", "Helena", "Davi", "Júlia", "Miguel", "Isabela", "Arthur", "Lívia", "Heitor",
)  # fmt: skip
LAST = (
    "Souza", "Ferreira", "da Silva", "Araújo", "Gonçalves", "Nogueira", "Prado", "Meireles",
    "Antunes", "Bittencourt", "Cardoso", "Teixeira",
)  # fmt: skip


def enrolment() -> list[Row]:
    """A school's enrolment: 150 pupils of six classes."""
    rng = random.Random(11)
    names = [f"{first} {last}" for first in FIRST for last in LAST]
    rng.shuffle(names)
    return [
        {
            "Matrícula": 20250001 + n,
            "Nome do aluno": name,
            "Turma": rng.choice(("1º A", "1º B", "2º A", "2º B", "3º A", "3º B")),
            "Turno": rng.choice(("Manhã", "Tarde", "Integral")),
            "Data de nascimento": DAY(rng.randrange(2009, 2013), rng.randrange(1, 13), 5),
            "Responsável": f"{rng.choice(FIRST)} {name.rpartition(' ')[2]}",
            "Telefone": f"(11) 9{rng.randrange(1000, 9999)}-{rng.randrange(1000, 9999)}",
            "Mensalidade": rng.choice((890, 1240.5, 1380.75)),
            "Situação": rng.choice(("Ativo", "Ativo", "Ativo", "Trancado", "Transferido")),
            "Média final": rng.randrange(40, 101) / 10,
        }
        for n, name in enumerate(names[:150])
    ]


def cases() -> list[Row]:
    """A law firm's cases: 80 of them."""
    rng = random.Random(12)
    return [
        {
            "Nº do processo": f"{1000001 + 37 * n}-{10 + n % 80}.2024.8.26.0{100 + n % 9}",
            "Cliente": rng.choice(
                ("Construtora Horizonte", "Padaria Pão Doce", "Transportes Veloz",
                 "Clínica São Lucas", "Mercado Bom Preço")
            ),
            "Área": rng.choice(("Cível", "Trabalhista", "Tributária", "Família")),
            "Advogado": rng.choice(("Dra. Paula Rocha", "Dr. Marcos Lima", "Dra. Renata Dias")),
            "Comarca": rng.choice(("São Paulo", "Campinas", "Santos", "Guarulhos")),
            "Fase": rng.choice(("Conhecimento", "Recurso", "Execução", "Arquivado")),
            "Valor da causa": f"R$ {_brazilian(rng.randrange(500_000, 90_000_000))}",
            "Data de distribuição": DAY(
                rng.randrange(2021, 2026), rng.randrange(1, 13), 1 + n % 28),
        }
        for n in range(80)
    ]  # fmt: skip


def listings() -> list[Row]:
    """A real-estate agency's listings, in English headings: 120 of them."""
    rng = random.Random(13)
    return [
        {
            "Code": f"RX-{300 + n}",
            "Type": rng.choice(("Apartment", "House", "Studio", "Office")),
            "Neighborhood": rng.choice(("Copacabana", "Ipanema", "Botafogo", "Tijuca", "Leblon")),
            "Bedrooms": rng.randrange(1, 6),
            "Area (m²)": rng.randrange(28, 320),
            "Price": 1000 * rng.randrange(180, 4000) + n,
            "Status": rng.choice(("Available", "Sold", "Reserved")),
            "Agent": rng.choice(("Carla Mendes", "Bruno Teles", "Igor Pacheco")),
            "Listed on": DAY(2025, rng.randrange(1, 13), rng.randrange(1, 29)),
        }
        for n in range(120)
    ]


def expenses() -> list[Row]:
    """The expenses of an association over two years: 200 of them."""
    rng = random.Random(14)
    return [
        {
            "Data": DAY(rng.choice((2024, 2025)), rng.randrange(1, 13), rng.randrange(1, 29)),
            "Categoria": rng.choice(
                ("Material de escritório", "Energia elétrica", "Aluguel", "Transporte", "Limpeza")
            ),
            "Fornecedor": rng.choice(
                ("Papelaria Central", "Enel", "Imobiliária Sol", "Uber", "Casa Limpa", "Kalunga")
            ),
            "Descrição": f"Nota {7000 + n}",
            "Valor": rng.randrange(1500, 900_000) / 100,
            "Forma de pagamento": rng.choice(("Pix", "Boleto", "Cartão de crédito")),
            "Pago": rng.choice(("Sim", "Sim", "Não")),
        }
        for n in range(200)
    ]


def _brazilian(cents: int) -> str:
    return f"{cents // 100:,}".replace(",", ".") + f",{cents % 100:02}"


def money(value: Any) -> Decimal:
    """The exact number in a cell, written as text or not."""
    if isinstance(value, str):
        value = value.removeprefix("R$ ").replace(".", "").replace(",", ".")
    return Decimal(str(value))


SHEETS: dict[str, tuple[str, str, Callable[[], list[Row]]]] = {
    "enrolment": ("Matrículas 2025.xlsx", "Alunos", enrolment),
    "cases": ("Processos.xlsx", "Processos", cases),
    "listings": ("Listings.xlsx", "Listings", listings),
    "expenses": ("Despesas da associação.xlsx", "Despesas", expenses),
}


def write(folder: Path) -> list[Path]:
    """The four workbooks, with a title row above two of them."""
    made = []
    for key, (file_name, sheet_name, rows_of) in SHEETS.items():
        path = folder / file_name
        book = xlsxwriter.Workbook(str(path))
        sheet, dated = book.add_worksheet(sheet_name), book.add_format({"num_format": "dd/mm/yyyy"})
        rows, top = rows_of(), 0
        if key in ("enrolment", "expenses"):
            sheet.write(0, 0, f"{sheet_name}: relação atualizada")
            top = 2
        for column, name in enumerate(rows[0]):
            sheet.write(top, column, name)
            for place, row in enumerate(rows, start=top + 1):
                _write(sheet, place, column, row[name], dated)
        book.close()
        made.append(path)
    return made


def _write(sheet: Any, row: int, column: int, value: Any, dated: Any) -> None:
    if isinstance(value, DAY):
        sheet.write_datetime(row, column, value, dated)
    else:
        sheet.write(row, column, value)


def asked() -> list[Asked]:
    """Every question with its right answer, worked out from the rows in plain Python."""
    return [*_of_enrolment(), *_of_cases(), *_of_listings(), *_of_expenses()]


def _count(rows: Sequence[Row], **wanted: Any) -> Decimal:
    return Decimal(sum(all(row[k] == v for k, v in wanted.items()) for row in rows))


def _groups(rows: Sequence[Row], key: str, of: str = "") -> tuple[Right, ...]:
    """Each group's name with its total of a column, or with how many rows it has."""
    totals: Counter[str] = Counter()
    for row in rows:
        totals[row[key]] += money(row[of]) if of else Decimal(1)
    return tuple(part for pair in totals.items() for part in pair)


def _of_enrolment() -> list[Asked]:
    rows = enrolment()
    one, other = rows[17], rows[42]
    first_b = [row for row in rows if row["Turma"] == "1º B"]
    best = max(row["Média final"] for row in first_b)
    fees = [money(row["Mensalidade"]) for row in rows]
    average = sum((money(row["Média final"]) for row in rows), Decimal(0)) / len(rows)
    classes = Counter(row["Turma"] for row in rows)
    (fullest, most), (_, second) = classes.most_common(2)
    active = [row for row in rows if row["Situação"] == "Ativo"]
    found = [
        ("pt", "quantos alunos tem a turma 2º A?", (_count(rows, Turma="2º A"),)),
        ("pt", "Quantos alunos estão no turno da tarde?", (_count(rows, Turno="Tarde"),)),
        ("pt", "quantas crianças da turma 1º B estudam de manhã",
         (_count(rows, Turma="1º B", Turno="Manhã"),)),
        ("pt", "Qual é o total de alunos matriculados por turma?", _groups(rows, "Turma")),
        ("pt", f"qual o telefone da {one['Nome do aluno']}?", (one["Telefone"],)),
        ("pt", f"Me passa o telefone do responsável do aluno {other['Nome do aluno']}",
         (other["Telefone"],)),
        ("pt", f"Quem é o responsável por {other['Nome do aluno']}?", (other["Responsável"],)),
        ("pt", f"em que turma está {one['Nome do aluno']}?", (one["Turma"],)),
        ("pt", f"qual a mensalidade do aluno de matrícula {one['Matrícula']}?",
         (money(one["Mensalidade"]),)),
        ("pt", "quantos trancados temos?", (_count(rows, Situação="Trancado"),)),
        ("pt", "Quanto dá a soma das mensalidades dos alunos ativos?",
         (sum((money(row["Mensalidade"]) for row in active), Decimal(0)),)),
        ("pt", "qual a média final média da escola?", (average.quantize(Decimal("0.01")),)),
        ("pt", "qual foi a maior média final do 1º B?", (money(best),)),
        ("pt", "Qual turma tem mais alunos?", (fullest, Decimal(most)) if most > second else ()),
        ("pt", "quantos alunos tiraram média final acima de 9?",
         (Decimal(sum(row["Média final"] > 9 for row in rows)),)),
        ("pt", "quantos alunos nasceram em 2010?",
         (Decimal(sum(row["Data de nascimento"].year == 2010 for row in rows)),)),
        ("en", "How many students are in class 3º B?", (_count(rows, Turma="3º B"),)),
        ("en", "What is the total of the monthly fees?", (sum(fees),)),
        ("es", "¿Cuántos alumnos hay en la clase 2º B?", (_count(rows, Turma="2º B"),)),
        ("es", f"¿Cuál es el teléfono de {other['Nome do aluno']}?", (other["Telefone"],)),
    ]  # fmt: skip
    return [Asked("enrolment", *each) for each in found]


def _of_cases() -> list[Asked]:
    rows = cases()
    one = rows[33]
    worth = {row["Nº do processo"]: money(row["Valor da causa"]) for row in rows}
    dearest = max(worth, key=lambda number: worth[number])
    oldest = min(row["Data de distribuição"] for row in rows)
    bakery = [row for row in rows if row["Cliente"] == "Padaria Pão Doce"]
    found = [
        ("pt", "Quantos processos trabalhistas temos?", (_count(rows, Área="Trabalhista"),)),
        ("pt", "quantos processos da padaria pao doce estao em fase de recurso?",
         (_count(rows, Cliente="Padaria Pão Doce", Fase="Recurso"),)),
        ("pt", "Qual o valor total das causas do cliente Padaria Pão Doce?",
         (sum(money(row["Valor da causa"]) for row in bakery),)),
        ("pt", "qual é o processo com o maior valor da causa?", (worth[dearest], dearest)),
        ("pt", f"quem é o advogado do processo {one['Nº do processo']}?", (one["Advogado"],)),
        ("pt", f"Em que comarca corre o processo {one['Nº do processo']}?", (one["Comarca"],)),
        ("pt", "quantos processos foram distribuídos em 2023?",
         (Decimal(sum(row["Data de distribuição"].year == 2023 for row in rows)),)),
        ("pt", "Número de processos por advogado", _groups(rows, "Advogado")),
        ("pt", "Qual a média do valor da causa nos processos cíveis?", (
            (sum(money(r["Valor da causa"]) for r in rows if r["Área"] == "Cível")
             / _count(rows, Área="Cível")).quantize(Decimal("0.01")),)),
        ("pt", "qual o processo mais antigo?", (f"{oldest:%d/%m/%Y}",)),
        ("pt", "quantos processos a Dra. Paula Rocha tem em Santos?",
         (_count(rows, Advogado="Dra. Paula Rocha", Comarca="Santos"),)),
        ("pt", "quantos processos têm valor da causa entre 100 mil e 300 mil reais?",
         (Decimal(sum(100_000 <= one <= 300_000 for one in worth.values())),)),
        ("pt", "Some o valor das causas por área", _groups(rows, "Área", "Valor da causa")),
        ("pt", "quantos clientes diferentes nós temos?",
         (Decimal(len({row["Cliente"] for row in rows})),)),
        ("en", "How many tax cases are archived?", ()),
        ("en", "How many cases does Dr. Marcos Lima have in Campinas?",
         (_count(rows, Advogado="Dr. Marcos Lima", Comarca="Campinas"),)),
        ("es", "¿Cuántos procesos hay en Guarulhos?", (_count(rows, Comarca="Guarulhos"),)),
    ]  # fmt: skip
    return [Asked("cases", *each) for each in found]


def _of_listings() -> list[Asked]:
    rows = listings()
    one = rows[58]
    in_copacabana = [row for row in rows if row["Neighborhood"] == "Copacabana"]
    dearest = max(in_copacabana, key=lambda row: row["Price"])
    flats = [row for row in rows if row["Type"] == "Apartment"]
    cheapest = min(flats, key=lambda row: row["Price"])
    largest = max(rows, key=lambda row: row["Area (m²)"])
    sold = [row for row in rows if row["Status"] == "Sold"]
    found = [
        ("en", "How many apartments are available in Ipanema?",
         (_count(rows, Type="Apartment", Status="Available", Neighborhood="Ipanema"),)),
        ("en", "What's the price of RX-358?", (money(one["Price"]),)),
        ("en", "What is the most expensive property in Copacabana?",
         (money(dearest["Price"]), dearest["Code"])),
        ("en", "Cheapest apartment?", (money(cheapest["Price"]), cheapest["Code"])),
        ("en", "What's the average price of houses in Leblon?",
         ((sum(money(r["Price"]) for r in rows
               if r["Type"] == "House" and r["Neighborhood"] == "Leblon")
           / _count(rows, Type="House", Neighborhood="Leblon")).quantize(Decimal("0.01")),)),
        ("en", "How many listings have at least 3 bedrooms?",
         (Decimal(sum(row["Bedrooms"] >= 3 for row in rows)),)),
        ("en", "number of listings per neighborhood", _groups(rows, "Neighborhood")),
        ("en", "total price of the sold ones", (sum(money(row["Price"]) for row in sold),)),
        ("en", "Who is the agent for RX-358?", (one["Agent"],)),
        ("en", "how many offices under 500,000?",
         (Decimal(sum(r["Type"] == "Office" and r["Price"] < 500_000 for r in rows)),)),
        ("en", "How many properties were listed in March 2025?",
         (Decimal(sum(row["Listed on"].month == 3 for row in rows)),)),
        ("en", "which listing has the largest area?", (Decimal(largest["Area (m²)"]),)),
        ("en", "Which agent has sold the most?", ()),
        ("pt", "quantos imóveis em Botafogo?", (_count(rows, Neighborhood="Botafogo"),)),
        ("pt", "qual o preço do imóvel RX-358?", (money(one["Price"]),)),
        ("pt", "Qual o imóvel mais caro de Copacabana?",
         (money(dearest["Price"]), dearest["Code"])),
        ("es", "¿Cuál es el precio promedio en Tijuca?",
         ((sum(money(r["Price"]) for r in rows if r["Neighborhood"] == "Tijuca")
           / _count(rows, Neighborhood="Tijuca")).quantize(Decimal("0.01")),)),
        ("es", "¿Cuántas propiedades tiene Bruno Teles?", (_count(rows, Agent="Bruno Teles"),)),
    ]  # fmt: skip
    return [Asked("listings", *each) for each in found]


def _of_expenses() -> list[Asked]:
    rows = expenses()

    def total(keep: Callable[[Row], bool]) -> Decimal:
        return sum((money(row["Valor"]) for row in rows if keep(row)), Decimal(0))

    by_kind = dict(zip(*[iter(_groups(rows, "Categoria", "Valor"))] * 2, strict=True))
    top = max(by_kind, key=lambda name: by_kind[name])
    dearest = max(rows, key=lambda row: row["Valor"])
    one = rows[77]
    found = [
        ("pt", "qual o total de 2025?", (total(lambda row: row["Data"].year == 2025),)),
        ("pt", "Quanto gastamos com energia elétrica em 2024?", (total(
            lambda r: r["Data"].year == 2024 and r["Categoria"] == "Energia elétrica"),)),
        ("pt", "quanto foi pago à Kalunga em março de 2025?", (total(
            lambda r: r["Data"].year == 2025 and r["Data"].month == 3
            and r["Fornecedor"] == "Kalunga" and r["Pago"] == "Sim"),)),
        ("pt", "total por categoria", _groups(rows, "Categoria", "Valor")),
        ("pt", "gastos por fornecedor em 2024", _groups(
            [row for row in rows if row["Data"].year == 2024], "Fornecedor", "Valor")),
        ("pt", "Com que categoria gastamos mais?", (top, by_kind[top])),
        ("pt", "qual foi a maior despesa?", (money(dearest["Valor"]),)),
        ("pt", "quantas despesas ainda não foram pagas?", (_count(rows, Pago="Não"),)),
        ("pt", "Quantas compras fizemos na Papelaria Central?",
         (_count(rows, Fornecedor="Papelaria Central"),)),
        ("pt", "valor médio gasto com transporte", (
            (total(lambda row: row["Categoria"] == "Transporte")
             / _count(rows, Categoria="Transporte")).quantize(Decimal("0.01")),)),
        ("pt", "quantas despesas acima de R$ 5.000,00 no cartão de crédito?", (Decimal(sum(
            r["Valor"] > 5000 and r["Forma de pagamento"] == "Cartão de crédito"
            for r in rows)),)),
        ("pt", "quanto custou a nota 7077?", (money(one["Valor"]),)),
        ("pt", "despesas de aluguel e limpeza somadas",
         (total(lambda row: row["Categoria"] in ("Aluguel", "Limpeza")),)),
        ("pt", "soma dos boletos em 2025", (total(
            lambda r: r["Data"].year == 2025 and r["Forma de pagamento"] == "Boleto"),)),
        ("en", "How much did we spend on rent in 2025?", ()),
        ("en", "What is the total paid to Uber?",
         (total(lambda row: row["Fornecedor"] == "Uber" and row["Pago"] == "Sim"),)),
        ("es", "¿Cuánto gastamos en Enel en 2025?", (total(
            lambda r: r["Data"].year == 2025 and r["Fornecedor"] == "Enel"),)),
        ("es", "¿Cuál fue el gasto total por forma de pago?",
         _groups(rows, "Forma de pagamento", "Valor")),
    ]  # fmt: skip
    return [Asked("expenses", *each) for each in found]
