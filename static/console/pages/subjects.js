/** The data subject's desk (LGPD): somebody is found, handed their data, erased; and what is kept, for how long, and why. */
import { define } from "../../shared/element.js";
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import "../subjects/find.js";
import "../subjects/holds.js";
import "../subjects/processing.js";
import "../subjects/receipts.js";
import "../subjects/retention.js";
import { Search } from "../subjects/search.js";

const TABS = ["find", "receipts", "holds", "retention", "processing"];

class SubjectsPage extends Page {
  #search = new Search(); // stays while the tabs are turned

  get #tab() {
    return this.route.path[1] ?? "find";
  }

  drawn() {
    const tabs = this.querySelector(".tabs");
    const here = /** @type {HTMLElement | null | undefined} */ (tabs?.querySelector("[aria-current=page]"));
    if (tabs && here) tabs.scrollLeft = here.offsetLeft - tabs.clientWidth / 2;
  }

  template() {
    const tab = this.#tab;
    document.title = `${t("shell.subjects")} – Balcão`;
    return html`<div class="page subjects">
      <header class="head"><div><h1>${t("shell.subjects")}</h1><p class="lead">${t("desk.lead")}</p></div></header>
      <nav class="tabs" aria-label=${t("shell.subjects")}>${TABS.map((one) => html`
        <a href="#/subjects${one === "find" ? "" : `/${one}`}" aria-current=${one === tab ? "page" : "false"}>${t(`desk.${one}`)}</a>`)}</nav>
      <p class="help">${t(`desk.${tab}.help`)}</p>
      ${this.#part(tab)}
    </div>`;
  }

  /** @param {string} tab */
  #part(tab) {
    const route = this.route;
    switch (tab) {
      case "receipts": return html`<balcao-desk-receipts .route=${route}></balcao-desk-receipts>`;
      case "holds": return html`<balcao-desk-holds .route=${route}></balcao-desk-holds>`;
      case "retention": return html`<balcao-desk-retention .route=${route}></balcao-desk-retention>`;
      case "processing": return html`<balcao-desk-processing .route=${route}></balcao-desk-processing>`;
      default: return html`<balcao-desk-find .search=${this.#search} .route=${route}></balcao-desk-find>`;
    }
  }
}

define("page-subjects", SubjectsPage);
