/** Below the section of the OpenID provider: does it answer? */
import { define } from "../../shared/element.js";
import { t } from "../../shared/words.js";
import { FederationTrial } from "./federation.js";

class ProviderTrial extends FederationTrial {
  /** @param {Record<string, any>} found */
  worked(found) {
    return t("settings.oidc.works", { keys: found.keys });
  }
}

define("balcao-settings-oidc", ProviderTrial);
