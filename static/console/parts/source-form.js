/** The form for a source: a new one, or what may change of one that is there. */
import { html, nothing } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { choice, explained, field } from "./field.js";
import { parts } from "./source-words.js";

/** @typedef {import("./source-words.js").Source} Source */
/** @typedef {import("./source-words.js").Kind} Kind */
/** @typedef {{ id: string, name: string }} Collection */
/** @typedef {Partial<Source> & { schedule: string, every?: string }} Draft `every` as chosen in the form */

const EVERY = ["manual", "hourly", "daily", "weekly"];
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/**
 * @param {Draft} one what it is so far; with an id it stays where it is
 * @param {{ kinds: Kind[], collections: Collection[] }} offered
 * @param {{ save: (event: SubmitEvent) => void, redraw: (changes: Partial<Draft>) => void, cancel: () => void }} actions
 */
export function sourceForm(one, { kinds, collections }, { save, redraw, cancel }) {
  const kind = one.kind ?? kinds[0];
  const chosen = (/** @type {Event} */ event) => {
    const { name, value } = /** @type {HTMLInputElement} */ (event.target);
    if (name === "kind") redraw({ kind: /** @type {Kind} */ (value) });
    if (name === "every") redraw({ every: value });
  };
  return html`<form class="leaf source" aria-labelledby="source-title" @submit=${save} @change=${chosen}>
    <h2 id="source-title">${one.id ? t("sources.edit") : t("sources.new")}</h2>
    ${one.id ? nothing : html`
      ${explained({ name: "kind", label: t("sources.kind"), value: kind, options: kinds.map((each) => [each, t(`sources.kind.${each}`), t(`sources.kind.${each}Says`)]) })}
      ${field({ name: "place", label: t(kind === "folder" ? "sources.path" : "sources.address"), hint: t(kind === "folder" ? "sources.pathHint" : "sources.addressHint"), required: true, maxlength: 2000 })}
      ${choice({ name: "collection", label: t("sources.collection"), value: one.collection ?? "", options: collections.map(({ id, name }) => [id, name]) })}`}
    ${timing(one)}
    <details ?open=${Boolean(one.include?.length || one.exclude?.length)}><summary>${t("sources.more")}</summary><div class="fold">
      ${field({ name: "include", label: t("sources.include"), hint: t("sources.includeHint"), type: "textarea", rows: 2, maxlength: 4000, value: one.include?.join("\n") })}
      ${field({ name: "exclude", label: t("sources.exclude"), hint: t("sources.excludeHint"), type: "textarea", rows: 2, maxlength: 4000, value: one.exclude?.join("\n") })}
      ${kind === "site" ? html`<div class="side">
        ${field({ name: "depth", label: t("sources.depth"), type: "number", value: String(one.depth ?? 3), required: true })}
        ${field({ name: "pages", label: t("sources.pages"), type: "number", value: String(one.pages ?? 500), required: true })}</div>` : nothing}
    </div></details>
    <div class="row end"><button type="button" @click=${cancel}>${t("sources.cancel")}</button><button class="primary">${t("sources.save")}</button></div>
  </form>`;
}

/** @param {Draft} one */
function timing(one) {
  const { day, at, ...known } = parts(one.schedule);
  const every = one.every ?? known.every;
  const clocked = every === "daily" || every === "weekly";
  return html`<div class="side">
    ${choice({ name: "every", label: t("sources.every"), value: every, options: EVERY.map((each) => [each, t(`sources.every.${each}`)]) })}
    ${every === "weekly" ? choice({ name: "day", label: t("sources.day"), value: day, options: DAYS.map((each) => [each, t(`sources.day.${each}`)]) }) : nothing}
    ${clocked ? field({ name: "at", label: t("sources.at"), hint: t("sources.atHint"), type: "time", value: at, required: true }) : nothing}
  </div>`;
}
