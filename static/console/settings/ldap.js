/** Below the section of the directory: does it answer, and whom does it know? */
import { define } from "../../shared/element.js";
import { t } from "../../shared/words.js";
import { FederationTrial } from "./federation.js";

class DirectoryTrial extends FederationTrial {
  /** @param {{ people: number, unknown_groups: string[] }} found */
  worked(found) {
    const works = t("settings.ldap.works", { people: found.people });
    const missing = found.unknown_groups.length ? t("settings.ldap.missing", { groups: found.unknown_groups.join(", ") }) : "";
    return `${works} ${missing}`.trim();
  }
}

define("balcao-settings-ldap", DirectoryTrial);
