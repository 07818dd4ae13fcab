// feedsmith as a worker: asked for the URL of a feed, it fetches what has changed and answers with what it knows of that feed.

import { parseFeed } from "feedsmith";
import { serve } from "../../../publisher/judges/answers.mjs";

const known = new Map();

await serve(async (url) => {
  const { etag, modified } = known.get(url) ?? {};
  const headers = {};
  if (etag) headers["If-None-Match"] = etag;
  if (modified) headers["If-Modified-Since"] = modified;
  const response = await fetch(url, { headers });
  if (response.status === 200) {
    known.set(url, {
      etag: response.headers.get("etag"),
      modified: response.headers.get("last-modified"),
      ...parseFeed(await response.text()),
    });
  } else if (response.status !== 304) {
    throw new Error(`${url}: ${response.status}`);
  }
  const { format, feed } = known.get(url);
  return { format, feed };
});
