/** What few answers have says this, in Spanish. */
/** @type {Record<string, string>} */
export default {
  "answer.approved": "Respuesta aprobada por el equipo.",
  "answer.didYouMean": "¿Quiso decir",
  "answer.askNext": "Puede preguntar",
  "handover.ask": "Hablar con una persona",
  "handover.lead": "El equipo lee toda esta conversación y responde. Escriba solo lo necesario.",
  "handover.reachBy": "Cómo responderle (correo, teléfono, extensión)",
  "handover.note": "Qué más debe saber el equipo",
  "handover.leave": "Cancelar",
  "handover.hand": "Entregar la conversación",
  "form.optional": "puede quedar en blanco",
  "form.choose": "Elija…",
  "form.send": "Enviar",
  "form.sent": "Este formulario ya se envió en esta conversación.",
};
