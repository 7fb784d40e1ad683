/**
 * The one door to lit-html: a new version is one line here.
 *
 * Only templates leave this door. There is no way in it to make markup out of
 * a string, so a document's or a model's text can only ever become text.
 */
export { html, nothing, render, svg } from "../vendor/lit-html-3.3.3.js";
