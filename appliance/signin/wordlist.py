"""What everybody tries first: passwords that a list names, as they are and in their usual dress.

The list is the one of zxcvbn (30,000 that leaked most often, most of them English) and our
own words of the countries that Balcão is made for, with its name, the house's and the person's
own. A word of it is no better with capitals, accents, a year, a few counted digits or signs around
it ("Flamengo2026!"), nor with letters written as digits ("s3nha123"). Three unrelated words, or
anything that nobody would think of, are welcome whatever they are made of.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

# Word by word, and without what dresses them: "mudar123" is "mudar" here.
OWN = """
senha minhasenha suasenha novasenha senhanova senhaforte senhasegura mudar mudasenha mudarsenha
trocar trocasenha trocarsenha acesso entrar entrada sistema suporte usuario visitante padrao teste
administrador administradora gerente diretor diretora secretaria recepcao portaria sindico
condominio escola colegio professor professora aluno aluna faculdade universidade advogado
advogada advocacia escritorio cartorio prefeitura empresa bemvindo bemvinda bomdia brasil
brasileiro brasileira corinthians coringao timao palmeiras verdao flamengo mengao vasco saopaulo
santos gremio internacional colorado cruzeiro atletico galo botafogo fluminense bahia vitoria
teamo amor meuamor amorzinho amoreterno familia minhafamilia deus deusefiel deusnocomando jesus
jesuscristo jesuscristoerei cristo nossasenhora aparecida felicidade saudade esperanca liberdade
borboleta princesa estrela gatinha cachorro janeiro fevereiro marco abril maio junho julho agosto
setembro outubro novembro dezembro domingo segunda terca quarta quinta sexta sabado
contrasena contrasenia micontrasena nuevacontrasena clave miclave cambiar cambiame cambiarclave
acceso usuaria administracion gerencia colegio escuela abogado abogada despacho ayuntamiento
bienvenido bienvenida hola holamundo buenosdias tequiero tequieromucho teamomucho teextrano
miamor amorcito mariposa estrella corazon princesita dios diosesamor jesusmaria guadalupe espana
argentina mexico colombia chile peru venezuela uruguay realmadrid barcelona barca atleticomadrid
bocajuniors boca riverplate river chivas america enero febrero marzo mayo junio julio agosto
septiembre octubre noviembre diciembre lunes martes miercoles jueves viernes sabado
password welcome administrator changeme letmein login guest secret root abcdefgh
123123123 87654321 987654321
balcao balcaodeatendimento appliance
"""
NUMBER = r"(?:(?:19|20)\d\d|1234\d*|0*\d{1,3})"  # a year, or what somebody has counted to
BEFORE, BEHIND = re.compile(f"^{NUMBER}"), re.compile(f"{NUMBER}$")
SIGNS = re.compile(r"[\W_]")
LETTERS = str.maketrans("@430157$", "aaeoists")
AGAIN = re.compile(r"(.+?)\1+", re.DOTALL)
SHORTEST = 4  # letters of a word of a name that stand for whoever has it


def names(password: str, *, about: Iterable[str | None] = ()) -> bool:
    """Whether the list names a password, in whatever dress; ``about`` are names and addresses
    of the house and of whoever chooses it, which are guesses, too."""
    bare = _bare(password)
    guesses = frozenset(word for name in about for word in _words(name or ""))
    again = AGAIN.fullmatch(bare)
    if again and (len(again[1]) <= 2 or _is_known(again[1], guesses)):
        return True
    return _is_known(bare, guesses)


def _is_known(bare: str, guesses: frozenset[str]) -> bool:
    """Whether a password without capitals and accents is on the list, dressed or not."""
    whole = _stripped(bare)
    begun = _stripped(BEHIND.sub("", whole))
    forms = {bare, whole, begun, BEFORE.sub("", begun)}
    forms |= {form.translate(LETTERS) for form in forms}
    plain = {bare} | {SIGNS.sub("", form) for form in forms}
    return not plain.isdisjoint(_listed()) or not plain.isdisjoint(guesses)


@cache
def _listed() -> frozenset[str]:
    # 13 MB and 20 ms, so only when the first password is chosen, which most starts never see.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(FREQUENCY_LISTS["passwords"]) | frozenset(OWN.split())


def _words(name: str) -> set[str]:
    """A name, or each side of an address, as one word, and the words of it."""
    sides = [re.findall(r"\w+", side) for side in _bare(name).split("@")]
    single = {one for parts in sides for one in parts if len(one) >= SHORTEST}
    return single | {"".join(parts) for parts in sides} - {""}


def _stripped(text: str) -> str:
    """A text without the signs at its ends."""
    return text.strip("".join(one for one in set(text) if not one.isalnum()))


def _bare(text: str) -> str:
    """A text in small letters and without accents."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(one for one in letters if not unicodedata.combining(one))
