/* Draws a button in a shadow root and, once pressed, an iframe of this server. It reads only its
 * own tag, sets no global, puts no text through HTML (installer/WIDGET.md says why). */
(() => {
  "use strict";
  const script = /** @type {HTMLScriptElement | null} */ (document.currentScript);
  if (!script) return;
  const home = new URL(script.src).origin;
  const assistant = encodeURIComponent(script.dataset.assistant ?? "");
  const { identity, signature, language = "" } = script.dataset;
  const wanted = language.slice(0, 2);
  const words = {
    pt: ["Abrir conversa", "Fechar conversa", "Balcão não abriu nesta página:"],
    en: ["Open chat", "Close chat", "Balcão did not open on this page:"],
    es: ["Abrir conversación", "Cerrar conversación", "Balcão no se abrió en esta página:"],
  };
  const LOOK = `
    :host { all: initial !important; position: fixed !important; inset: auto 0 0 auto !important; z-index: 2147483000 !important; display: block !important; color-scheme: light dark !important; }
    button, iframe { position: fixed; inset: auto var(--r, 20px) 20px var(--l, auto); border: 0; border-radius: 16px; box-shadow: 0 6px 24px rgb(0 0 0 / 28%); }
    button { display: flex; gap: 10px; align-items: center; height: 56px; padding: 0 13px; font: 600 15px system-ui, sans-serif; background: var(--accent); color: var(--ink); cursor: pointer; }
    button:hover { filter: brightness(1.1); }
    button:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
    img, svg { width: 30px; height: 30px; object-fit: contain; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
    iframe { bottom: 88px; width: min(400px, 100vw - 40px); height: min(640px, 100dvh - 108px); background: Canvas; }
    [hidden] { display: none !important; }
    @media (width < 480px) { iframe { inset: 0; width: 100%; height: 100%; border-radius: 0; } button[aria-expanded="true"] { display: none; } }`;

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
    const response = await fetch(`${home}/api/widget/${assistant}/session`, { method: "POST", credentials: "omit", headers, body });
    const told = await response.json();
    refusal = response.ok ? "" : told.code;
    if (refusal) throw new Error(told.detail);
    session = told;
    plan();
  }

  /** A minute before the end. */
  function plan() {
    clearTimeout(renewal);
    if (!frame || frame.hidden) return;
    renewal = setTimeout(again, Math.max(30000, Date.parse(session.expires_at) - Date.now() - 60000));
  }

  const again = () => renew().then(hand, hand);

  /** Only this server's page may read the token. */
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
    button.append(picture(), label());
    button.addEventListener("click", () => (frame && !frame.hidden ? shut() : open(root)));
    const accent = session?.assistant.accent ?? "#27467f";
    host.style.cssText = `--accent: ${accent}; --ink: ${bright(accent) ? "#000" : "#fff"}; ${look().position === "left" ? "--l: 20px; --r: auto" : ""}`;
    name(false);
    root.append(button);
    document.documentElement.append(host);
  }

  /** @param {boolean} unfolded */
  function name(unfolded) {
    button.setAttribute("aria-expanded", String(unfolded));
    button.setAttribute("aria-label", `${label()} ${words[spoken()][unfolded ? 1 : 0]}${session ? ": " + session.assistant.name : ""}`);
  }

  /** @param {ShadowRoot} root */
  function open(root) {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = session?.assistant.name ?? "Balcão";
      frame.src = `${home}/w/${assistant}${script?.dataset.preview ?? ""}`;
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

  const look = () => session?.assistant.look ?? {};
  const label = () => look().words?.[spoken()]?.label || look().label || "";

  function picture() {
    const drawn = drawing();
    const { icon, logo: digest } = look();
    if (icon !== "logo" || !digest) return drawn;
    const logo = new Image();
    logo.alt = "";
    logo.src = `${home}/api/widget/${assistant}/logo/${digest}`;
    logo.onerror = () => logo.replaceWith(drawn);
    return logo;
  }

  /** @type {Record<string, string>} */
  const paths = { talk: "M4 6h20v13H14l-6 5v-5H4zM9 12.5h10", question: "M14 3a11 11 0 1 0 .1 0M11 11.5a3 3 0 1 1 3 4v2M14 20.5v.1" };

  function drawing() {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const path = document.createElementNS(space, "path");
    svg.setAttribute("viewBox", "0 0 28 28");
    path.setAttribute("d", paths[look().icon] ?? "M8.5 19.5v-15h7.5l4 4v11M16 4.5v4h4M11.5 12.5h5M11.5 15.5h3M3 20.5h22");
    svg.append(path);
    return svg;
  }

  /** @param {string} hex @returns {boolean} for dark ink (WCAG) */
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
