"""The words that questions about tables are made of, in three languages at once.

People ask in one language of sheets in another, and "total" is all three. Everything is
folded; where number and gender do not matter, words are compared by their roots.
"""

import re
from collections.abc import Mapping

from appliance.index.roots import root
from appliance.records import Language

# Words for one thing: a column called by one of them is meant by all.
_ALIKE = """
aluno aluna estudante crianca student pupil kid child children alumno alumna nino estudiante
turma classe class clase grupo
turno periodo shift
processo caso case acao lawsuit proceso expediente juicio causa
imovel imoveis propriedade property listing anuncio inmueble propiedad
despesa gasto compra expense purchase gastos lancamento
receita entrada income revenue ingreso
cliente customer client
funcionario colaborador empregado employee empleado staff
produto item product articulo producto
pedido order encomenda
venda sale venta
fatura invoice factura
reserva booking reservation
consulta appointment cita
paciente patient
livro book libro
veiculo carro vehicle car coche
contrato contract
telefone celular fone phone telephone tel whatsapp telefono movil
email correo mail
endereco address direccion
bairro neighborhood neighbourhood barrio
cidade city ciudad municipio
preco valor custo price cost value amount importe monto precio costo coste
mensalidade fee tuition cuota mensualidad monthly
salario salary wage sueldo remuneracao
quarto dormitorio bedroom habitacion
nascimento nasceu nasceram nascido nascer birth born nacimiento nacio nacieron nacido
distribuicao distribuido
vencimento vence vencem due vencimiento
idade age edad
nome name nombre
responsavel guardian
advogado lawyer attorney abogado
area metragem superficie
situacao status situacion
fornecedor supplier vendor proveedor
categoria category
tipo type kind
pagamento payment pago
pago paga paid pagado pagada
agente corretor agent broker realtor
nota grade score
departamento setor department
quantidade quantity qtd cantidad
estoque stock
data date fecha
mes month
ano year
"""


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


def _roots(line: str) -> frozenset[str]:
    return frozenset(map(root, line.split()))


_GROUPS = [_roots(line) for line in _ALIKE.strip().splitlines()]
ALIKE: dict[str, frozenset[str]] = {
    one: frozenset().union(*(group for group in _GROUPS if one in group))
    for one in frozenset().union(*_GROUPS)
}
# A column "Pago" says what is paid; payments are what the whole sheet lists.
ALIKE |= {root("pago"): _roots("pago paga paid pagado pagada")}
MONEY = _roots(
    "preco valor custo price cost value amount importe monto precio costo coste mensalidade fee "
    "salario salary wage sueldo rent total saldo balance"
)
BIRTH = _roots("nascimento birth born nacimiento")
YES = frozenset(("sim", "s", "yes", "y", "si", "true", "verdadeiro", "x", "pago"))
NO = frozenset(("nao", "n", "no", "false", "falso"))

