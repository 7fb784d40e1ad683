/** A collection: its documents, whoever reads them. */
import { all, get } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import "../parts/shelf.js";

const NAMED = 8; // how many of its readers are named

class CollectionPage extends Page {
  /** @type {{ id: string, name: string } | null} */
  #kept = null;
  /** @type {import("../../shared/types").Assistant[]} */
  #readers = [];

  arrived() {
    const id = this.route.path[1];
    void this.trying(async () => {
      const kept = await get(`/api/collections/${encodeURIComponent(id)}`);
      this.#readers = (await all("/api/assistants")).filter((one) => one.collections.includes(kept.id));
      this.#kept = kept;
    });
  }

  template() {
    const kept = this.#kept;
    if (!kept) return this.unknown(t("sources.collection"));
    document.title = `${kept.name} – Balcão`;
    return html`<div class="page">
      <header class="head"><div><h1>${kept.name}</h1><p class="lead">${this.#readers.length ? t("collection.lead") : t("collection.unread")}</p>${this.#readBy()}</div></header>
      ${this.problemLine}
      <balcao-shelf .collection=${kept.id}></balcao-shelf>
    </div>`;
  }

  #readBy() {
    if (!this.#readers.length) return nothing;
    const more = this.#readers.length - NAMED;
    return html`<p class="facts"><span>${t("collection.readBy", { count: this.#readers.length })} ${this.#readers.slice(0, NAMED).map((one, index) => html`${index ? ", " : nothing}<a href="#/assistants/${one.id}">${one.name}</a>`)}${more > 0 ? ` ${t("collection.others", { count: more })}` : nothing}</span></p>`;
  }
}

define("page-collection", CollectionPage);
