/** A file that was asked for with a body, and so cannot be a link: handed over as a download. */

/** @param {Blob} file @param {string} name */
export function saved(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // a slow disk is still reading it
}
