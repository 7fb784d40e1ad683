/** The button that opens the palette: in words beside the ways, as a drawing on a telephone. */
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { search } from "../parts/drawings.js";
import { paletteKeys, summon } from "./shortcuts.js";

const KEYS = "Control+K Meta+K";

export const seeker = () => html`<button type="button" class="seeker" aria-haspopup="dialog" aria-keyshortcuts=${KEYS} @click=${summon}>
  ${search()}<span class="name">${t("palette.open")}</span><kbd aria-hidden="true">${paletteKeys()}</kbd></button>`;

export const smallSeeker = () => html`<button type="button" class="quiet" aria-haspopup="dialog" aria-keyshortcuts=${KEYS} aria-label=${t("palette.open")} @click=${summon}>${search()}</button>`;
