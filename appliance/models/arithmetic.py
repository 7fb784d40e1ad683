"""In which numbers the embedder calculates: bf16 where that is native, the same, and faster.

Measured on an AMD EPYC with avx512_bf16, one thread, windows of 50 words: 1.7 to 1.8
times as many texts a second as fp32, and no cosine below 0.9998 between the two. A
processor that only imitates bf16 is slower with it, and one may calculate wrongly, so
both are tried at each load, on these texts, before one is believed.

Vectors of both kinds carry the same stamp and may meet: what the two disagree about is
less than what lies between two windows of which people would call one the better.
"""

from typing import Literal

import msgspec

from appliance.records import Problem

LEAST_COSINE = 0.9995  # between the two vectors of each text
LEAST_GAIN = 1.1  # times as fast; less is noise, and fp32 is the exact one

Numbers = Literal["fp32", "bf16"]

# One batch, as long as the windows that are embedded, in the product's three languages.
TEXTS = (
    "A multa por atraso na devolução de livros é de R$ 1,50 por dia, e o aluno que não a pagar "
    "até o fim do semestre fica impedido de renovar a matrícula. Cada aluno pode levar três "
    "livros por quinze dias, e renovar o prazo uma vez, se ninguém os tiver reservado.",
    "O contrato de trabalho por prazo determinado não poderá ser estipulado por mais de dois "
    "anos, nem o de experiência por mais de noventa dias. Se for prorrogado mais de uma vez, "
    "tácita ou expressamente, passa a vigorar sem determinação de prazo, ressalvado o disposto "
    "no artigo anterior.",
    "A umidade relativa do ar foi medida em doze pontos do galpão, às 7h, às 13h e às 19h, "
    "durante quarenta dias. Nos meses de seca ela ficou abaixo de 35%, o que explica as fissuras "
    "encontradas nas peças de concreto que não receberam cura úmida nas primeiras 72 horas.",
    "Las solicitudes de beca se presentan en la secretaría hasta el 15 de marzo, con una copia "
    "del documento de identidad, el certificado de notas y la declaración de ingresos de la "
    "familia. La comisión resuelve en treinta días hábiles, y su decisión puede recurrirse una "
    "sola vez ante el rectorado.",
    "El conductor que encuentre la carretera cortada por la nieve debe detener el vehículo en un "
    "lugar seguro, encender las luces de emergencia y avisar a la central. No se puede retirar "
    "la señalización, ni siquiera cuando parezca que ya no hace falta, hasta que llegue la "
    "brigada de mantenimiento.",
    "Employees who travel for more than eight hours may claim a daily allowance without "
    "receipts; hotel bills are reimbursed up to the limit of the table in annex B. Claims reach "
    "the finance department by the fifth working day of the following month, signed by the head "
    "of the unit, or they are paid a month later.",
    "The pump must not run dry. Before starting it, open the inlet valve, bleed the housing "
    "until no more air comes out, and check that the pressure gauge shows at least 1.2 bar. If "
    "the bearing gets hotter than 80 °C, stop the motor, let it cool for half an hour and call "
    "the service number on the plate.",
    "Prazo de entrega: 30 dias.",
)


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What came of both: the least cosine, and the seconds that one batch took with each."""

    cosine: float
    fp32_seconds: float
    bf16_seconds: float


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers chosen, and why, as a problem has its sentence."""

    numbers: Numbers
    because: Problem


def chosen(trial: Trial | None) -> Choice:
    """What to calculate in; ``trial`` is None where the processor has no bf16 of its own."""
    if trial is None:
        return Choice(numbers="fp32", because=Problem(code="bf16_not_native"))
    gain = trial.fp32_seconds / max(trial.bf16_seconds, 1e-9)
    facts = {"cosine": f"{trial.cosine:.5f}", "gain": f"{gain:.1f}"}
    # Not "<": a cosine that is no number must not pass.
    if not trial.cosine >= LEAST_COSINE:
        return Choice(numbers="fp32", because=Problem(code="bf16_differs", facts=facts))
    if gain < LEAST_GAIN:
        return Choice(numbers="fp32", because=Problem(code="bf16_no_gain", facts=facts))
    return Choice(numbers="bf16", because=Problem(code="bf16_chosen", facts=facts))
