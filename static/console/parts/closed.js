/** What stands where a page is not for whoever looks: whom it is for, and a way home. */
import { html } from "../../shared/lit.js";
import { t } from "../../shared/words.js";
import { home } from "../session.js";

/** @param {"administrators" | "editors" | "readers"} whom it is for */
export const closed = (whom) => html`<div class="page narrow closed">
  <h1>${t("closed.title")}</h1>
  <p class="lead">${t(`closed.${whom}`)}</p>
  <p><a class="button primary" href=${home()}>${t("closed.home")}</a></p>
</div>`;
