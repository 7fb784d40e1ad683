/** Getting anywhere: what the palette and the shortcuts say, in English. */
/** @type {Record<string, string>} */
export default {
  "palette.open": "Search or go to…",
  "palette.label": "Page, assistant, document, person or action",
  "palette.results": "What was found",
  "palette.close": "Close",
  "palette.page": "Pages",
  "palette.act": "Actions",
  "palette.assistant": "Assistants",
  "palette.collection": "Collections",
  "palette.document": "Documents",
  "palette.person": "People",
  "palette.conversation": "Your conversations",
  "palette.new": "New assistant",
  "palette.upload": "Upload documents",
  "palette.speak": "Switch to {language}",
  "palette.leave": "End the session",
  "palette.asking": "Searching…",
  "palette.count": "{count} result: arrows to choose, Enter to open, Esc to close. | {count} results: arrows to choose, Enter to open, Esc to close.",
  "palette.none": "Nothing here is called “{words}”. Try a part of the name.",
};
