/** What the settings say, in Portuguese of Brazil: the first of the three. */
/** @type {Record<string, string>} */
export default {
  "shell.settings": "Configurações",
  "settings.lead": "O que vale para a casa inteira. Cada mudança fica no registro de auditoria.",
  "settings.save": "Salvar",
  "settings.saved": "Salvo.",
  "settings.kept": "Guardado. Digite para trocar.",
  "settings.forget": "Esquecer",
  "settings.perLine": "Um por linha.",
  "settings.between": "De {least} a {most}.",

  "settings.sign_in": "Entrada",
  "settings.sign_in.lead": "Como as pessoas entram no console.",
  "settings.sign_in.second_factor": "Verificação em duas etapas",
  "settings.sign_in.second_factor.hint": "Quem ainda não tem é levado a configurá-la ao entrar.",
  "settings.sign_in.second_factor.optional": "Quem quiser",
  "settings.sign_in.second_factor.administrators": "Obrigatória para administradores",
  "settings.sign_in.second_factor.everyone": "Obrigatória para todos",
};
