// Ace by DAISY as a worker: asked for the path of a book, it answers with what its report finds wrong.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "./answers.mjs";

const [, , aceCore, playwright, executablePath] = process.argv;
const require = createRequire(import.meta.url);

// Ace keeps settings in the home of who runs it, and logs and prints its report: all that is not wanted here.
const settings = mkdtempSync(join(tmpdir(), "ace-"));
process.on("exit", () => rmSync(settings, { recursive: true }));
process.env.XDG_CONFIG_HOME = settings;
const ace = require(aceCore);
require(require.resolve("winston", { paths: [aceCore] })).configure({ silent: true });
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = (text, ...rest) => (String(text).startsWith('{"answer"') || String(text).startsWith('{"refused"') ? print(text, ...rest) : true);

// A strange book's scripts must not run with the rights of its reader.
const POLICY = "script-src 'none'; object-src 'none'; frame-src 'none'";

const { chromium } = require(playwright);
const launch = (chromiumSandbox) =>
  chromium.launch({
    executablePath,
    chromiumSandbox,
    args: ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--host-resolver-rules=MAP * ~NOTFOUND"],
  });
const browser = await launch(true).catch(() => launch(false)); // as root, and in many containers, there is no sandbox
const context = await browser.newContext({ offline: true });

await serve(judge);
await browser.close();

async function judge(path) {
  const runner = { concurrency: 2, setTimeout() {}, async launch() {}, async close() {}, run };
  const [, report] = await ace(path, { cwd: dirname(path), silent: true, doNotReportMedia: true, lang: "en" }, runner);
  const subjects = report.assertions;
  const home = posix.dirname(subjects.find((each) => each["earl:testSubject"].url.endsWith(".opf"))["earl:testSubject"].url);
  return subjects.flatMap((each) => each.assertions.map((one) => finding(one, inside(home, each["earl:testSubject"].url))));
}

// Ace names documents from where the package is, but the table of contents and the package itself from the root.
function inside(home, url) {
  return url.startsWith("/") ? url.slice(1) : url.endsWith(".opf") ? url : posix.join(home, url);
}

function finding({ "earl:test": test, "earl:result": result }, inside) {
  return {
    rule: test["dct:title"],
    impact: test["earl:impact"],
    inside,
    element: result["earl:pointer"]?.css ?? [],
    message: test.help["dct:description"] ?? test["dct:description"],
    hint: result["dct:description"] ?? "",
    spec: test.help.url ?? "",
  };
}

async function run(url, scripts, contents) {
  const page = await context.newPage();
  try {
    await page.route(/.*/, respond);
    await page.goto(url);
    for (const script of [...contents, ...scripts.map((each) => readFileSync(each, "utf8"))]) await page.evaluate(script);
    return await page.evaluate(
      () => new Promise((resolve, reject) => window.daisy.ace.run((error, result) => (error ? reject(error) : resolve(result)))),
    );
  } finally {
    await page.close();
  }
}

async function respond(route) {
  const request = route.request();
  const url = new URL(request.url());
  if (url.protocol !== "file:") return route.abort();
  if (request.resourceType() !== "document") return route.continue();
  const contentType = url.pathname.endsWith(".svg") ? "image/svg+xml" : "application/xhtml+xml";
  const headers = { "Content-Security-Policy": POLICY };
  return route.fulfill({ contentType, headers, body: readFileSync(fileURLToPath(url)) });
}
