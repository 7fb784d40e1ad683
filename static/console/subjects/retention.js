/** Retention: each class with its days, what is over its time, and the word that lets it go. */
import { all, get, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { date, number, t } from "../../shared/words.js";
import { Page } from "../page.js";
import { confirmed } from "../parts/confirm.js";

/** @typedef {{ name: string, days: number, assistant: string, due: number, total: number, ran_at: string | null, removed: number, waits: "many" | "clock" | null }} Lot */
/** @typedef {{ lots: Lot[], due: number, waits: boolean }} Sheet */

class RetentionTab extends Page {
  /** @type {Sheet | null} */
  #sheet = null;
  /** @type {Map<string, string>} the assistants' names */
  #names = new Map();
  #done = "";

  arrived() {
    void this.trying(async () => {
      this.#names = new Map((await all("/api/assistants")).map(({ id, name }) => [id, name]));
      this.#sheet = await get("/api/retention");
    });
  }

  /** @param {Lot} lot */
  #name(lot) {
    const kind = t(`lot.${lot.name.split(":")[0]}`);
    return lot.assistant ? t("lot.of", { lot: kind, assistant: this.#names.get(lot.assistant) ?? t("talks.gone") }) : kind;
  }

  /** @param {Sheet} sheet */
  async #run({ lots, due, waits }) {
    const gone = lots.filter((lot) => lot.due).map((lot) => `${this.#name(lot)}: ${number(lot.due)}`).join("; ");
    if (!(await confirmed({ title: t("lot.title", { count: due }), body: t("lot.body", { lots: gone }), action: t("lot.delete") }))) return;
    this.#done = "";
    await this.trying(async () => {
      const before = due;
      this.#sheet = /** @type {Sheet} */ (await request("POST", "/api/retention/run", waits ? { confirmed: due } : {}));
      this.#done = t("lot.done", { count: Math.max(0, before - this.#sheet.due) });
    });
    if (this.problem) await this.#again();
  }

  /** What grew meanwhile is shown as it is now, under the refusal. */
  async #again() {
    this.#sheet = await get("/api/retention").catch(() => this.#sheet);
    this.changed();
  }

  template() {
    const sheet = this.#sheet;
    return html`${this.problemLine}
      <div role="status">${this.#done ? html`<p class="note">${this.#done}</p>` : nothing}</div>
      ${sheet ? this.#lots(sheet) : this.awaited}`;
  }

  /** @param {Sheet} sheet */
  #lots(sheet) {
    return html`
      ${sheet.waits ? html`<p class="problem">${t("lot.waiting")}</p>` : nothing}
      <div class="scroll"><table class="documents lots">
        <thead><tr><th scope="col">${t("lot.class")}</th><th scope="col">${t("lot.kept")}</th><th scope="col">${t("lot.due")}</th><th scope="col">${t("lot.last")}</th></tr></thead>
        <tbody>${sheet.lots.map((lot) => this.#row(lot))}</tbody></table></div>
      <div class="row spread"><a href="#/settings/retention">${t("lot.change")}</a>
        ${sheet.due ? html`<button type="button" class=${sheet.waits ? "danger" : ""} @click=${() => void this.#run(sheet)}>${t(sheet.waits ? "lot.confirm" : "lot.now", { count: sheet.due })}</button>`
          : html`<span class="hint">${t("lot.nothing")}</span>`}</div>`;
  }

  /** @param {Lot} lot */
  #row(lot) {
    return html`<tr>
      <th scope="row">${this.#name(lot)}</th>
      <td data-label=${t("lot.kept")}>${lot.days ? t("lot.days", { count: lot.days }) : t("lot.hour")}</td>
      <td data-label=${t("lot.due")}>${t("lot.share", { due: lot.due, total: lot.total })}
        ${lot.waits ? html`<span class="sub"><span class="light wanting">${t(`lot.waits.${lot.waits}`)}</span></span>` : nothing}</td>
      <td data-label=${t("lot.last")}>${lot.ran_at ? html`${date(lot.ran_at, true)}<span class="sub">${t("lot.removed", { count: lot.removed })}</span>` : t("lot.never")}</td>
    </tr>`;
  }
}

define("balcao-desk-retention", RetentionTab);
