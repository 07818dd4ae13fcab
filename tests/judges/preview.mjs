// Chromium in front of a preview: a page stays open while sources change, and is used by keyboard only.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { serve } from "../../publisher/judges/answers.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.argv[2],
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"],
});
let context = null;
let page = null;
const errors = [];

const drawer = () => page.frameLocator("publisher-preview iframe");

const acts = {
  async open({ url, dark, width }) {
    await context?.close();
    errors.length = 0;
    context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: dark ? "dark" : "light" });
    page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && errors.push(`${message.text()} (${message.location().url})`));
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(url, { waitUntil: "load" });
    return page.title();
  },
  async focused() {
    return page.evaluate(() => {
      const element = document.activeElement;
      return element?.shadowRoot?.activeElement?.innerText ?? element?.tagName ?? "";
    });
  },
  async press({ key, times = 1 }) {
    for (let each = 0; each < times; each++) await page.keyboard.press(key);
    return true;
  },
  async tabTo({ text }) {
    for (let each = 0; each < 200; each++) {
      await page.keyboard.press("Tab");
      if ((await acts.focused()).startsWith(text)) return each;
    }
    return -1;
  },
  async drawer() {
    const frame = page.locator("publisher-preview iframe");
    if (!(await frame.count()) || !(await frame.isVisible())) return null;
    for (;;) {
      await drawer().locator("h2").first().waitFor();
      try {
        return await drawer().locator("h2").allInnerTexts();
      } catch (error) {
        if (!String(error).includes("navigation")) throw error; // else it is just being loaded anew
      }
    }
  },
  async inDrawer({ selector }) {
    return drawer().locator(selector).first().innerText({ timeout: 20000 });
  },
  async book() {
    return drawer().frameLocator(".device iframe").locator("body").innerText();
  },
  async entry() {
    return drawer().frameLocator(".entry iframe").locator("body").innerText();
  },
  async pictures() {
    return page
      .frames()
      .find((each) => each.url().includes("/_publisher/drawer"))
      .evaluate(() => [...document.images].map((each) => each.complete && each.naturalWidth > 0));
  },
  async waitFor({ text }) {
    await page.getByText(text, { exact: false }).first().waitFor({ timeout: 60000 });
    return true;
  },
  async waitInDrawer({ text }) {
    await drawer().getByText(text, { exact: false }).first().waitFor({ timeout: 60000, state: "attached" });
    return true;
  },
  async badge() {
    return page.locator("publisher-preview button b").innerText();
  },
  async styles() {
    return page.evaluate(() => {
      const style = getComputedStyle(document.querySelector("h1"));
      return [style.fontFamily, style.fontSize, style.color, String(document.body.getBoundingClientRect().width)];
    });
  },
  async axe() {
    await page.evaluate(AXE);
    const found = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target.flat().join(" ")}`));
  },
  async errors() {
    return errors;
  },
};

await serve(async ({ act, ...given }) => acts[act](given));
await browser.close();
