/** Lo que dice la conversación de un sitio cuando no puede comenzar, en español. */
/** @type {Record<string, string>} */
export default {
  "widget.refused.identity_expired": "Lo que esta página dijo de usted ya no vale. Recargue la página y abra la conversación de nuevo; hasta entonces, lo escrito aquí se queda.",
  "widget.refused.identity_needed": "Este asistente solo atiende a quien esta página conoce. Entre en el sitio y recargue la página.",
  "widget.refused.identity": "Esta página no pudo decir quién es usted. Recárguela; si sigue así, avise a quien cuida del sitio.",
  "widget.refused.too_many": "Muchas conversaciones comenzaron desde esta red hace poco. Espere unos minutos y ábrala de nuevo.",
  "widget.signIn": "Entrar en Balcão, en otra pestaña",
};
