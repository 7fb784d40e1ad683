"""What the columns of a table hold: words, numbers or dates, and numbers of what.

Decided over all rows before any is sent. Numbers that name things (a CPF, a telephone, a
case) are words: nobody adds them up. A column whose writing can be read in two ways is
words too, so that a sum is exact or there is none.
"""

import re
from collections import Counter
from decimal import Decimal
from typing import Literal

from appliance.index.keywords import fold
from appliance.index.reading import cells
from appliance.index.reading.cells import Value
from appliance.rows import Cell, TableColumn

_SHARE = 0.8  # of the filled cells that make a column one of numbers or dates
SCALE_MOST = 6  # decimals that are kept
_GREATEST = 10**15
_NAMING = re.compile(
    r"\b(matriculas?|codigos?|cod|codes?|cpfs?|cnpjs?|ceps?|rg|tel|telefones?|telefonos?|celular"
    r"|celulares|fones?|phones?|whatsapp|id|ids|registros?|protocolos?|oab|cnj|placas?|zip|sku"
    r"|ref|referencias?|inscricao|inscripcion|contas?|cuentas?|agencias?|processos?|ramal"
    r"|expedientes?|contratos?|ean|isbn|serie)\b"
)
_NUMBERED = re.compile(r"(?:^|\s)(?:n[º°o]s?\.?|num\.?|numeros?|number|no\.)(?=\s|$)")
_HOW_MANY = re.compile(r"(?:n[º°o]s?\.?|num\.?|numeros?|number) (?:de|of) ")
_AMOUNT = re.compile(r"\b(valor|total|saldo|preco|custo|quantidade|qtd|value|amount|price)\b")


class Column:
    """What is seen of one column; ``settle`` decides, ``cell`` reads."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.filled = self.numbers = self.dates = 0
        self.scale = self.padded = 0
        self.units: Counter[str] = Counter()
        self.marks: Counter[str] = Counter()
        self.doubtful = 0  # numbers that are another number under another decimal sign
        self.day_first = self.month_first = False
        self.mark = ""
        self.kind: Literal["text", "number", "date"] = "text"

    def see(self, value: Value) -> None:
        """Count one cell."""
        if cells.absent(value):
            return
        self.filled += 1
        if isinstance(value, str):
            self._see_text(value)
        elif isinstance(value, bool):
            return
        elif isinstance(value, int | float):
            if (number := cells.number(value, "")) is not None:
                self._see_number(number)
        elif cells.date(value) is not None:
            self.dates += 1

    def _see_text(self, value: str) -> None:
        if (number := cells.number(value, "")) is not None:
            own = cells.decimal_mark(value)
            self.marks[own] += bool(own)
            self.doubtful += not own and re.search(r"\d[.,]\d{3}$", value.strip()) is not None
            self._see_number(number)
        elif cells.date(value) or cells.date(value, month_first=True):
            day, month = cells.order(value)
            self.day_first, self.month_first = self.day_first or day, self.month_first or month
            self.dates += 1

    def _see_number(self, number: cells.Number) -> None:
        self.numbers += 1
        self.units[number.unit] += 1
        exponent = number.value.normalize().as_tuple().exponent
        self.scale = max(self.scale, -int(exponent))
        if abs(number.value) >= _GREATEST:
            self.scale = SCALE_MOST + 1

    def settle(self, mark: str) -> TableColumn:
        """Decide; ``mark`` is the decimal sign that the other columns of the sheet have."""
        both = self.marks["."] and self.marks[","]
        self.mark = "" if both else next(iter(+self.marks), mark)
        if self.filled and self.dates >= _SHARE * self.filled:
            clear = not (self.day_first and self.month_first)
            self.kind = "date" if clear else "text"
        elif self.filled and self.numbers >= _SHARE * self.filled and self._is_sum(both):
            self.kind = "number"
        if self.kind != "number":
            return TableColumn(name=self.name, kind=self.kind)
        if self.doubtful and self.mark:
            self.scale = max(self.scale, 3)
        (unit,) = {unit for unit in self.units if unit} or {""}
        return TableColumn(name=self.name, kind="number", scale=self.scale, unit=unit)

    def _is_sum(self, both: int) -> bool:
        named = fold(self.name)
        naming = _NAMING.search(named) or _NUMBERED.search(named)
        if naming and not _HOW_MANY.search(named) and not _AMOUNT.search(named):
            return False
        one_unit = len({unit for unit in self.units if unit}) <= 1
        return one_unit and self.scale <= SCALE_MOST and not (both and self.doubtful)

    def cell(self, value: Value) -> Cell:
        """A cell as the table keeps it."""
        if cells.blank(value):
            return None
        if self.kind == "number" and (number := cells.number(value, self.mark)) is not None:
            scaled = number.value * Decimal(10) ** self.scale
            if scaled == int(scaled):
                return int(scaled)
        if self.kind == "date":
            day = cells.date(value, month_first=self.month_first)
            return day if day is not None else cells.written(value)
        return cells.written(value)
