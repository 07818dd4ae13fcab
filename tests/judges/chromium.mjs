// Chromium as a worker: asked to look at a page, it answers with the text that it shows and the errors on its console,
// or with what axe-core says of it, or with what ran and was asked for that should not.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { serve } from "../../publisher/judges/answers.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: [
    "--no-sandbox", // needed by root; the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
  ],
});

// One window for each kind of them, as visitors have one: a new one takes longer than most pages. What a page tells is noted anew for each.
const windows = new Map();

await serve((question) => (question.urls ? attacked(question) : look(question)));
await browser.close();

async function windowFor(width, height, dark, script, axe) {
  const kind = JSON.stringify([width, height, dark, script, Boolean(axe)]);
  if (!windows.has(kind)) windows.set(kind, opened({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", javaScriptEnabled: script }));
  return windows.get(kind);
}

async function opened(options) {
  const page = await (await browser.newContext(options)).newPage();
  const told = { errors: [], requests: [] };
  page.on("request", (request) => told.requests.push(request.url()));
  page.on("console", (message) => message.type() === "error" && told.errors.push(`${message.text()} (${message.location().url})`));
  page.on("pageerror", (error) => told.errors.push(String(error)));
  return { page, told };
}

async function look({ url, width, height, dark = false, png, whole, axe, script = true, keys }) {
  const { page, told } = await windowFor(width, height, dark, script, axe);
  await page.goto("about:blank"); // what the former page still does is over with it
  Object.assign(told, { errors: [], requests: [] });
  await page.goto(url, { waitUntil: "load" });
  return axe ? violationsIn(page, axe) : keys ? walkedIn(page) : lookIn(page, told, png, whole);
}

async function lookIn(page, { errors, requests }, png, whole) {
  await page.evaluate(() => document.fonts.ready.then(() => null));
  if (png) await page.screenshot({ path: png, fullPage: Boolean(whole) });
  // Ill-formed XML is no error of the console: Chromium shows what is wrong in an element of this name.
  errors.push(...(await page.locator("parsererror").allInnerTexts()));
  const text = await page.evaluate(() => document.body?.innerText ?? document.documentElement.textContent);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return { text, errors, requests, wider };
}

// Where the Tab key leads, in its order, each once: what it is, and whether the focus can be seen there.
async function walkedIn(page) {
  const stops = [];
  for (let step = 0; step < 2000; step++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const seen = (window.seen ??= new Set());
      if (element === window.last) return "again"; // a player has several buttons of its own
      window.last = element;
      if (seen.has(element)) return null;
      seen.add(element);
      const box = element.getBoundingClientRect();
      const { outlineStyle, boxShadow } = getComputedStyle(element);
      const marked = outlineStyle !== "none" || boxShadow !== "none";
      const visible = marked && box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
      return { name: element.localName, text: element.innerText?.trim() || element.getAttribute("aria-label") || "", visible };
    });
    if (!stop) break;
    if (stop === "again") continue;
    stops.push(stop);
  }
  const wanted = await page.evaluate(
    () =>
      [...document.querySelectorAll("a[href], button, input, select, textarea, summary, audio[controls], video[controls], [tabindex='0']")].filter(
        (each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled
      ).length
  );
  return { stops, wanted };
}

// By night only colours are others. Loading takes longer than judging, so that all widths are judged at once.
async function violationsIn(page, widths) {
  await page.emulateMedia({ colorScheme: "light" });
  await page.evaluate(AXE);
  const found = [];
  for (const each of widths) {
    await page.setViewportSize({ width: each, height: 800 });
    found.push(...findings(await page.evaluate(judgedByAxe), ` at ${each}`));
  }
  await page.emulateMedia({ colorScheme: "dark" });
  found.push(...findings(await page.evaluate(judgedByAxe, ["color-contrast"]), " by night"));
  return found;
}

async function judgedByAxe(runOnly) {
  const options = { resultTypes: ["violations"], ...(runOnly && { runOnly }) };
  return (await axe.run(options)).violations;
}

function findings(violations, when) {
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}${when} ${target.join(" ")}: ${failureSummary}`));
}

// What happened in each of several pages that should not: a call of what all attacks call, a dialog, a breach of the page's policy,
// an error in a script, an address asked for that does not begin with one of `allowed`, an address in a link that runs something.
// `bypass`: without the pages' policies. Every element is touched in the ways that people touch it.
async function attacked({ urls, bypass, allowed }) {
  const context = await browser.newContext({ bypassCSP: bypass, viewport: { width: 800, height: 600 } });
  await context.addInitScript(watch);
  const left = [...urls];
  const found = {};
  const work = async () => {
    const page = await context.newPage();
    let happened = [];
    const ours = (url) => allowed.some((each) => url.startsWith(each));
    page.on("console", (message) => message.text().startsWith("__happened ") && happened.push(message.text().slice(11)));
    page.on("dialog", (dialog) => { happened.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
    page.on("pageerror", (error) => happened.push(`error ${error}`));
    page.on("popup", (popup) => { happened.push(`window ${popup.url()}`); popup.close().catch(() => {}); });
    page.on("download", (download) => happened.push(`download ${download.url()}`));
    page.on("request", (request) => ours(request.url()) || happened.push(`request ${request.resourceType()} ${request.url().slice(0, 200)}`));
    for (let url; (url = left.pop()); ) {
      happened = [];
      try {
        await page.goto(url, { waitUntil: "load", timeout: 20_000 });
        happened.push(...(await page.evaluate(touched)));
        if (page.url().split("#")[0] !== url) happened.push(`went to ${page.url()}`);
      } catch (error) {
        happened.push(`failed ${String(error).split("\n")[0]}`);
      }
      if (happened.length) found[url] = happened;
    }
    await page.close();
  };
  try {
    await Promise.all(Array.from({ length: 4 }, work));
    return found;
  } finally {
    await context.close();
  }
}

function watch() {
  const say = console.log.bind(console);
  const tell = (what) => say(`__happened ${what}`);
  for (const name of ["__ran", "alert", "confirm", "prompt", "print"]) {
    Object.defineProperty(globalThis, name, { value: () => tell(`ran ${name}`), configurable: false, writable: false });
  }
  document.addEventListener("securitypolicyviolation", (event) => tell(`refused ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
}

async function touched() {
  const found = [];
  const runs = /^(?:javascript|vbscript|data|blob|filesystem|about|file-system|livescript|mocha|feed|view-source|jar):/;
  const events = ["mouseover", "mouseenter", "mousedown", "focus", "focusin", "blur", "toggle", "beforetoggle", "input", "change", "error", "load"];
  document.addEventListener("click", (event) => event.preventDefault(), true);
  for (const each of document.querySelectorAll("*")) {
    for (const name of each.getAttributeNames()) if (/^on/i.test(name)) found.push(`attribute ${each.localName} ${name}`);
    if (runs.test(each.protocol ?? "") || runs.test((each.href?.baseVal ?? "").trim())) found.push(`link ${each.protocol ?? each.href.baseVal}`);
    if (location.protocol === "file:" && /^search/.test(location.pathname.split("/").pop())) continue;
    for (const name of events) each.dispatchEvent(new Event(name, { bubbles: false, cancelable: true }));
  }
  await new Promise((done) => setTimeout(done, 10));
  return found;
}
