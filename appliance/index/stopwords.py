"""Words that say nothing about what a question asks for, folded, in three languages."""

from appliance.records import Language

_PORTUGUESE = """
    a ao aos aquela aquelas aquele aqueles aquilo as ate com como da das de dela delas dele
    deles depois do dos e ela elas ele eles em entre era eram essa essas esse esses esta estao
    estas estava este estes eu foi for foram ha isso isto ja lhe lhes mais mas me mesmo meu meus
    minha minhas muito na nao nas nem no nos nossa nossas nosso nossos num numa o os ou para
    pela pelas pelo pelos por porque qual quais quando que quem se sem ser sera seu seus so sao
    sua suas sobre tambem te tem tinha um uma umas uns voce voces onde quanto quantos quanta
    quantas cujo cuja aonde posso podemos poderia quero queria gostaria saber preciso devo favor
    tenho acontece
"""
_ENGLISH = """
    a about after all also an and any are as at be because been before being between both but by
    can could did do does doing down during each few for from further had has have having he her
    here hers him his how i if in into is it its itself just me more most my no nor not of off
    on once only or other our out over own same she should so some such than that the their them
    then there these they this those through to too under until up very was we were what when
    where which while who whom whose why will with would you your please tell
"""
_SPANISH = """
    a al algo ante antes aquel aquella como con contra cual cuales cuando cuanto cuantos cuanta
    cuantas de del desde donde durante e el ella ellas ellos en entre era eran es esa esas ese
    eso esos esta estaba estan estas este esto estos fue fueron ha habia han hasta hay la las le
    les lo los mas me mi mis mucho muy nada ni no nos nosotros o os otra otro para pero por
    porque que quien quienes se sea ser si sin sobre son su sus tambien tanto te tiene tienen tu
    un una unas uno unos y ya yo puedo podemos quiero quisiera gustaria saber necesito debo
    favor tengo
"""
STOP_WORDS: dict[Language, frozenset[str]] = {
    "pt": frozenset(_PORTUGUESE.split()),
    "en": frozenset(_ENGLISH.split()),
    "es": frozenset(_SPANISH.split()),
}
