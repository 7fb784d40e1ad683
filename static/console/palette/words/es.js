/** Ir a cualquier lugar: lo que dicen la paleta y los atajos, en español. */
/** @type {Record<string, string>} */
export default {
  "palette.open": "Buscar o ir a…",
  "palette.label": "Página, asistente, documento, persona o acción",
  "palette.results": "Lo que se encontró",
  "palette.close": "Cerrar",
  "palette.page": "Páginas",
  "palette.act": "Acciones",
  "palette.assistant": "Asistentes",
  "palette.collection": "Colecciones",
  "palette.document": "Documentos",
  "palette.person": "Personas",
  "palette.conversation": "Sus conversaciones",
  "palette.new": "Nuevo asistente",
  "palette.upload": "Subir documentos",
  "palette.speak": "Cambiar a {language}",
  "palette.leave": "Terminar la sesión",
  "palette.asking": "Buscando…",
  "palette.count": "{count} resultado: flechas para elegir, Enter para abrir, Esc para cerrar. | {count} resultados: flechas para elegir, Enter para abrir, Esc para cerrar.",
  "palette.none": "Aquí nada se llama “{words}”. Pruebe con una parte del nombre.",
};
