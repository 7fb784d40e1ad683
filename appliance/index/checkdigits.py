"""The check digits that tell a real number of its kind from a row of digits.

CPF and CNPJ: the sums modulo 11 of the Receita Federal (CNPJ also with letters, as
given out since 2026: a sign counts as its ASCII code less 48). Court cases: modulo 97
of ISO 7064, Resolution 65/2008 of the CNJ.
"""


def cpf(digits: str) -> bool:
    """Whether eleven digits are a CPF."""
    if len(digits) != 11 or not digits.isdecimal() or len(set(digits)) == 1:
        return False
    return all(
        int(digits[size])
        == sum(int(digits[i]) * (size + 1 - i) for i in range(size)) * 10 % 11 % 10
        for size in (9, 10)
    )


def cnpj(signs: str) -> bool:
    """Whether fourteen signs, letters in either case, are a CNPJ."""
    if len(signs) != 14 or not (signs.isascii() and signs.isalnum() and signs[12:].isdecimal()):
        return False
    values = [ord(sign) - 48 for sign in signs.upper()]
    if len(set(values)) == 1:
        return False
    return all(values[size] == _cnpj_digit(values[:size]) for size in (12, 13))


def _cnpj_digit(values: list[int]) -> int:
    rest = sum(value * (2 + place % 8) for place, value in enumerate(reversed(values))) % 11
    return 0 if rest < 2 else 11 - rest


def case(digits: str) -> bool:
    """Whether twenty digits are a court case: NNNNNNN DD AAAA J TR OOOO."""
    if len(digits) != 20 or not digits.isdecimal():
        return False
    return int(digits[:7] + digits[9:] + digits[7:9]) % 97 == 1
