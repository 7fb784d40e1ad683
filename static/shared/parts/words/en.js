/** What few answers have says this, in English. */
/** @type {Record<string, string>} */
export default {
  "answer.approved": "Answer approved by the team.",
  "answer.didYouMean": "Did you mean",
  "answer.askNext": "You can ask",
  "handover.ask": "Talk to a person",
  "handover.lead": "The team reads this whole conversation and answers. Write only what is needed.",
  "handover.reachBy": "How to answer you (e-mail, telephone, extension)",
  "handover.note": "What else the team should know",
  "handover.leave": "Cancel",
  "handover.hand": "Hand the conversation over",
  "form.optional": "may be left empty",
  "form.choose": "Choose…",
  "form.send": "Send",
  "form.sent": "This form was already sent from this conversation.",
};
