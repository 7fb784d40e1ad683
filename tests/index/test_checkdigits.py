"""Check digits: a number with one digit off is not a number of its kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.index import checkdigits

CPF, CNPJ, LETTERED, CASE = (
    *("12345678909", "11222333000181"),
    *("12ABC34501DE35", "00016871920238260100"),
)


def test_real_numbers_are_known() -> None:
    assert checkdigits.cpf(CPF)
    assert checkdigits.cnpj(CNPJ)
    assert checkdigits.cnpj(LETTERED)
    assert checkdigits.cnpj(LETTERED.lower())


@given(st.integers(0, 9_999_999), st.integers(1998, 2030))
def test_a_court_case_has_the_check_digits_of_its_number(number: int, year: int) -> None:
    rest = f"{year}8260100"
    check = 98 - int(f"{number:07}{rest}00") % 97

    assert checkdigits.case(f"{number:07}{check:02}{rest}")
    assert not checkdigits.case(f"{number:07}{(check + 1) % 100:02}{rest}")


@pytest.mark.parametrize("at", range(1, 11))
def test_a_cpf_with_one_digit_off_is_none(at: int) -> None:
    changed = CPF[:at] + str((int(CPF[at]) + 1) % 10) + CPF[at + 1 :]

    assert not checkdigits.cpf(changed)


@pytest.mark.parametrize("at", range(14))
def test_a_cnpj_with_one_digit_off_is_none(at: int) -> None:
    changed = CNPJ[:at] + str((int(CNPJ[at]) + 1) % 10) + CNPJ[at + 1 :]

    assert not checkdigits.cnpj(changed)


@pytest.mark.parametrize("row", ["", "1" * 11, "0" * 14, "9" * 20, "abc", "1234567890á"])
def test_a_row_of_one_digit_or_of_another_length_is_none(row: str) -> None:
    assert not checkdigits.cpf(row)
    assert not checkdigits.cnpj(row)
    assert not checkdigits.case(row)
