/** Below the section of e-mail: a letter to oneself, to see whether the server takes letters. */
import { define } from "../../shared/element.js";
import { t } from "../../shared/words.js";
import { Trial } from "./trial.js";

class LetterTrial extends Trial {
  /** @param {{ to: string }} sent */
  worked(sent) {
    return t("settings.mail.sent", { to: sent.to });
  }
}

define("balcao-settings-mail", LetterTrial);
