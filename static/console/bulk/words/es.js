/** Lo que se dice donde varias cosas se hacen de una vez, en español. */
/** @type {Record<string, string>} */
export default {
  "bulk.label": "Elegidos",
  "bulk.choose": "Elegir {name}",
  "bulk.chooseHint": "Con Mayús, todos hasta aquí",
  "bulk.chooseAll": "Elegir todos",
  "bulk.chosen": "{count} elegido | {count} elegidos",
  "bulk.none": "No elegir ninguno",
  "bulk.doing": "{done} de {count} | {done} de {count}",
  "bulk.undo": "Deshacer",
  "bulk.failed": "Con uno no se pudo: | Con {count} no se pudo:",
  "bulk.trash": "Mover a la papelera",
  "bulk.trashed": "{count} documento está en la papelera: ninguna respuesta lo usa ya. | {count} documentos están en la papelera: ninguna respuesta los usa ya.",
  "bulk.again": "Leer de nuevo",
  "bulk.isAgain": "{count} documento se leerá de nuevo. | {count} documentos se leerán de nuevo.",
  "bulk.restore": "Restaurar",
  "bulk.restored": "{count} documento volvió y se leerá de nuevo. | {count} documentos volvieron y se leerán de nuevo.",
  "bulk.tell": "Marcar como avisadas",
  "bulk.told": "{count} laguna está marcada como avisada. | {count} lagunas están marcadas como avisadas.",
  "bulk.dismiss": "Descartar",
  "bulk.dismissed": "{count} laguna fue descartada. | {count} lagunas fueron descartadas.",
  "bulk.undone": "Deshecho con {count}. | Deshecho con {count}.",
};
