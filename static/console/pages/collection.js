/** A collection: its documents, whoever reads them. */
import { all, get } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { Page } from "../page.js";
import "../parts/shelf.js";

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
    if (!kept) return html`<div class="page">${this.problemLine}</div>`;
    document.title = `${kept.name} – Balcão`;
    return html`<div class="page">
      <header class="head"><div><h1>${kept.name}</h1>${this.#readBy()}</div></header>
      ${this.problemLine}
      <balcao-shelf .collection=${kept.id}></balcao-shelf>
    </div>`;
  }

  #readBy() {
    if (!this.#readers.length) return html`<p class="lead">${t("collection.unread")}</p>`;
    return html`<p class="lead">${t("collection.readBy", { count: this.#readers.length })} ${this.#readers.map((one, index) => html`${index ? ", " : nothing}<a href="#/assistants/${one.id}">${one.name}</a>`)}</p>`;
  }
}

define("page-collection", CollectionPage);
