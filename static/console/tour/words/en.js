/** What the first round through the house says, in English. */
/** @type {Record<string, string>} */
export default {
  "tour.offer": "First time here? A round of one minute shows the {count} pages that you will need most.",
  "tour.take": "Take the round",
  "tour.decline": "Not now",
  "tour.at": "{at} of {count}",
  "tour.next": "Next",
  "tour.back": "Back",
  "tour.end": "Leave the round",
  "tour.done": "Finish",
  "tour.palette": "A round of the main pages",
  "tour.assistants": "Everything begins here. An assistant reads the documents that you give it and answers from them alone, showing the page. Making one takes three steps.",
  "tour.gaps": "The questions that went unanswered, grouped by meaning. Come by every week: write the answer, or add the document that was missing.",
  "tour.sources": "A folder of the network, a page or a whole site: what changes there is read again by itself, and nothing goes away because of a failure.",
  "tour.people": "Invite your colleagues, say what each may do, and end an access at once.",
  "tour.backups": "Choose the folder and the days. Each backup is proven by restoring it aside; without that it does not count.",
  "tour.doctor": "If something is wrong, its cause and its remedy stand here. Looking changes nothing.",
};
