// Chromium as a worker that searches: asked to type a question into the page of the search, it answers with what is shown then,
// which addresses were asked for, and how many bytes came. Asked for pictures, it says which file the browser chose for each.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { serve } from "../../publisher/judges/answers.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1"],
});

await serve((question) => (question.pictures ? pictures(question) : search(question)));
await browser.close();

async function opened(question, act) {
  const { url, width, scale = 1, script = true, dark = false } = question;
  const context = await browser.newContext({ viewport: { width, height: 900 }, deviceScaleFactor: scale, javaScriptEnabled: script, colorScheme: dark ? "dark" : "light" });
  const page = await context.newPage();
  const seen = { asked: [], errors: [], bytes: 0 };
  page.on("request", (request) => seen.asked.push(request.url()));
  page.on("response", async (response) => { seen.bytes += (await response.body().catch(() => "")).length; });
  page.on("console", (message) => message.type() === "error" && seen.errors.push(message.text()));
  page.on("pageerror", (error) => seen.errors.push(String(error)));
  try {
    await page.goto(url, { waitUntil: "load" });
    return { ...(await act(page)), ...seen };
  } finally {
    await context.close();
  }
}

function search(question) {
  return opened(question, async (page) => {
    if (question.text != null) {
      await page.keyboard.press("Tab");
      await page.getByRole("searchbox").focus();
      await page.keyboard.type(question.text);
      if (question.enter) await page.keyboard.press("Enter");
    }
    await page.waitForTimeout(50);
    // The first letters may have been answered before the last one came: only what is shown when nothing is busy any more counts.
    const done = () => document.querySelector("[role=status]").textContent && !document.querySelector("[aria-busy]");
    const said = () => page.waitForFunction(done, null, { timeout: question.patience ?? 10_000 });
    if (question.script !== false && question.text) await said().catch(() => {});
    await page.waitForTimeout(150);
    if (question.png) await page.screenshot({ path: question.png });
    const status = await page.locator("[role=status]").textContent();
    const results = await page.locator("#results li").evaluateAll((items) => items.map((item) => ({
      url: item.querySelector("a").href, headline: item.querySelector("h2").textContent, text: item.innerText,
      marks: [...item.querySelectorAll("mark")].map((mark) => mark.textContent),
    })));
    const where = page.url();
    const violations = question.axe ? await page.evaluate(`${AXE}; axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))`) : [];
    if (question.follow) { await page.keyboard.press("Tab"); await page.keyboard.press("Tab"); await page.keyboard.press("Enter"); await page.waitForTimeout(200); }
    const html = await page.content();
    return { status, results, violations, where, then: page.url(), shown: await page.locator("body").innerText(), html };
  });
}

function pictures(question) {
  return opened(question, async (page) => {
    await page.evaluate(async () => {
      for (const image of document.images) image.loading = "eager";
      await Promise.all([...document.images].map((image) => image.decode()));
    });
    if (question.png) await page.screenshot({ path: question.png });
    const chosen = await page.evaluate(() => [...document.images].map((image) => ({
      chosen: image.currentSrc, wide: image.naturalWidth, shown: image.getBoundingClientRect().width, source: image.getAttribute("src"),
    })));
    return { chosen, html: await page.content() };
  });
}
