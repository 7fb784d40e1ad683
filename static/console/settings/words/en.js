/** What the settings say, in English. */
/** @type {Record<string, string>} */
export default {
  "shell.settings": "Settings",
  "settings.lead": "What holds for the whole house. Every change is written in the audit log.",
  "settings.save": "Save",
  "settings.saved": "Saved.",
  "settings.kept": "Kept. Type to replace it.",
  "settings.forget": "Forget",
  "settings.perLine": "One per line.",
  "settings.between": "From {least} to {most}.",

  "settings.sign_in": "Signing in",
  "settings.sign_in.lead": "How people get into the console.",
  "settings.sign_in.second_factor": "Two-step verification",
  "settings.sign_in.second_factor.hint": "Whoever has none yet is led to set it up when signing in.",
  "settings.sign_in.second_factor.optional": "Whoever wants it",
  "settings.sign_in.second_factor.administrators": "Required for administrators",
  "settings.sign_in.second_factor.everyone": "Required for everybody",
};
