// What the preview adds to a page for its editor: it loads the page anew when that has changed, and opens the drawer.
(() => {
  const { path, page, looks } = document.currentScript.dataset;
  const remembered = sessionStorage;
  const host = document.createElement("publisher-preview");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
    button { all: unset; position: fixed; z-index: 2147483647; inset-block-end: 16px; inset-inline-end: 16px; box-sizing: border-box;
      padding: .55em 1em; border-radius: 2em; cursor: pointer; background: #1c1b1a; color: #fff; border: 1px solid #8888;
      box-shadow: 0 2px 12px #0005; font: 600 14px/1.4 system-ui, sans-serif; }
    button:hover { background: #3a3835; }
    button:focus-visible { outline: 3px solid #4c9be8; outline-offset: 2px; }
    b { display: inline-block; min-width: 1.4em; margin-inline-start: .5em; padding: 0 .35em; border-radius: 1em; text-align: center;
      font-weight: 700; background: #e8e6e1; color: #1c1b1a; }
    b.warning { background: #ffd24d; color: #1c1b1a; } b.error { background: #d3302f; color: #fff; } b:empty { display: none; }
    aside { position: fixed; z-index: 2147483646; inset-block: 0; inset-inline-end: 0; width: min(480px, 100vw); box-sizing: border-box;
      border-inline-start: 1px solid #8886; box-shadow: 0 0 32px #0004; background: Canvas; }
    aside[hidden] { display: none; }
    iframe { display: block; width: 100%; height: 100%; border: 0; }
    @media print { :host { display: none; } }
    @media (prefers-reduced-motion: no-preference) { aside { animation: in .16s ease-out; } @keyframes in { from { translate: 32px; opacity: 0; } } }
  `);
  root.adoptedStyleSheets = [sheet];
  root.innerHTML =
    '<aside id="drawer" hidden></aside>' +
    '<button type="button" aria-expanded="false" aria-controls="drawer"><span>Preview</span><b></b></button>';
  const [drawer, button] = [root.querySelector("aside"), root.querySelector("button")];
  const badge = button.querySelector("b");
  drawer.setAttribute("aria-label", "Preview");
  let frame = null;

  const open = (is) => {
    if (is && !frame) {
      frame = document.createElement("iframe");
      frame.title = "What readers, search engines and programs see of this page";
      frame.src = `/_publisher/drawer?path=${encodeURIComponent(path)}`;
      frame.addEventListener("load", () => frame.contentWindow.addEventListener("keydown", escape));
      drawer.append(frame);
    }
    drawer.hidden = !is;
    button.setAttribute("aria-expanded", String(is));
    button.firstChild.textContent = is ? "Close" : "Preview";
    remembered.setItem("publisher-drawer", is ? "open" : "");
  };
  const escape = (event) => {
    if (event.key === "Escape" && !drawer.hidden) {
      open(false);
      button.focus();
    }
  };
  button.addEventListener("click", () => open(drawer.hidden));
  addEventListener("keydown", escape);
  document.documentElement.append(host);
  if (remembered.getItem("publisher-drawer")) open(true);

  let known = null;
  const told = (state) => {
    if (state.page !== page || state.looks !== looks) return location.reload();
    badge.textContent = state.errors + state.warnings || "";
    badge.className = state.errors ? "error" : "warning";
    button.title = `${state.errors} errors, ${state.warnings} warnings`;
    if (known !== null && known !== state.told) frame?.contentWindow.location.reload();
    known = state.told;
  };
  // A browser keeps only six connections to one host: pages that nobody looks at have none.
  let events = null;
  const listen = () => {
    events?.close();
    events = null;
    if (document.visibilityState !== "visible") return;
    events = new EventSource(`/_publisher/events?path=${encodeURIComponent(path)}`);
    events.onmessage = (event) => told(JSON.parse(event.data));
  };
  addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => events?.close());
  addEventListener("pageshow", (event) => event.persisted && listen());
  listen();
})();
