/** Where files are dropped, or chosen with the keyboard: single files and whole folders. */
import { html } from "../../shared/lit.js";
import { upload } from "./drawings.js";
import { t } from "../../shared/words.js";
import { dropped } from "./dropped.js";

/** @param {(files: File[]) => void} send what to do with the files */
export function dropZone(send) {
  const drop = async (/** @type {DragEvent} */ event) => {
    hover(event, false);
    if (event.dataTransfer) send(await dropped(event.dataTransfer));
  };
  const chosen = (/** @type {Event} */ event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    // The system's own hidden files (.DS_Store) come along with a folder.
    const files = [...(input.files ?? [])].filter((file) => !file.name.startsWith("."));
    input.value = "";
    send(files);
  };
  return html`<div class="drop" @dragover=${(/** @type {DragEvent} */ event) => hover(event, true)}
    @dragleave=${(/** @type {DragEvent} */ event) => hover(event, false)} @drop=${drop}>
    ${upload()}
    <p><strong>${t("drop.title")}</strong><span>${t("drop.kinds")}</span></p>
    <div class="row">
      <label class="button">${t("drop.files")}<input class="unseen" type="file" multiple @change=${chosen}></label>
      <label class="button">${t("drop.folder")}<input class="unseen" type="file" webkitdirectory @change=${chosen}></label>
    </div>
  </div>`;
}

/** @param {DragEvent} event @param {boolean} over */
function hover(event, over) {
  event.preventDefault();
  /** @type {HTMLElement} */ (event.currentTarget).classList.toggle("over", over);
}
