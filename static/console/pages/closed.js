/** A page that is not for whoever typed its address. */
import { define } from "../../shared/element.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import { closed } from "../parts/closed.js";
import { audience } from "../session.js";

class ClosedPage extends Page {
  template() {
    document.title = `${t("closed.title")} – Balcão`;
    const roles = audience(this.route.closed ?? "");
    if (roles.includes("member")) return closed("readers");
    return closed(roles.includes("editor") ? "editors" : "administrators");
  }
}

define("page-closed", ClosedPage);
