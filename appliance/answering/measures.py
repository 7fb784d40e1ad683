"""What is counted and what is numbered: units, months and labels, in three languages.

All words are folded. The patterns are for texts that are folded, too.
"""

# Never left out: what is money or percent in a text is so in a sentence about it.
TOLD_UNITS = frozenset({"%", "brl", "usd", "eur", "gbp"})
_UNITS = {
    "%": "% percent porcento",
    "brl": "real reais brl r$",
    "usd": "dolar dolares dollar dollars usd us$ u$s $",
    "eur": "euro euros eur €",
    "gbp": "libra libras pound pounds £",
    "cent": "centavo centavos cent cents",
    "second": "segundos seconds",
    "minute": "minuto minutos minute minutes min",
    "hour": "hora horas hour hours",
    "day": "dia dias day days",
    "week": "semana semanas week weeks",
    "month": "mes meses month months",
    "year": "ano anos year years",
    "decade": "decada decadas decade decades",
    "century": "seculo seculos siglo siglos century centuries",
    "mm": "mm milimetro milimetros millimeters millimetres",
    "cm": "cm centimetro centimetros centimeters centimetres",
    "m": "m metro metros meter meters metre metres",
    "km": "km quilometro quilometros kilometro kilometros kilometers kilometres kilometer",
    "mile": "milha milhas milla millas mile miles",
    "foot": "pe pes pie pies foot feet ft",
    "inch": "polegada polegadas pulgada pulgadas inch inches",
    "yard": "jarda jardas yarda yardas yard yards",
    "km2": "km2 km² mi2",
    "ha": "hectare hectares hectarea hectareas ha",
    "g": "g grama gramas gramo gramos gram grams",
    "kg": "kg quilo quilos kilo kilos quilograma quilogramas kilogramos kilograms",
    "ton": "t tonelada toneladas ton tons tonnes",
    "l": "l litro litros liter liters litre litres",
    "degree": "° grau graus grado grados degree degrees",
    "time": "vez vezes vez veces times",
}
UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}

_MONTH_NAMES = (
    "janeiro enero january jan", "fevereiro febrero february fev feb", "marco marzo march mar",
    "abril april abr apr", "maio mayo may mai", "junho junio june jun", "julho julio july jul",
    "agosto august ago aug", "setembro septiembre setiembre september set sep sept",
    "outubro octubre october out oct", "novembro noviembre november nov",
    "dezembro diciembre december dez dic dec",
)  # fmt: skip
MONTHS = {name: n for n, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
LONG_MONTH = "|".join(name for name in MONTHS if len(name) > 4 or name in {"maio", "mayo", "june"})
ANY_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DOUBTFUL = {"march", "may", "august"}  # months only with a capital

# Of which a sentence is sure to speak when it says them alone.
MONTH_WORDS = frozenset(name for name in MONTHS if len(name) > 3) - {"sept", *DOUBTFUL}
_LABELS = {
    "art": r"arts?\.?|artigos?|articulos?|articles?",
    "par": r"§{1,2}|paragrafos?|parrafos?|paragraphs?",
    "inc": r"incisos?|incs?\.|itens|item",
    "chapter": r"capitulos?|cap\.|chapters?",
    "title": r"titulos?|title",
    "section": r"secao|secoes|seccion|secciones|sections?",
    "century": r"seculos?|siglos?|sec\.|centuries",
}
LABELS = frozenset(_LABELS)
LABEL = "|".join(f"(?P<{unit}>{words})" for unit, words in _LABELS.items())
