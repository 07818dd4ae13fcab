// The engines of reading systems as a worker: asked to open a book and to show pages of it, it answers with what the engine
// knows about the book, what it complains about, and what was measured on each page.

import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { chromium } from "playwright-core";
import { serve } from "../../publisher/judges/answers.mjs";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".epub": "application/epub+zip" };
const MODULES = join(import.meta.dirname, "node_modules");
const books = [];

// Books have addresses of their own, so that no engine takes one for another.
const server = createServer((request, response) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
  const [, folder, ...rest] = path.split("/");
  const file = { modules: join(MODULES, ...rest), books: books[parseInt(rest[0])] }[folder] ?? join(import.meta.dirname, "engines.html");
  response.setHeader("Content-Type", TYPES[extname(file)] ?? "application/octet-stream");
  createReadStream(file)
    .on("error", () => response.writeHead(404).end())
    .pipe(response);
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const home = `http://127.0.0.1:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: [
    "--no-sandbox", // needed by root; the books are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
  ],
});

await serve(read);
await browser.close();
server.close();

async function read({ engine, book, width, height, scale, views }) {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale });
  try {
    const page = await context.newPage();
    const errors = complaints(page);
    await page.goto(home);
    await page.waitForFunction(() => window.ready);
    const url = `${home}/books/${books.push(book) - 1}.epub`;
    const known = await page.evaluate(([engine, url]) => openBook(engine, url), [engine, url]);
    const seen = [];
    for (const { png, ...view } of views) {
      seen.push(await page.evaluate((view) => showPage(view), view));
      if (png) await page.screenshot({ path: png });
    }
    return { ...known, seen, errors };
  } finally {
    await context.close();
  }
}

function complaints(page) {
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(`${message.text()} (${message.location().url})`));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("requestfailed", (request) => errors.push(`${request.url()}: ${request.failure().errorText}`));
  return errors;
}
