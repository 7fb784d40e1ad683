/** The trash: documents that sources no longer have, and their way back. */
import { all, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html } from "../../shared/lit.js";
import { bar } from "../bulk/bar.js";
import { Chosen } from "../bulk/chosen.js";
import { Together } from "../bulk/together.js";
import { back } from "../parts/drawings.js";
import { date, t } from "../../shared/words.js";
import { Page } from "../page.js";

/** @typedef {{ id: string, collection: string, title: string, file_name: string, reason: string, origin: string, trashed_at: string, restorable_until: string }} Trashed */

class TrashPage extends Page {
  /** @type {Trashed[] | null} */
  #items = null;
  /** @type {Map<string, string>} the collections' names */
  #names = new Map();
  #chosen = new Chosen(() => this.changed());
  #together = new Together(() => this.changed());

  arrived() {
    void this.trying(async () => {
      const collections = await all("/api/collections");
      this.#names = new Map(collections.map(({ id, name }) => [id, name]));
      const found = await Promise.all(collections.map(({ id }) => all(`/api/collections/${id}/trash`)));
      this.#items = found.flat().sort((one, other) => other.trashed_at.localeCompare(one.trashed_at));
    });
  }

  /** @param {readonly Trashed[]} those @param {(count: number) => string} said once they are back */
  async #restore(those, said) {
    await this.#together.run(those, {
      name: ({ title }) => title,
      act: async (one) => {
        await request("POST", `/api/documents/${one.id}/restore`);
        this.#items = (this.#items ?? []).filter((other) => other !== one);
      },
      said,
    });
    this.#chosen.only([]);
  }

  #restoreChosen() {
    void this.#restore(this.#chosen.of(this.#items ?? []), (count) => t("bulk.restored", { count }));
  }

  template() {
    document.title = `${t("shell.trash")} – Balcão`;
    return html`<div class="page trash">
      <div><a class="button quiet back" href="#/sources">${back()}${t("shell.sources")}</a>
      <header class="head"><div><h1>${t("shell.trash")}</h1><p class="lead">${t("trash.lead")}</p></div></header></div>
      ${this.problemLine}
      ${bar(this.#chosen, this.#together, [{ word: "restore", act: () => this.#restoreChosen() }])}
      ${this.#items?.length ? this.#table(this.#items) : this.#items ? html`<p class="note">${t("trash.none")}</p>` : this.awaited}
    </div>`;
  }

  /** @param {Trashed[]} items */
  #table(items) {
    return html`<div class="scroll"><table class="documents">
      <thead><tr><th class="pick" scope="col">${this.#chosen.boxOfAll(items)}</th>${["document", "why", "until"].map((one) => html`<th scope="col">${t(`trash.${one}`)}</th>`)}<th scope="col"><span class="unseen">${t("documents.doHead")}</span></th></tr></thead>
      <tbody>${items.map((one) => html`<tr><td class="pick">${this.#chosen.box(one, one.title, items)}</td>
        <th scope="row">${one.title}<span class="sub">${one.file_name} · ${this.#names.get(one.collection)}</span></th>
        <td class="why"><span class="address">${t(`trash.reason.${one.reason}`, { origin: one.origin })}</span><span class="sub">${date(one.trashed_at, true)}</span></td>
        <td class="count">${t("trash.untilDate", { date: date(one.restorable_until) })}</td>
        <td class="do"><button type="button" class="small" aria-label=${t("trash.restoreNamed", { title: one.title })} @click=${() => void this.#restore([one], () => t("trash.restored", { title: one.title }))}>${t("trash.restore")}</button></td>
      </tr>`)}</tbody></table></div>`;
  }
}

define("page-trash", TrashPage);
