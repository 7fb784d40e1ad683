/** Gives a file to whoever sits here, as if a link to it had been pressed. */

/** @param {Blob} file @param {string} name */
export function kept(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