_OPERATIONS = {
    "count": (
        r"quant[oa]s|how many|cuant[oa]s|(?:numero|quantidade|contagem|numero total) de"
        r"|(?:number|count) of|(?:numero|cantidad) de|conte|count"
    ),
    "sum": (
        r"(?:o )?(?:valor )?total(?: de)?|somatorio|somad[oa]s?|soma[mr]?|some|sumad[oa]s?|sumar?"
        r"|sum|ao todo|altogether|en total"
    ),
    "average": r"media|medio|averages?|mean|promedio",
    "greatest": (
        r"maior(?:es)?(?! numero| quantidade)|maxim[oa]|mais (?P<dear>car[oa]s?)|mais alt[oa]"
        r"|highest|largest|biggest|maximum|most (?P<dear2>expensive)|greatest"
        r"|mayor(?! numero| cantidad)|mas (?P<dear3>car[oa]s?)|mas alt[oa]"
    ),
    "least": (
        r"menor(?:es)?(?! numero| quantidade| cantidad)|minim[oa]|mais (?P<cheap>barat[oa]s?)"
        r"|mais baix[oa]|lowest|smallest|(?P<cheap2>cheapest)|minimum"
        r"|mas (?P<cheap3>barat[oa]s?)|mas baj[oa]"
    ),
    "latest": r"mais (?:recente|nov[oa])|ultim[oa]|latest|newest|most recent|mas reciente",
    "earliest": r"mais antig[oa]|primeir[oa]|oldest|earliest|mas antigu[oa]",
    "most": (
        r"(?:(?:o |a |los |las )?(?:que )?)?(?:tem|tiene|has|have|com|con|with)? ?"
        r"(?:the most|o maior numero de|a maior quantidade de|el mayor numero de|mais|mas)"
    ),
    "fewest": r"(?:the fewest|the least|o menor numero de|el menor numero de|menos)",
    "different": r"diferentes?|distint[oa]s?|different|distinct|unic[oa]s|unique",
}
OPERATIONS = {name: re.compile(rf"(?<!\w)(?:{words})(?!\w)") for name, words in _OPERATIONS.items()}
SPENDING = re.compile(
    r"(?<!\w)(?P<how>quanto|how much|cuanto)"
    r"(?P<between>(?: (?:foi|fue|foram|was|were|did|we|nos|se|o|e|temos|ja|is|the|que|a gente|hemos"
    r"|dinheiro|money|dinero))*)"
    r" (?P<verb>gast\w+|pag\w+|receb\w+|arrecad\w+|faturou|faturamos|vend[ei]mos|recaud\w+|cobr\w+"
    r"|spen[dt]|paid|pay|received?|earn(?:ed)?|invest\w+)(?!\w)"
)
COSTING = re.compile(
    r"(?<!\w)(?:quanto (?:custa|custou|custam|e|foi|vale)|how much (?:is|was|does|did)"
    r"|cuanto (?:cuesta|costo|vale|es))(?!\w)"
)
ASKING = re.compile(
    r"(?<!\w)(?:qual|quais|quem|quando|what|which|who|when|cual|cuales|quien|cuando|me passa"
    r"|me diga|me de|informe|em que|de que|a que|com que|en que|con que|que|whats|tell me|dame"
    r"|dime)(?!\w)"
)
GROUPING = re.compile(
    r"(?<!\w)(?:(?:em |de |para |por |in |for |en )?cada|(?:in |for )?each|por|by|per)(?!\w)"
)
COMPARISONS = tuple(
    (name, re.compile(rf"(?<!\w)(?:{words}) §n(?!\w)"))
    for name, words in (
        (
            "above",
            r"acima de|acima|maior(?:es)? (?:do )?que|mais (?:de|que)|mais do que|superior(?:es)? a"
            r"|over|above|more than|greater than|higher than|mas de|mayor(?:es)? (?:de|que)"
            r"|por encima de|depois de|apos|after|despues de",
        ),
        (
            "below",
            r"abaixo de|abaixo|menor(?:es)? (?:do )?que|menos (?:de|que)|inferior(?:es)? a|under"
            r"|below|less than|lower than|fewer than|menor(?:es)? (?:de|que)|por debajo de"
            r"|antes de|before",
        ),
        (
            "from",
            r"pelo menos|no minimo|ao menos|a partir de|desde|at least|since|from|al menos"
            r"|como minimo",
        ),
        ("to", r"ate|no maximo|at most|up to|until|hasta|como maximo"),
    )
)
BETWEEN = re.compile(
    r"(?<!\w)(?:entre|between|de|from) §n (?:\w+ )?(?:e|a|ate|and|to|y|hasta) §n(?!\w)"
)
_FILLERS: dict[Language, str] = {
    "pt": """a ao aos as o os um uma uns umas de da das do dos em na nas no nos num numa para pra
        por pelo pela pelos pelas com que e qual quais quem quando onde como se ele ela eles elas
        eu nos nosso nossa nossos nossas meu minha sua seu me lhe este esta estes estas esse essa
        isso isto ha tem temos tinha tinham houve existe existem existiam ser e sao era eram foi
        foram esta estao estava estavam estamos fica ficou da deu dao dar fez fizemos fazer feito
        feitas feita registrado registrados registradas registrada cadastrado cadastrados
        cadastradas cadastrada listado listados listadas lancado lancada la aqui ja ainda
        atualmente mesmo planilha tabela lista registro registros linha linhas documento arquivo
        por favor favor mostre mostra diga informe passa liste calcule calcular quero saber
        gostaria posso ver preciso tirou tiraram tirado obteve obtiveram teve tiveram possui
        possuem corre correm tramita tramitam estuda estudam trabalha trabalham mora moram custou
        custa custam vale entao geral todo toda todos todas dinheiro reais real r valor ne
        chama chamado chamada referente relativo relativa realizado realizada realizadas
        quanto quanta matriculado matriculados matriculada matriculadas pagam recebem ganham
        escola colegio empresa firma associacao gasto gastos gastou gastamos gasta somados somadas
        soma fase à às é""",
    "en": """a an the of in on at for to from by with and is are was were be been there here it its
        we our us i me my you your they their he his she her this that these those do does did
        have has had what whats which who whom whose when where how much many s t please show
        tell give list sheet table spreadsheet row rows record records ones one all overall
        total currently now registered recorded worth spent cost costs us dollars dollar
        reais money enrolled school company firm""",
    "es": """el la los las lo un una unos unas de del en a al para por con que y e cual cuales quien
        quienes cuando donde como se su sus nuestro nuestra nuestros me mi hay hubo tiene tienen
        tenemos tenia es son era eran fue fueron esta estan estaba ser hizo hicimos hecho hace
        planilla tabla lista hoja registro registros fila filas favor muestra dime dame todo toda
        todos todas total general actualmente ya aun gastamos gasto gastos gastado gastar cuesta
        costo dinero reales cuanto cuanta escuela matriculados inscritos
        registrados registradas registrado""",
}  # fmt: skip
FILLERS: Mapping[Language, frozenset[str]] = {
    language: frozenset(words.split()) for language, words in _FILLERS.items()
}
NEGATIONS: Mapping[Language, frozenset[str]] = {
    "pt": frozenset(("nao", "nunca", "sem", "exceto", "fora", "nem")),
    "en": frozenset(("not", "no", "never", "without", "except", "isn", "aren", "wasn", "haven")),
    "es": frozenset(("no", "nunca", "sin", "excepto", "ni")),
}
# Explained only beside a condition: "quantos alunos trabalham?" asks what no column tells.
NEEDY = _words(
    "mora moram trabalha trabalham corre correm tramita tramitam estuda estudam pagam recebem "
    "ganham possui possuem"
)
OF_TIME = _words("desde since depois apos after despues antes before a")
OF_AMOUNTS = _words(
    "acima maior maiores mais superior superiores over above more greater higher mas mayor mayores "
    "abaixo menor menores menos inferior inferiores under below less lower fewer pelo no ao al "
    "at up como por"
)
# Columns of people: there "Paula" and "Paulo" are two.
PEOPLE = _roots(
    "nome name nombre aluno aluna student pupil alumno cliente customer client funcionario "
    "colaborador empregado employee empleado responsavel guardian advogado lawyer abogado agente "
    "corretor agent broker vendedor seller professor teacher paciente patient autor author"
)
ORDINALS = re.compile(
    r"(?:primeir|segund|terceir|quart|quint|sext|setim|oitav|non|decim|primer|tercer|septim|octav)"
    r"[oa]?s?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth"
)
# Whose money it is: "quanto recebemos?" is not asked of a sheet of expenses.
WE_GET = re.compile(r"(?:receb|arrecad|fatur|vend|recaud|cobr)\w*mos|earn\w*|receive\w*")
WE_SPEND = re.compile(r"gast\w*mos|spen[dt]")
INCOME = _roots("receita entrada venda venta income revenue sale ingreso faturamento")
EXPENSES = _roots("despesa saida gasto compra expense purchase egreso")
# What may stand between the name of a column and a value in it: "na turma do 2º A".
LINKS = _words(
    "de da do das dos del la el o a os as em na no en in of the is e ser chamado named called "
    "por para numero n igual"
)
JOINTS = frozenset(("e", "ou", "and", "or", "y", "o", "u"))
