/** The lines that put an assistant on a page: any page, WordPress, SharePoint. */
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { embedCode } from "../parts/copyable.js";

/** @param {string} text */
const quoted = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** SharePoint takes no script, and a frame of its own. @param {string} address @param {{ public_id: string, name: string }} one */
export const frameCode = (address, { public_id: publicId, name }) =>
  `<iframe src="${quoted(address.replace(/\/$/, ""))}/w/${quoted(publicId)}?embed" title="${quoted(name)}" width="400" height="640"></iframe>`;

/** @param {string} address of this server as visitors reach it @param {{ public_id: string, name: string }} one */
export const embedding = (address, one) => html`<div class="embedding">
  <balcao-copyable .text=${embedCode(address, one.public_id)} .label=${t("share.copyEmbed")}></balcao-copyable>
  <details><summary>WordPress</summary><p class="hint">${t("embed.wordpress")}</p></details>
  <details><summary>SharePoint</summary><p class="hint">${t("embed.sharepoint")}</p>
    <balcao-copyable .text=${frameCode(address, one)} .label=${t("embed.copyFrame")}></balcao-copyable></details>
</div>`;
