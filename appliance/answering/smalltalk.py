"""Small talk: a greeting, thanks, a goodbye, "who are you". It is answered by the assistant's
own greeting and not from its documents.

A text is small talk when it is made of these phrases and of nothing else, so that a question
with a "bom dia" before it is a question: no word of it may be left over.
"""

import re
from typing import Literal

from appliance.errors import sentence
from appliance.folding import plain
from appliance.records import Assistant

Kind = Literal["greeting", "thanks", "goodbye", "who"]

MOST_WORDS = 12
_WORD = re.compile(r"[^\W_]+")
_DRAWN_OUT = re.compile(r"(\w)\1{2,}")  # "oiii"
_PHRASES: dict[Kind, str] = {
    "greeting": "ola oi oie ei opa alo bom_dia boa_tarde boa_noite tudo_bem tudo_bom como_vai "
    "como_voce_esta como_esta hello hi hey hi_there hello_there good_morning good_afternoon "
    "good_evening how_are_you hola buenas buenos_dias buen_dia buenas_tardes buenas_noches "
    "que_tal como_estas todo_bien saludos",
    "thanks": "obrigado obrigada muito_obrigado muito_obrigada brigado brigada valeu grato grata "
    "muito_grato muito_grata agradecido agradecida obrigado_pela_ajuda obrigada_pela_ajuda "
    "agradeco_a_ajuda ajudou_muito thanks thank_you thank_you_very_much thanks_a_lot many_thanks "
    "thanks_for_your_help thank_you_for_your_help gracias muchas_gracias mil_gracias "
    "gracias_por_su_ayuda gracias_por_tu_ayuda muy_amable muito_gentil "
    "muito_obrigado_pela_ajuda muito_obrigada_pela_ajuda",
    "goodbye": "tchau ate_logo ate_mais ate_breve adeus bye goodbye bye_bye see_you see_you_later "
    "adios chao hasta_luego hasta_pronto nos_vemos",
    "who": "quem_e_voce quem_es_tu quem_e_tu voce_e_quem qual_e_o_seu_nome qual_e_seu_nome "
    "qual_o_seu_nome qual_seu_nome como_voce_se_chama o_que_voce_faz o_que_voce_e "
    "voce_e_um_robo voce_e_uma_pessoa voce_e_humano voce_e_humana voce_e_uma_maquina "
    "o_que_voce_sabe_fazer o_que_voce_pode_fazer como_voce_pode_me_ajudar "
    "em_que_voce_pode_me_ajudar who_are_you what_are_you what_is_your_name what_s_your_name "
    "what_can_you_do what_do_you_do are_you_a_robot are_you_a_human are_you_human are_you_a_bot "
    "are_you_a_person how_can_you_help_me quien_eres quien_es_usted como_te_llamas como_se_llama "
    "cual_es_tu_nombre cual_es_su_nombre que_puedes_hacer que_puede_hacer que_haces "
    "eres_un_robot eres_una_persona en_que_puedes_ayudarme como_puedes_ayudarme",
}
_KINDS: dict[tuple[str, ...], Kind] = {
    tuple(phrase.split("_")): kind for kind, said in _PHRASES.items() for phrase in said.split()
}
_LONGEST = max(map(len, _KINDS))
_FILLERS = frozenset(("e", "and", "y", "pessoal", "gente", "there", "professor", "professora"))


def kind(text: str) -> Kind | None:
    """What kind of small talk a text is; None for a question."""
    found = [_DRAWN_OUT.sub(r"\1", word) for word in _WORD.findall(plain(text))]
    if not 0 < len(found) <= MOST_WORDS:
        return None
    kinds: list[Kind] = []
    while found:
        length = next(
            (n for n in range(min(_LONGEST, len(found)), 0, -1) if tuple(found[:n]) in _KINDS), 0
        )
        if length:
            kinds.append(_KINDS[tuple(found[:length])])
        elif found[0] not in _FILLERS:
            return None
        found = found[length or 1 :]
    # "Olá, quem é você?" asks who; "oi, obrigado" thanks.
    return next((one for one in kinds if one != "greeting"), kinds[0] if kinds else None)


def reply(assistant: Assistant, kind: Kind) -> str:
    """What the assistant says to it, in its language."""
    language = assistant.language
    greeting = assistant.greeting or sentence("small_greeting", {"name": assistant.name}, language)
    if kind == "greeting":
        return greeting
    if kind == "who":
        return greeting + "\n\n" + sentence("small_who", {"name": assistant.name}, language)
    return sentence(f"small_{kind}", {}, language)
