// Chromium as a worker: asked to look at a page, it answers with the text that it shows and the errors on its console,
// or with what axe-core says of it.

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

await serve(look);
await browser.close();

async function look({ url, width, height, dark, png, axe }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light" });
  try {
    return await (axe ? violationsIn(await context.newPage(), url) : lookIn(await context.newPage(), url, png));
  } finally {
    await context.close();
  }
}

async function lookIn(page, url, png) {
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(`${message.text()} (${message.location().url})`));
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(url, { waitUntil: "load" });
  await page.evaluate(() => document.fonts.ready.then(() => null));
  if (png) await page.screenshot({ path: png });
  // Ill-formed XML is no error of the console: Chromium shows what is wrong in an element of this name.
  errors.push(...(await page.locator("parsererror").allInnerTexts()));
  return { text: await page.evaluate(() => document.body?.innerText ?? document.documentElement.textContent), errors };
}

// By night only colours are others.
async function violationsIn(page, url) {
  await page.goto(url, { waitUntil: "load" });
  await page.evaluate(AXE);
  const byDay = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
  await page.emulateMedia({ colorScheme: "dark" });
  const byNight = await page.evaluate(() => axe.run({ resultTypes: ["violations"], runOnly: ["color-contrast"] }));
  return [...findings(byDay, ""), ...findings(byNight, " by night")];
}

function findings({ violations }, when) {
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}${when} ${target.join(" ")}: ${failureSummary}`));
}
