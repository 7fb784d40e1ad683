/** Lo que dice el primer recorrido por la casa, en español. */
/** @type {Record<string, string>} */
export default {
  "tour.offer": "¿Primera vez aquí? Un recorrido de un minuto muestra las {count} páginas que más va a necesitar.",
  "tour.take": "Hacer el recorrido",
  "tour.decline": "Ahora no",
  "tour.at": "{at} de {count}",
  "tour.next": "Siguiente",
  "tour.back": "Volver",
  "tour.end": "Salir del recorrido",
  "tour.done": "Terminar",
  "tour.palette": "Recorrido por las páginas principales",
  "tour.assistants": "Aquí empieza todo. Un asistente lee los documentos que usted le da y responde solo con ellos, mostrando la página. Crear uno lleva tres pasos.",
  "tour.gaps": "Las preguntas que quedaron sin respuesta, reunidas por su sentido. Pase por aquí cada semana: escriba la respuesta o agregue el documento que faltaba.",
  "tour.sources": "Una carpeta de la red, una página o un sitio entero: lo que cambia allí se lee de nuevo solo, y nada desaparece por culpa de una falla.",
  "tour.people": "Invite a sus colegas, diga qué puede hacer cada uno y termine un acceso al instante.",
  "tour.backups": "Elija la carpeta y los días. Cada copia se prueba con una restauración aparte; sin eso, no cuenta.",
  "tour.doctor": "Si algo está mal, la causa y el remedio están aquí. El examen no cambia nada.",
};
