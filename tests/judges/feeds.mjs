// feedsmith as a worker: asked for the path of a feed, it answers with its format and what it holds.

import { readFile } from "node:fs/promises";
import { parseFeed } from "feedsmith";
import { serve } from "../../publisher/judges/answers.mjs";

await serve(async (path) => parseFeed(await readFile(path, "utf8")));
