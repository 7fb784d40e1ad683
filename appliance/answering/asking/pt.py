"""How questions are built in Portuguese."""

import re

from appliance.answering.asking.words import Words, families, pairs, word_set

WORDS = Words(
    opener=re.compile(
        r"(?:(?:mas |ah |ok |certo |entao )*e(?: (?:quanto (?:a|ao|aos|as)(?= )|sobre|entao))?"
        r"|mas|quanto (?:a|ao|aos|as)(?= )|e no caso d[eoa]s?)(?: |$)"
    ),
    asks=re.compile(
        r"(?:(?:a partir de|ate|desde|de|em|para|pra|por|com|sobre|a|ha) )?(?:por que|porque"
        r"|o que|quais|qual|quando|quem|quant[oa]s? (?:tempo|dias|vezes)|quant[oa]s?|onde|aonde"
        r"|como|que (?:horas?|dias?|horario)|que)(?: e que)?(?= |$)"
    ),
    filler=word_set("""
        tambem entao ai_ ja so mesmo pois ok certo afinal exatamente oi ola obrigado obrigada
    """),
    more=word_set("""
        mais detalhes detalhe explique explica melhor exemplo assim continue certeza fale
        informacoes
    """),
    pronouns=dict.fromkeys(
        word_set("""
        ele ela eles elas isso isto aquilo ali la
    """),
        "",
    )
    | dict.fromkeys(word_set("dele dela deles delas disso disto daquilo"), "de")
    | dict.fromkeys(word_set("nele nela neles nelas nisso nisto"), "em"),
    demonstratives=dict.fromkeys(
        word_set("""
        esse essa esses essas este esta estes estas aquele aquela aqueles aquelas tal
    """),
        "",
    )
    | dict.fromkeys(
        word_set("""
        desse dessa desses dessas deste desta destes destas daquele
    """),
        "de",
    )
    | dict.fromkeys(
        word_set("""
        nesse nessa nesses nessas neste nesta nestes nestas naquele
    """),
        "em",
    ),
    here=word_set("""
        ano mes semana semestre trimestre bimestre escola colegio faculdade universidade empresa
        orgao instituicao site documento regimento manual cidade hora momento assistente lei
    """),
    possessives=word_set("seu sua seus suas"),
    prepositions=families("""
        de: do da dos das dum duma
        em: no na nos nas num numa
        a: ao aos a_ as_
        para: pra pro pras pros
        por: pelo pela pelos pelas
        com:
        sem:
        ate:
        entre:
        sobre:
        contra:
        durante:
        desde:
        depois:
        antes:
        fora:
        dentro:
        apos:
    """),
    articles=word_set("o a os as um uma uns umas"),
    contracted=pairs(
        "de+o=do de+a=da de+os=dos de+as=das em+o=no em+a=na em+os=nos em+as=nas em+um=num"
        " em+uma=numa a+o=ao a+os=aos a+a=à a+as=às por+o=pelo por+a=pela por+os=pelos"
        " por+as=pelas"
    ),
    links=word_set("""
        eh sao ser foi foram era sera esta_ estao fica ficam
    """),
    verbs=word_set("""
        eh sao ser foi foram era sera seria esta_ estao ficar fica ficam ter tem tinha ha haver
        existe existem poder pode podem posso podemos dever deve devem devo precisar precisa
        precisam preciso fazer faz fazem faco feito custar custa custam custo pagar paga pagam pago
        cobrar cobra cobram valer vale valem comecar comeca comecam terminar termina terminam acabar
        acaba acabam durar dura duram demorar demora demoram vencer vence vencem abrir abre abrem
        fechar fecha fecham funcionar funciona funcionam acontecer acontece servir serve servem
        mudar muda mudam aplicar aplica aplicam ir vai vao vou sair sai saem levar leva levam levo
        pedir pede pedem peco solicitar solicita solicitam solicito entregar entrega entregam
        entrego enviar envia enviam envio mandar manda mando receber recebe recebem recebo retirar
        retira retiram retiro pegar pega pegam pego buscar busco comprar compra compram compro usar
        usa usam uso assinar assina assinam decidir decide decidem autorizar autoriza autorizam
        aprovar aprova aprovam conseguir consegue consigo saber sei sabe ver vejo querer quero quer
        consultar consulto encontrar encontro acho agendar agenda agendo marcar marca marco cancelar
        cancela cancelo renovar renova renovo calcular calcula calculado contar conta dar da_ dao
        dizer diz dizem ocorre ocorrem responder responde atender atende atendem permitido permitida
        proibido proibida obrigatorio obrigatoria gratis gratuito gratuita possivel necessario
        necessaria parcelar parcela recorrer recorre continua continuam perder perco perde perdi ler
        participar participa participam entrar entra entram cair cai caem alguma algum coisa coisas
        aberto aberta abertos abertas fechado fechada fechados fechadas pronto pronta prontos
        prontas
    """),
    attributes=word_set("""
        prazo prazos horario horarios hora horas data datas dia dias preco precos valor valores
        custo custos telefone telefones email e-mail endereco enderecos local duracao tempo validade
        vencimento responsavel site link contato ramal quantidade frequencia inicio fim termino
        motivo maximo minimo vezes nome
    """),
    relations=word_set("""
        multa multas taxa taxas desconto descontos juros mensalidade mensalidades documento
        documentos requisito requisitos regra regras limite limites excecao excecoes formulario
        formularios penalidade penalidades punicao sancao pena idade criterio criterios procedimento
        resultado resultados etapas passos vantagens condicoes consequencia consequencias
        segunda-via comprovante recurso
    """),
    audiences=word_set("""
        aluno aluna alunos alunas estudante estudantes veterano veteranos calouro calouros professor
        professora professores professoras docente docentes servidor servidora servidores
        funcionario funcionaria funcionarios funcionarias colaborador colaboradores empregado
        empregados estagiario estagiaria estagiarios estagiarias aprendiz aprendizes terceirizado
        terceirizados tecnico tecnicos visitante visitantes convidado convidados pai pais mae maes
        responsaveis familia familias idoso idosos crianca criancas adulto adultos menor menores
        irmao irmaos bolsista bolsistas candidato candidatos cliente clientes morador moradores
        inquilino inquilinos proprietario proprietarios gestor gestores gerente gerentes diretor
        diretores coordenador coordenadores pesquisador pesquisadores mulher mulheres homem homens
        gestante gestantes deficiente deficientes estrangeiro estrangeiros socio socios dependente
        dependentes conjuge filho filhos paciente pacientes acompanhante acompanhantes medico
        medicos enfermeiro enfermeiros fornecedor fornecedores ex-alunos mestrandos doutorandos
        graduacao pos-graduacao medio infantil fundamental serie series mestrado doutorado
    """),
    dates=word_set("""
        janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro
        segunda-feira terca-feira quarta-feira quinta-feira sexta-feira sabado sabados domingo
        domingos segundas tercas quartas quintas sextas feriado feriados semestre semestres
        trimestre trimestres bimestre bimestres ano anos mes semana verao inverno outono primavera
        manha tarde noite hoje amanha ontem fins-de-semana natal carnaval pascoa vespera
    """),
    places=word_set("""
        exterior pais_ interior capital brasil estado sede filial campus unidade polo
    """),
    ordinals=word_set("""
        primeiro primeira segundo segunda terceiro terceira quarto quarta quinto quinta sexto sexta
        setimo setima oitavo oitava nono nona decimo decima ultimo ultima proximo proxima
    """),
)
