/** The gap inbox of every assistant that this person looks after. */
import { all } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import "../gaps/gaps.js";
import { Page } from "../page.js";
import { mayChange } from "../session.js";

class GapsPage extends Page {
  /** @type {Map<string, import("../../shared/types").Assistant> | null} */
  #assistants = null;

  arrived() {
    void this.trying(async () => {
      const found = (await all("/api/assistants")).filter(mayChange);
      this.#assistants = new Map(found.map((one) => [one.id, one]));
    });
  }

  template() {
    document.title = `${t("shell.gaps")} – Balcão`;
    return html`<div class="page narrow">
      <header class="head"><div><h1>${t("shell.gaps")}</h1><p class="lead">${t("gaps.lead")}</p></div></header>
      ${this.problemLine}
      ${this.#assistants ? html`<balcao-gaps .assistants=${this.#assistants}></balcao-gaps>` : this.awaited}
    </div>`;
  }
}

define("page-gaps", GapsPage);
