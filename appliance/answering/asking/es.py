"""How questions are built in Spanish."""

import re

from appliance.answering.asking.words import Words, families, pairs, word_set

WORDS = Words(
    opener=re.compile(
        r"(?:(?:pero |ah |ok )*y(?: (?:en cuanto a(?:l)?|sobre|que (?:pasa con|hay de(?:l)?)"
        r"|entonces))?|pero|en cuanto a(?:l)?|que hay de(?:l)?)(?: |$)"
    ),
    asks=re.compile(
        r"(?:(?:a partir de|hasta|desde|de|en|para|por|con|sobre|a|durante) )?(?:cuales|cual"
        r"|cuando|quienes|quien|cuant[oa]s? (?:tiempo|dias|veces)|cuant[oa]s?|donde|adonde|como"
        r"|que (?:horas?|dias?|horario)|lo que|que)(?= |$)"
    ),
    filler=word_set("tambien entonces ya solo mismo pues ok exactamente hola gracias"),
    more=word_set("""
        mas detalles detalle explica explique explicame mejor ejemplo continua seguro dime
    """),
    pronouns=dict.fromkeys(
        word_set("""
        el_ ella ellos ellas ello eso esto aquello alli ahi alla
    """),
        "",
    ),
    demonstratives=dict.fromkeys(
        word_set("""
        ese esa esos esas este esta estos estas aquel aquella aquellos aquellas dicho dicha tal
    """),
        "",
    ),
    here=word_set("""
        ano mes semana semestre trimestre escuela colegio facultad universidad empresa organo
        institucion sitio web documento reglamento manual ciudad hora momento asistente ley
    """),
    possessives=word_set("su sus"),
    prepositions=families("""
        de: del
        en:
        a: al
        para:
        por:
        con:
        sin:
        hasta:
        entre:
        sobre:
        contra:
        durante:
        desde:
        despues:
        antes:
        fuera:
        dentro:
        tras:
    """),
    articles=word_set("""
        el la los las un una unos unas lo
    """),
    contracted=pairs("de+el=del a+el=al"),
    links=word_set("""
        es son ser fue fueron era sera esta_ estan queda quedan
    """),
    verbs=word_set("""
        es son ser fue fueron era sera seria esta_ estan estar quedar queda quedan tener tiene
        tienen tengo hay haber existe existen poder puede pueden puedo podemos deber debe deben debo
        necesitar necesita necesitan necesito hacer hace hacen hago costar cuesta cuestan pagar paga
        pagan pago cobrar cobra cobran valer vale valen empezar empieza empiezan comenzar comienza
        comienzan terminar termina terminan acabar acaba acaban durar dura duran tardar tarda tardan
        vencer vence vencen abrir abre abren cerrar cierra cierran funcionar funciona funcionan
        suceder ocurre sirve cambiar cambia aplicar aplica aplican ir va van voy sale salen llevar
        lleva llevan llevo pedir pide piden pido solicitar solicita solicitan solicito entregar
        entrega entregan entrego enviar envia envian envio mandar manda mando recibir recibe recibo
        retirar retira retiro recoger recoge recojo buscar busco comprar compra compro usar usa usan
        uso firmar firma firman decidir decide deciden autorizar autoriza aprobar aprueba aprueban
        conseguir consigo saber sabe ver veo querer quiero consultar consulto encontrar encuentro
        reservar reserva reservo cancelar cancela cancelo renovar renueva renuevo calcular calcula
        contar cuenta dar da_ dan decir dice dicen resolver resuelve resuelven presentar presenta
        presento responde atiende atienden permitido permitida prohibido prohibida obligatorio
        obligatoria gratis gratuito gratuita posible necesario necesaria recurrir presta prestan
        perder pierdo pierde participar participa participan entrar entra entran pasa algo abierto
        abierta abiertos abiertas cerrado cerrada cerrados cerradas listo lista alguna cosa
    """),
    attributes=word_set("""
        plazo plazos horario horarios hora horas fecha fechas dia dias precio precios valor valores
        costo coste telefono telefonos email correo direccion lugar duracion tiempo validez
        vencimiento responsable sitio enlace contacto cantidad frecuencia inicio fin final motivo
        maximo minimo veces nombre
    """),
    relations=word_set("""
        multa multas tasa tasas cuota cuotas descuento descuentos interes intereses mensualidad
        documento documentos requisito requisitos regla reglas limite limites excepcion excepciones
        formulario formularios sancion sanciones pena edad criterio criterios procedimiento
        resultado resultados pasos ventajas condiciones consecuencia consecuencias comprobante
    """),
    audiences=word_set("""
        alumno alumna alumnos alumnas estudiante estudiantes novato novatos veterano veteranos
        profesor profesora profesores profesoras docente docentes funcionario funcionarios empleado
        empleada empleados empleadas trabajador trabajadores becario becarios aprendiz aprendices
        visitante visitantes invitado invitados padre padres madre madres responsables familia
        familias anciano ancianos mayores nino ninos adulto adultos menor menores hermano hermanos
        candidato candidatos cliente clientes vecino vecinos inquilino inquilinos propietario
        propietarios gerente gerentes director directores investigador investigadores mujer mujeres
        hombre hombres extranjero extranjeros socio socios residente residentes jubilado jubilados
        paciente pacientes acompanante acompanantes medico medicos enfermero enfermeros proveedor
        proveedores exalumnos grado posgrado master doctorado
    """),
    dates=word_set("""
        enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
        lunes martes miercoles jueves viernes sabado sabados domingo domingos festivo festivos
        feriado feriados semestre semestres trimestre trimestres ano anos mes semana verano invierno
        otono primavera manana tarde noche hoy ayer navidad pascua
    """),
    places=word_set("""
        extranjero exterior pais_ interior capital sede filial campus sucursal
    """),
    ordinals=word_set("""
        primer primero primera segundo segunda tercer tercero tercera cuarto cuarta quinto quinta
        sexto sexta septimo septima octavo octava noveno novena decimo decima ultimo ultima proximo
        proxima
    """),
)
