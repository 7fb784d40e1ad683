"""Where the tables of a sheet are."""

from collections.abc import Sequence

from appliance.index.reading.regions import HEAD, Grid, Part, Row, filled, parts


def found(*rows: Sequence[object]) -> list[list[Part]]:
    width = max(len(row) for row in rows)
    padded: list[Row] = [[*row, *[""] * (width - len(row))] for row in rows]  # type: ignore[list-item]
    return parts(iter(padded))


def only(*rows: Sequence[object]) -> Part:
    ((part,),) = found(*rows)
    return part


def test_the_first_full_row_of_labels_is_the_header() -> None:
    part = only(["Nome", "Idade"], ["Ana", 7.0], ["Bia", 8.0])

    assert (part.header, part.names) == (0, ("Nome", "Idade"))


def test_title_rows_stand_above_the_header() -> None:
    part = only(["Relação de alunos"], ["Escola Municipal"], ["Nome", "Idade"], ["Ana", 7.0])

    assert (part.header, part.first_header) == (2, 2)


def test_years_may_be_labels_among_words() -> None:
    part = only(["Produto", "Unidade", 2024.0, 2025.0], ["Giz", "cx", 10.0, 12.0])

    assert part.names == ("Produto", "Unidade", "2024", "2025")


def test_figures_before_any_labels_are_no_table() -> None:
    part = only([1.0, 2.0, 3.0], ["a", "b", "c"], [4.0, 5.0, 6.0])

    assert part.header is None


def test_labels_alone_are_no_table() -> None:
    assert only(["Nome", "Idade"]).header is None


def test_a_header_of_two_rows_is_joined() -> None:
    part = only(
        ["Aluno", "1º semestre", "", "2º semestre", ""],
        ["", "Nota", "Faltas", "Nota", "Faltas"],
        ["Ana", 8.5, 2.0, 9.0, 0.0],
    )

    assert part.header == 1
    assert part.names == (
        "Aluno",
        "1º semestre Nota",
        "1º semestre Faltas",
        "2º semestre Nota",
        "2º semestre Faltas",
    )


def test_a_column_without_a_name_does_not_swallow_the_first_record() -> None:
    part = only(["Nome", "", "Idade"], ["Ana", "x", 7.0], ["Bia", "y", 8.0])

    assert part.header == 0


def test_tables_below_each_other_are_parted_by_empty_rows() -> None:
    first, second = found(
        ["Nome", "Idade"],
        ["Ana", 7.0],
        [],
        ["Mês", "Valor"],
        ["Março", 10.0],
    )

    assert [part.names for part in (*first, *second)] == [("Nome", "Idade"), ("Mês", "Valor")]
    assert second[0].top == 3


def test_tables_side_by_side_are_parted_by_an_empty_column() -> None:
    ((left, right),) = found(
        ["Nome", "Idade", "", "Mês", "Valor"],
        ["Ana", 7.0, "", "Março", 10.0],
    )

    assert (left.names, right.names) == (("Nome", "Idade"), ("Mês", "Valor"))
    assert left.beside
    assert right.left == 3


def test_a_table_goes_on_after_an_empty_row() -> None:
    first, second = found(["Nome", "Idade"], ["Ana", 7.0], [], ["Bia", 8.0], ["Caio", 9.0])

    assert first[0].header == 0
    assert second[0].follows


def test_a_header_that_comes_again_with_figures_below_begins_a_new_table() -> None:
    _, second = found(["Nome", "Idade"], ["Ana", 7.0], [], ["Nome", "Idade"], ["Bia", 8.0])

    assert not second[0].follows
    assert second[0].names == ("Nome", "Idade")


def test_words_after_an_empty_row_leave_both_tables_unsure() -> None:
    first, second = found(
        ["Nome", "Cidade"], ["Ana", "Santos"], [], ["Bia", "Itu"], ["Caio", "Jau"]
    )

    assert not first[0].sure
    assert not second[0].sure


def test_what_comes_much_later_is_no_part_of_the_table() -> None:
    _, second = found(["Nome", "Idade"], ["Ana", 7.0], [], [], [], ["Bia", 8.0], ["Caio", 9.0])

    assert not second[0].follows


def test_one_column_is_no_table() -> None:
    assert only(["Painel"], ["Situação: ativa"]).header is None


def test_a_cell_merged_downwards_stands_in_each_of_its_rows() -> None:
    rows: list[Row] = [["Turma", "Nome"], ["A", "Ana"], ["", "Bia"], ["B", "Caio"]]
    grid = Grid("x", lambda: iter(rows), merged=[((1, 3), (2, 3))], left=3)

    assert [row[0] for row in filled(grid)()] == ["Turma", "A", "A", "B"]
    assert [row[0] for row in filled(Grid("x", lambda: iter(rows)))()] == ["Turma", "A", "", "B"]


def test_a_cell_merged_sideways_stays_where_it_is() -> None:
    rows: list[Row] = [["Título", "", ""]]
    grid = Grid("x", lambda: iter(rows), merged=[((0, 0), (0, 2))])

    assert list(filled(grid)()) == rows


def test_the_cell_that_heads_several_columns_is_part_of_each_name() -> None:
    part = only(["Aluno", "Notas", ""], ["", "1º", "2º"], ["Ana", 8.0, 9.0])

    assert part.names == ("Aluno", "Notas 1º", "Notas 2º")


def test_years_alone_are_no_header() -> None:
    assert only([2023.0, 2024.0, 2025.0], [1.0, 2.0, 3.0]).header is None


def test_a_row_with_more_gaps_than_names_is_no_header() -> None:
    assert only(["a", "b", "", "", ""], ["c", 1.0, 2.0, 3.0, 4.0]).header is None


def test_a_header_is_looked_for_among_the_first_rows_alone() -> None:
    titles = [[f"Título {n}"] for n in range(HEAD)]

    assert only(*titles, ["Nome", "Nota"], ["Ana", 8.0]).header is None


def test_a_note_beside_a_table_is_no_table_of_its_own() -> None:
    ((part,),) = found(["Nome", "Nota", "", "obs"], ["Ana", 8.0, "", "faltou"])

    assert part.width == 4


def test_a_table_goes_on_over_more_than_one_empty_row() -> None:
    _, second, third = found(["Nome", "Nota"], ["Ana", 8.0], [], ["Bia", 9.0], [], ["Caio", 7.0])

    assert second[0].follows
    assert third[0].follows


def test_a_row_wider_than_the_table_above_is_no_part_of_it() -> None:
    _, second = found(["Nome", "Nota"], ["Ana", 8.0], [], ["Bia", 9.0, "x"])

    assert not second[0].follows


def test_a_row_cut_short_has_empty_cells_at_its_end() -> None:
    assert Part(0, 1, 1, 3).of(["a", "b"]) == ["b", None, None]
