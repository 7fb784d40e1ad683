/** What the chat on a site says when it cannot begin, in English. */
/** @type {Record<string, string>} */
export default {
  "widget.refused.identity_expired": "What this page said about you is no longer good. Reload the page and open the chat again; until then, what is written here stays.",
  "widget.refused.identity_needed": "This assistant answers only people whom this page knows. Sign in on the site and reload the page.",
  "widget.refused.identity": "This page could not say who you are. Reload it; if that does not help, tell whoever looks after the site.",
  "widget.refused.too_many": "Many chats were begun from this network just now. Wait some minutes and open it again.",
  "widget.signIn": "Sign in to Balcão, in another tab",
};
