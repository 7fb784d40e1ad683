/** What flows and handed-over conversations say, in Spanish. */
/** @type {Record<string, string>} */
export default {
  "shell.handovers": "Atención",
  "tab.flows": "Flujos",
  "flows.hours": "Horario de atención",
  "flows.hoursHint": "Responde a “¿están abiertos?” y “¿cuál es el horario?” según el reloj de este servidor, y dice cuándo vuelve el equipo.",
  "flows.hoursOn": "Responder sobre el horario",
  "flows.closed": "Días cerrados, uno por línea",
  "flows.closedHint": "Feriados y recesos, como 2026-12-25.",
  "flows.note": "Observación",
  "flows.noteHint": "Se dice después del horario, con sus palabras.",
  "flows.person": "Hablar con una persona",
  "flows.personHint": "Quien pregunta puede entregar la conversación al equipo, por ejemplo tras una negativa. Llega a",
  "flows.personOn": "Ofrecer una persona",
  "flows.said": "Qué decir antes",
  "flows.saidHint": "En blanco, la frase de la casa.",
  "flows.save": "Guardar flujos",
  "flows.saved": "Guardado. Vale desde la próxima pregunta.",
  "handovers.lead": "Conversaciones que alguien entregó al equipo por voluntad propia. Leer una queda en el registro.",
  "handovers.states": "Situación",
  "handovers.state.open": "Esperando",
  "handovers.state.done": "Atendidas",
  "handovers.none.open": "Nadie espera atención.",
  "handovers.none.done": "Todavía no se atendió nada.",
  "handovers.loading": "Buscando…",
  "handovers.more": "Mostrar más",
  "handovers.reachBy": "responder por: {how}",
  "handovers.read": "Leer la conversación",
  "handovers.readOf": "Leer la conversación “{title}”",
  "handovers.turn.open": "Marcar como atendida",
  "handovers.turn.done": "Reabrir",
<<<<<<< HEAD
  "handovers.turnOf.open": "Marcar como conversación atendida: “{title}”",
=======
  "handovers.turnOf.open": "Marcar como resuelta: “{title}”",
>>>>>>> 8cc9b4e7cbe3804b1967c905b26b77c44ec68463
  "handovers.turnOf.done": "Reabrir: “{title}”",
};
