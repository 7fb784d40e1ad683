/** What is said where several things are done at once, in English. */
/** @type {Record<string, string>} */
export default {
  "bulk.label": "Selected",
  "bulk.choose": "Select {name}",
  "bulk.chooseHint": "With Shift, all up to here",
  "bulk.chooseAll": "Select all",
  "bulk.chosen": "{count} selected | {count} selected",
  "bulk.none": "Select none",
  "bulk.doing": "{done} of {count} | {done} of {count}",
  "bulk.undo": "Undo",
  "bulk.failed": "It did not work for one: | It did not work for {count}:",
  "bulk.trash": "Move to the trash",
  "bulk.trashed": "{count} document is in the trash: no answer uses it any more. | {count} documents are in the trash: no answer uses them any more.",
  "bulk.again": "Read again",
  "bulk.isAgain": "{count} document will be read again. | {count} documents will be read again.",
  "bulk.restore": "Restore",
  "bulk.restored": "{count} document is back and will be read again. | {count} documents are back and will be read again.",
  "bulk.tell": "Mark as told",
  "bulk.told": "{count} gap is marked as told. | {count} gaps are marked as told.",
  "bulk.dismiss": "Dismiss",
  "bulk.dismissed": "{count} gap was dismissed. | {count} gaps were dismissed.",
  "bulk.undone": "Undone for {count}. | Undone for {count}.",
};
