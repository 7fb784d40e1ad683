/** What stands in place of what is still being fetched. It shows itself late: a quick answer comes before it. */
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";

export const awaited = () => html`<p class="pulse awaited" role="status">${t("shell.loading")}</p>`;
