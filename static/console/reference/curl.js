/** A route as a command that can be pasted into a terminal. */
import { callers, resolved } from "./document.js";

/** @typedef {import("./document.js").Json} Json */

/** @param {Json} doc @param {import("./document.js").Route} route @param {string} server @returns {string} */
export function curl(doc, { method, path, operation }, server) {
  const wanted = (operation.parameters ?? []).filter((/** @type {Json} */ one) => one.in === "query" && one.required);
  const query = wanted.map((/** @type {Json} */ one) => `${one.name}=${one.name.toUpperCase()}`).join("&");
  const place = path.replace(/\{(\w+)\}/g, (_, /** @type {string} */ name) => name.toUpperCase());
  return [
    `curl${method === "GET" ? "" : ` -X ${method}`} '${server}${place}${query && `?${query}`}'`,
    ...credential(operation),
    ...body(doc, operation),
  ].join(" \\\n  ");
}

/** @param {Json} operation */
function credential(operation) {
  const { roles, scopes, visitors } = callers(operation);
  if (scopes.length) return ["-H 'Authorization: Bearer bk_…'"];
  if (roles.length) return ["-b 'balcao=…'"];
  return visitors ? ["-H 'Authorization: Bearer bw_…'"] : [];
}

/** @param {Json} doc @param {Json} operation */
function body(doc, operation) {
  const content = operation.requestBody?.content ?? {};
  if (content["application/json"]) {
    const given = JSON.stringify(sample(doc, content["application/json"].schema));
    return ["-H 'Content-Type: application/json'", `-d '${given}'`];
  }
  if (content["multipart/form-data"]) return ["-F 'file=@documento.pdf'"];
  return Object.keys(content).length ? [`-H 'Content-Type: ${Object.keys(content)[0]}'`, "--data-binary @file"] : [];
}

/** What has to be there, with something in it. @param {Json} doc @param {Json} schema @returns {unknown} */
function sample(doc, schema) {
  const of = resolved(doc, schema.anyOf?.[0] ?? schema);
  if (of.default !== undefined && of.default !== null) return of.default;
  if (of.enum) return of.enum[0];
  if (of.type === "array") return [sample(doc, of.items ?? {})];
  if (of.properties) {
    const names = of.required?.length ? of.required : Object.keys(of.properties).slice(0, 1);
    return Object.fromEntries(names.map((/** @type {string} */ name) => [name, sample(doc, of.properties[name])]));
  }
  /** @type {Json} */
  const some = { integer: of.minimum ?? 1, number: of.minimum ?? 1, boolean: true, object: {} };
  return some[of.type] ?? "…";
}
