// Chromium as a worker: asked to look at a page, it answers with the text that it shows and the errors on its console.

import { chromium } from "playwright-core";
import { serve } from "../../publisher/judges/answers.mjs";

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

async function look({ url, width, height, dark, png }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light" });
  try {
    return await lookIn(await context.newPage(), url, png);
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
