/*
 * The loader: one classic script on somebody else's page.
 *
 * It draws a button in a shadow root and, when that is pressed, an iframe of
 * this server. It reads nothing of the page but its own script tag, sets no
 * global, and puts no text through HTML. Where the server refuses the site,
 * no button appears and one line in the console tells the page's author why;
 * what is for the visitor to know, the chat's own page says.
 * Styles are adopted sheets: a page's policy against inline styles lets them pass.
 * They are important: of two such rules the one inside wins over the page's.
 */
(() => {
  "use strict";
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  if (!script) return;
  const home = new URL(script.src).origin;
  const assistant = script.dataset.assistant ?? "";
  const { identity, signature, language = "" } = script.dataset;
  const wanted = language.slice(0, 2);
  const words = {
    pt: ["Abrir conversa", "Fechar conversa", "Balcão não abriu nesta página:"],
    en: ["Open chat", "Close chat", "Balcão did not open on this page:"],
    es: ["Abrir conversación", "Cerrar conversación", "Balcão no se abrió en esta página:"],
  };
  const LOOK = `
    :host { all: initial !important; position: fixed !important; inset: auto 0 0 auto !important; z-index: 2147483000 !important; display: block !important; color-scheme: light dark !important; }
    button { position: fixed; right: 20px; bottom: 20px; display: grid; place-items: center; width: 56px; height: 56px; padding: 0; border: 0; border-radius: 16px; background: var(--accent); color: var(--ink); cursor: pointer; box-shadow: 0 6px 24px rgb(0 0 0 / 28%); }
    button:hover { filter: brightness(1.1); }
    button:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
    iframe { position: fixed; right: 20px; bottom: 88px; width: min(400px, calc(100vw - 40px)); height: min(640px, calc(100dvh - 108px)); border: 1px solid rgb(0 0 0 / 18%); border-radius: 12px; background: Canvas; box-shadow: 0 20px 60px rgb(0 0 0 / 30%); }
    [hidden] { display: none !important; }
    @media (width < 480px) { iframe { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; } button[aria-expanded="true"] { display: none; } }`;

  /** @type {any} */
  let session = null;
  /** @type {HTMLIFrameElement | null} */
  let frame = null;
  /** @type {HTMLButtonElement} */
  let button;
  let refusal = "";
  let renewal = 0;
  let listening = false;

  const spoken = () => /** @type {keyof typeof words} */ ([wanted, session?.assistant.language].find((one) => one in words) ?? "pt");

  async function renew() {
    const headers = { "Content-Type": "application/json", ...(wanted in words && { "Accept-Language": wanted }) };
    const body = JSON.stringify({ previous: session?.token, identity, signature });
    const response = await fetch(`${home}/api/widget/${encodeURIComponent(assistant)}/session`, { method: "POST", credentials: "omit", headers, body });
    const told = await response.json();
    refusal = response.ok ? "" : told.code;
    if (refusal) throw new Error(told.detail);
    session = told;
    plan();
  }

  /** Renews while the chat is open: a minute before the end, never in a tight circle with a wrong clock. */
  function plan() {
    clearTimeout(renewal);
    if (!frame || frame.hidden) return;
    renewal = setTimeout(again, Math.max(30000, Date.parse(session.expires_at) - Date.now() - 60000));
  }

  const again = () => renew().then(hand, hand);

  /** Only the appliance's own page may read the token: the browser checks `home`. */
  function hand() {
    const message = refusal ? { type: "balcao:refused", code: refusal } : { type: "balcao:session", language: spoken(), ...session };
    if (listening) frame?.contentWindow?.postMessage(message, home);
  }

  function draw() {
    const host = document.createElement("div");
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LOOK);
    root.adoptedStyleSheets = [sheet];
    button = document.createElement("button");
    button.type = "button";
    button.append(drawing());
    button.addEventListener("click", () => (frame && !frame.hidden ? shut() : open(root)));
    const accent = session?.assistant.accent ?? "#27467f";
    host.style.setProperty("--accent", accent);
    host.style.setProperty("--ink", bright(accent) ? "#14161b" : "#fff");
    name(false);
    root.append(button);
    document.documentElement.append(host);
  }

  /** @param {boolean} unfolded */
  function name(unfolded) {
    button.setAttribute("aria-expanded", String(unfolded));
    button.setAttribute("aria-label", words[spoken()][unfolded ? 1 : 0] + (session ? `: ${session.assistant.name}` : ""));
  }

  /** @param {ShadowRoot} root */
  function open(root) {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = session?.assistant.name ?? "Balcão";
      frame.src = `${home}/w/${encodeURIComponent(assistant)}`;
      frame.allow = "clipboard-write";
      root.append(frame);
    }
    frame.hidden = false;
    name(true);
    frame.focus();
    if (session && Date.parse(session.expires_at) - Date.now() > 90000) plan();
    else again();
  }

  function shut() {
    if (frame) frame.hidden = true;
    clearTimeout(renewal);
    name(false);
    button.focus();
  }

  function drawing() {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const path = document.createElementNS(space, "path");
    const set = { viewBox: "0 0 28 28", width: "30", height: "30", fill: "none", stroke: "currentColor", "stroke-width": "1.8", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" };
    for (const [key, value] of Object.entries(set)) svg.setAttribute(key, value);
    path.setAttribute("d", "M8.5 19.5v-15h7.5l4 4v11M16 4.5v4h4M11.5 12.5h5M11.5 15.5h3M3 20.5h22");
    svg.append(path);
    return svg;
  }

  /** @param {string} hex @returns {boolean} whether dark ink reads better on it (WCAG luminance above 0.18) */
  function bright(hex) {
    const [red, green, blue] = [1, 3, 5].map((at) => (parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18;
  }

  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home) return;
    if (event.data?.type === "balcao:ready") {
      listening = true;
      hand();
    }
    if (event.data?.type === "balcao:expired") again();
    if (event.data?.type === "balcao:close") shut();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && frame && !frame.hidden) shut();
  });

  renew()
    .catch((error) => {
      console.info(words[spoken()][2], error.message);
      if (!/^(sign_in|identity|too_many)/.test(refusal)) throw error;
    })
    .then(draw)
    .catch(() => {});
})();
