// Lighthouse as a worker: asked to look at a page, it answers with its score in each category (0 to 100), and the audits that cost points.
// Mobile settings: what Lighthouse takes for a slow phone, with the network and the processor simulated.

import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { serve } from "../../publisher/judges/answers.mjs";

const chrome = await launch({
  chromePath: process.argv[2],
  chromeFlags: [
    "--headless=new",
    "--no-sandbox", // needed by root; the pages are our own
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
  ],
});

await serve(look);
await chrome.kill();

async function look({ url, desktop }) {
  const flags = { port: chrome.port, output: "json", logLevel: "silent" };
  const { lhr } = await lighthouse(url, flags, desktop ? (await import("lighthouse/core/config/desktop-config.js")).default : undefined);
  const scores = Object.fromEntries(Object.entries(lhr.categories).map(([id, { score }]) => [id, Math.round(score * 100)]));
  const wanted = new Set(Object.values(lhr.categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight).map(({ id }) => id)));
  const failed = Object.values(lhr.audits).filter(({ id, score }) => wanted.has(id) && score !== null && score < 1);
  return { scores, failed: failed.map(({ id, title, displayValue }) => `${id}: ${title} ${displayValue ?? ""}`.trim()) };
}
