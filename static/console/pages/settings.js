/** Settings: what administrators decide for the whole house, a sheet for each section. */
import { get } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import "../settings/sheet.js";

/** @typedef {import("../settings/fields.js").Section} Section */

class SettingsPage extends Page {
  /** @type {Section[] | null} */
  #sections = null;

  arrived() {
    void this.trying(async () => { this.#sections = (await get("/api/settings")).sections; });
  }

  drawn() {
    const wanted = this.route.path[1];
    if (wanted) this.querySelector(`#section-${CSS.escape(wanted)}`)?.scrollIntoView();
  }

  template() {
    document.title = `${t("shell.settings")} – Balcão`;
    return html`<div class="page narrow settings">
      <header class="head"><div><h1>${t("shell.settings")}</h1><p class="lead">${t("settings.lead")}</p></div></header>
      ${this.problemLine}
      ${this.#sections?.map((section) => html`<balcao-settings-sheet id="section-${section.name}" .section=${section}></balcao-settings-sheet>`) ?? nothing}
    </div>`;
  }
}

define("page-settings", SettingsPage);
