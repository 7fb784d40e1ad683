/** Keys: how other programs speak to this server. A secret is shown once. */
import { all, request } from "../../shared/api.js";
import { define } from "../../shared/element.js";
import { html, nothing } from "../../shared/lit.js";
import { bin } from "../parts/drawings.js";
import { date, t } from "../../shared/words.js";
import { Page } from "../page.js";
import { confirmed } from "../parts/confirm.js";
import "../parts/copyable.js";
import { field, lines } from "../parts/field.js";

/** @typedef {{ id: string, name: string, scopes: string[], created_at: string, expires_at: string | null, last_used_at: string | null, last_used_from?: string | null, addresses?: string[] | null }} Key */

const SCOPES = ["ask", "search", "documents:read", "documents:write", "admin"];

class KeysPage extends Page {
  /** @type {Key[] | null} */
  #keys = null;
  #secret = "";

  arrived() {
    void this.trying(async () => { this.#keys = await all("/api/keys"); });
  }

  /** @param {SubmitEvent} event */
  #create(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = new FormData(form);
    const networks = lines(String(given.get("addresses")));
    const scopes = given.getAll("scope").map(String);
    void this.trying(async () => {
      const { key, secret } = await request("POST", "/api/keys", { name: String(given.get("name")).trim(), scopes, ...(networks.length && { addresses: networks }) });
      this.#secret = secret;
      this.#keys = [key, ...(this.#keys ?? [])];
      form.reset();
    });
  }

  /** @param {Key} one */
  async #remove(one) {
    const body = t("keys.removeBody", { name: one.name });
    if (!(await confirmed({ title: t("keys.removeTitle"), body, action: t("keys.remove") }))) return;
    await this.trying(async () => {
      await request("DELETE", `/api/keys/${one.id}`);
      this.#keys = (this.#keys ?? []).filter((other) => other !== one);
    });
  }

  template() {
    document.title = `${t("shell.keys")} – Balcão`;
    return html`<div class="page narrow keys">
      <header class="head"><div><h1>${t("shell.keys")}</h1><p class="lead">${t("keys.lead")}</p></div></header>
      ${this.problemLine}
      ${this.#secret ? html`<div class="note" role="status"><p>${t("keys.once")}</p><balcao-copyable .text=${this.#secret} .label=${t("keys.copy")}></balcao-copyable></div>` : nothing}
      <form class="leaf" @submit=${(/** @type {SubmitEvent} */ event) => this.#create(event)}>
        ${field({ name: "name", label: t("keys.name"), hint: t("keys.nameHint"), required: true, maxlength: 80 })}
        <fieldset><legend>${t("keys.scopes")}</legend>
          ${SCOPES.map((scope) => html`<label class="check"><input type="checkbox" name="scope" value=${scope} ?checked=${scope === "ask"}><span>${t(`scope.${scope}`)}</span></label>`)}
        </fieldset>
        ${field({ name: "addresses", label: t("keys.addresses"), hint: t("keys.addressesHint"), type: "textarea", rows: 2, maxlength: 2000 })}
        <div class="row end"><button class="primary">${t("keys.create")}</button></div>
      </form>
      ${this.#keys?.length ? this.#table(this.#keys) : this.#keys ? html`<p class="hint">${t("keys.none")}</p>` : this.awaited}
    </div>`;
  }

  /** @param {Key[]} keys */
  #table(keys) {
    return html`<div class="scroll"><table>
      <thead><tr><th scope="col">${t("keys.name")}</th><th scope="col">${t("keys.scopes")}</th><th scope="col">${t("keys.used")}</th><th scope="col"><span class="unseen">${t("documents.doHead")}</span></th></tr></thead>
      <tbody>${keys.map((one) => html`<tr>
        <th scope="row">${one.name}<span class="sub">${t("keys.created", { date: date(one.created_at) })}${one.addresses ? ` · ${t("keys.only", { networks: one.addresses.join(", ") })}` : nothing}</span></th>
        <td>${one.scopes.map((scope) => t(`scope.${scope}`)).join(", ")}</td>
        <td>${one.last_used_at ? date(one.last_used_at, true) : t("keys.never")}${one.last_used_from ? html`<span class="sub">${t("keys.from", { address: one.last_used_from })}</span>` : nothing}</td>
        <td class="do"><button type="button" class="quiet" aria-label=${t("keys.removeNamed", { name: one.name })} @click=${() => this.#remove(one)}>${bin()}</button></td>
      </tr>`)}</tbody></table></div>`;
  }
}

define("page-keys", KeysPage);
