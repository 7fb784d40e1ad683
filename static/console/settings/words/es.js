/** What the settings say, in Spanish. */
/** @type {Record<string, string>} */
export default {
  "shell.settings": "Configuración",
  "settings.lead": "Lo que vale para toda la casa. Cada cambio queda en el registro de auditoría.",
  "settings.save": "Guardar",
  "settings.saved": "Guardado.",
  "settings.kept": "Guardado. Escriba para cambiarlo.",
  "settings.forget": "Olvidar",
  "settings.perLine": "Uno por línea.",
  "settings.between": "De {least} a {most}.",

  "settings.sign_in": "Acceso",
  "settings.sign_in.lead": "Cómo entran las personas en la consola.",
  "settings.sign_in.second_factor": "Verificación en dos pasos",
  "settings.sign_in.second_factor.hint": "Quien aún no la tiene debe configurarla al entrar.",
  "settings.sign_in.second_factor.optional": "Quien quiera",
  "settings.sign_in.second_factor.administrators": "Obligatoria para administradores",
  "settings.sign_in.second_factor.everyone": "Obligatoria para todos",
};
