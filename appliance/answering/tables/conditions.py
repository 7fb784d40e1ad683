"""Which rows a question means: cells it names, numbers and dates it compares with."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from appliance.answering.tables import lexicon
from appliance.answering.tables.bounds import SIGNS, bound, is_birth, is_year, scaled, sign
from appliance.answering.tables.plans import Filter, Unclear
from appliance.answering.values import Value
from appliance.figures import Condition
from appliance.index.keywords import fold, words

if TYPE_CHECKING:
    from appliance.answering.tables.understanding import Reading

_NEAR = 3  # items between a number and the name of its column
_LARGE = 1000  # a bare number from here on is money where the table has one column of it


class Conditions:
    """Gathers the conditions of one reading, and marks the items that they explain."""

    def __init__(self, reading: "Reading", few_values: Callable[[int], list[str] | None]) -> None:
        self.reading = reading
        self.few_values = few_values
        self.found: list[Filter] = []
        self.cells: dict[int, list[str]] = {}  # column → the values that its cells may have
        self.labels: dict[int, str] = {}
        self.dates: list[tuple[int | None, Filter]] = []

    @property
    def names_rows(self) -> bool:
        """Whether a cell or a number says which rows are meant."""
        return bool(self.cells or self.found)

    def filters(self) -> list[Filter]:
        """All conditions, cells first."""
        return [*self._of_cells(), *self.found]

    # ------------------------------------------------------------ numbers and dates

    def compare(self) -> None:
        """Take "entre 100 e 300", "acima de 9", "at least 3", "desde 2023"."""
        reading = self.reading
        for low, high, span in self._betweens():
            reading.used |= span
            self._range(low, high, first=min(span))
        for name, pattern in lexicon.COMPARISONS:
            for hit in pattern.finditer(reading.line):
                span = set(reading.covered(*hit.span()))
                number = max(span)
                if span & reading.used:
                    continue
                reading.used |= span
                strict = name in ("above", "below")
                if name in ("above", "from"):
                    self._range(number, None, first=min(span), strict=strict)
                else:
                    self._range(None, number, first=min(span), strict=strict)

    def _betweens(self) -> Iterator[tuple[int, int, set[int]]]:
        reading = self.reading
        for hit in lexicon.BETWEEN.finditer(reading.line):
            span = set(reading.covered(*hit.span()))
            numbers = sorted(n for n in span if reading.items[n].kind == "number")
            if len(numbers) == 2 and not span & reading.used:
                yield numbers[0], numbers[1], span

    def _range(
        self, low: int | None, high: int | None, *, first: int | None = None, strict: bool = False
    ) -> None:
        ends = [n for n in (low, high) if n is not None]
        values = [self._value(n) for n in ends]
        told = " – ".join(self.reading.items[n].text for n in ends)
        begin = min([*ends, *([first] if first is not None else [])])
        if all(value.kind == "date" for value in values) and not self._is_amount(begin, ends):
            place = self._near_date(ends)
            if place is None and all(not value.month for value in values):
                place = self._year_column()
            if place is not None and self.reading.columns[place].kind == "number":
                self._number_range(place, low, high, told, strict=strict)
                return
            self._date_range(place, low, high, told, strict=strict)
            return
        place = self._near_number(begin, max(ends))
        self._number_range(place, low, high, told, strict=strict)

    def _is_amount(self, begin: int, ends: Sequence[int]) -> bool:
        """Whether numbers like years are amounts: "valor acima de 2000", not "desde 2000"."""
        if any(self._value(n).month or self._value(n).day for n in ends):
            return False
        said = self.reading.items[begin].text
        if said in lexicon.OF_TIME or (place := self._named_number(begin, max(ends))) is None:
            if said in lexicon.OF_AMOUNTS and self._near_date(ends) is None:
                raise Unclear
            return False
        if is_year(self.reading.columns[place]):
            return False
        dated = any(one.kind == "date" or is_year(one) for one in self.reading.columns)
        if dated and said not in lexicon.OF_AMOUNTS:
            raise Unclear
        return True

    def _value(self, n: int) -> Value:
        value = self.reading.items[n].value
        if value is None:
            raise Unclear
        return value

    def _number_range(
        self, place: int, low: int | None, high: int | None, told: str, *, strict: bool
    ) -> None:
        column = self.reading.columns[place]
        ends = [None if n is None else scaled(self._value(n), column) for n in (low, high)]
        if any(n is not None and end is None for n, end in zip((low, high), ends, strict=True)):
            raise Unclear
        condition = Condition(
            place=place, kind="range", low=ends[0], high=ends[1], above=strict, below=strict
        )
        self._add(condition, sign(condition), told)

    def _date_range(
        self, place: int | None, low: int | None, high: int | None, told: str, *, strict: bool
    ) -> None:
        """A range of dates; "depois de 2023" begins in 2024, "até março" ends with it."""
        ends = [self._value(n) if n is not None else None for n in (low, high)]
        if ends[0] and ends[1] and not ends[0].year:  # "entre janeiro e março de 2025"
            ends[0] = replace(ends[0], year=ends[1].year)
        after = bound(ends[0], end=strict) if ends[0] else None
        before = bound(ends[1], end=not strict) if ends[1] else None
        chosen = self.date_column() if place is None else place
        condition = Condition(
            place=chosen,
            kind="range",
            low=after,
            high=before,
            above=strict and low is not None,
            below=strict and high is not None,
        )
        self._add(condition, sign(condition), told)

    def _add(self, condition: Condition, sign: str, told: str) -> None:
        name = self.reading.columns[condition.place].name
        self.found.append(Filter(condition, f"{name} {sign} {told}"))

    def _near_number(self, first: int, last: int) -> int:
        """The column of numbers that is named beside a number, or the one it must be of."""
        reading = self.reading
        if (place := self._named_number(first, last, uses=True)) is not None:
            return place
        value = self._value(last)
        after = reading.items[last + 1 : last + 2]
        if value.unit not in SIGNS and any(item.kind == "column" for item in after):
            raise Unclear  # "mais de 2 alunos" counts them
        money = reading._money()
        large = bool(value.text) and Decimal(value.text) >= _LARGE
        of_money = value.unit in SIGNS or large
        if not of_money and not any(item.entity for item in reading.items):
            raise Unclear
        candidates = money if of_money else reading._numbers()
        if len(candidates) != 1:
            raise Unclear
        return candidates[0]

    def _named_number(self, first: int, last: int, *, uses: bool = False) -> int | None:
        reading = self.reading
        for n in [*range(first - 1, first - 1 - _NEAR, -1), *range(last + 1, last + 1 + _NEAR)]:
            place = reading.column_at(n)
            if place is not None and reading.columns[place].kind == "number":
                reading.used |= {n} if uses else set()
                return place
        return None

    def _near_date(self, ends: Sequence[int]) -> int | None:
        """The column of dates named beside a date, by a noun or by a verb of its own."""
        reading = self.reading
        named = {
            place
            for n, item in enumerate(reading.items)
            if item.kind == "column"
            for place in item.places
            if reading.columns[place].kind == "date" or is_year(reading.columns[place])
        }
        if len(named) > 1:
            raise Unclear
        for place in named:
            reading.used.update(
                n
                for n, item in enumerate(reading.items)
                if place in item.places and item.kind == "column"
            )
            return place
        return None

    def date_column(self) -> int:
        """The table's only column of dates, unless it tells when somebody was born."""
        dates = [n for n, one in enumerate(self.reading.columns) if one.kind == "date"]
        named = self._near_date(())
        if named is not None:
            return named
        if len(dates) != 1 or is_birth(self.reading.columns[dates[0]]):
            raise Unclear
        return dates[0]

    # ------------------------------------------------------------ the rest

    def gather(self) -> None:
        """Take dates and numbers that stand alone, truths, and the cells."""
        reading = self.reading
        for n, item in enumerate(reading.items):
            if item.kind == "number" and n not in reading.used:
                reading.used.add(n)
                self._alone(n, item.text)
        self._truths()
        for n, item in enumerate(reading.items):
            if item.kind == "cell":
                self._cell(n)

    def _alone(self, n: int, told: str) -> None:
        value = self._value(n)
        reading = self.reading
        if value.kind == "date":
            self._on_date(n, value, told)
            return
        place = self._near_number(n, n)
        number = scaled(value, reading.columns[place])
        if number is None:
            raise Unclear
        self._add(Condition(place=place, kind="in", values=(number,)), "=", told)

    def _on_date(self, n: int, value: Value, told: str) -> None:
        reading = self.reading
        place = self._near_date((n,))
        dates = [p for p, one in enumerate(reading.columns) if one.kind == "date"]
        bare_year = value.year and not value.month
        beside = reading.column_at(n - 1)
        if bare_year and beside is not None and self._is_plain_number(beside):
            raise Unclear  # "valor 2000"
        if bare_year and place is None:
            place = self._year_column()
        own = [one for one in dates if not is_birth(reading.columns[one])]
        if bare_year and place is None and not own and self._is_titled(value.year):
            return  # "Matrículas 2025": the whole table is of that year
        if place is not None and reading.columns[place].kind == "number":
            self._add(Condition(place=place, kind="in", values=(value.year,)), "=", told)
            return
        chosen = self.date_column() if place is None else place
        if value.year:
            begins = f"{value.year:04}"
            begins += f"-{value.month:02}" if value.month else ""
            begins += f"-{value.day:02}" if value.day else ""
            self._add(Condition(place=chosen, kind="begins", values=(begins,)), "=", told)
        elif value.month and not value.day:
            month = f"{value.month:02}"
            self._add(Condition(place=chosen, kind="month", values=(month,)), "=", told)
        else:
            raise Unclear

    def _is_plain_number(self, place: int) -> bool:
        column = self.reading.columns[place]
        return column.kind == "number" and not is_year(column)

    def _year_column(self) -> int | None:
        """The only column of years, in a table without dates."""
        columns = self.reading.columns
        years = [place for place, one in enumerate(columns) if is_year(one)]
        dated = any(one.kind == "date" for one in columns)
        return years[0] if len(years) == 1 and not dated else None

    def _is_titled(self, year: int) -> bool:
        table = self.reading.table
        return str(year) in words(f"{table.sheet} {table.document.title}")

    def _truths(self) -> None:
        """Take "não foram pagas" where a column says yes and no."""
        reading = self.reading
        for n, item in enumerate(reading.items):
            place = reading.column_at(n)
            if item.kind != "column" or place is None or n in reading.used or place == reading.by:
                continue
            if (said := self._yes_and_no(place)) is None:
                continue
            before = self._negation(n)
            reading.used.update({n, *before})
            wanted = lexicon.NO if before else lexicon.YES
            values = [value for value in said if fold(value.strip()) in wanted]
            if before and not values:
                raise Unclear  # a column of "x" and nothing says no with empty cells
            self._allow(place, values)

    def _negation(self, n: int) -> list[int]:
        """The negation shortly before an item, with nothing but words in between."""
        items = self.reading.items
        for m in range(n - 1, max(0, n - 4) - 1, -1):
            if items[m].kind != "word":
                return []
            if items[m].text in lexicon.NEGATIONS[self.reading.language]:
                return [m]
        return []

    def _yes_and_no(self, place: int) -> list[str] | None:
        if self.reading.columns[place].kind != "text":
            return None
        said = self.few_values(place)
        if not said or not all(fold(one.strip()) in lexicon.YES | lexicon.NO for one in said):
            return None
        return said

    def _cell(self, n: int) -> None:
        """Take a cell: of the column named beside it, or of the only one that has it."""
        reading, item = self.reading, self.reading.items[n]
        places = set(item.places)
        beside = self._label(n)
        named = reading.column_at(beside) if beside is not None else None
        if named is not None and named in places and beside is not None:
            places = {named}
            reading.used.add(beside)
        if len(places) > 1:
            asked = {
                reading.column_at(m)
                for m in range(len(reading.items))
                if m not in reading.used and reading.items[m].kind == "column"
            }
            places -= {place for place in asked if place is not None}
        if len(places) != 1:
            raise Unclear
        (place,) = places
        reading.used.add(n)
        self._allow(place, [cell.value for cell in item.cells if cell.place == place], n)

    def _label(self, n: int) -> int | None:
        """The item before or after a cell that names a column, links passed over."""
        items = self.reading.items
        before = n - 1
        while before >= 0 and items[before].text in lexicon.LINKS:
            before -= 1
        if (
            before >= 0
            and items[before].kind == "column"
            and items[before].places & items[n].places
        ):
            return before
        after = n + 1
        if (
            after < len(items)
            and items[after].kind == "column"
            and (items[after].places & items[n].places)
        ):
            return after
        return None

    def _allow(self, place: int, values: Sequence[str], n: int | None = None) -> None:
        """A second cell of a column widens the first: "de aluguel e limpeza"."""
        if n is not None and place in self.cells:
            self._join(n, place)
        self.cells.setdefault(place, []).extend(values)

    def _join(self, n: int, place: int) -> None:
        """Use the "e" before a cell: "de aluguel e limpeza", "na turma A e na turma B"."""
        items, m = self.reading.items, n - 1
        while m >= 0 and (
            place in items[m].places or items[m].text in lexicon.LINKS | lexicon.JOINTS
        ):
            if items[m].kind == "word" and items[m].text in lexicon.JOINTS:
                self.reading.used.add(m)
                return
            if items[m].kind == "cell":
                return  # "A, B": the comma is gone
            m -= 1
        raise Unclear

    def _of_cells(self) -> Iterator[Filter]:
        for place, values in self.cells.items():
            name = self.reading.columns[place].name
            told = ", ".join(dict.fromkeys(values))
            yield Filter(
                Condition(place=place, kind="in", values=tuple(dict.fromkeys(values))),
                f"{name} = {told}",
            )
