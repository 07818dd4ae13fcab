// r2-opds-js as a worker, with which Thorium reads both versions of OPDS: asked for an address, it answers with what it has found there,
// of OPDS 1.2 too in the shape of OPDS 2.0, as Thorium goes on with it.

import { createRequire } from "node:module";
import { serve } from "../../publisher/judges/answers.mjs";

const own = createRequire(import.meta.url);
const require = createRequire(own.resolve("r2-opds-js/package.json")); // what it brings along itself
const { initGlobalConverters_OPDS, initGlobalConverters_GENERIC } = require("r2-opds-js/dist/es8-es2017/src/opds/init-globals");
const { OPDSFeed } = require("r2-opds-js/dist/es8-es2017/src/opds/opds2/opds2");
const { OPDS } = require("r2-opds-js/dist/es8-es2017/src/opds/opds1/opds");
const { convertOpds1ToOpds2 } = require("r2-opds-js/dist/es8-es2017/src/opds/converter");
const { TaJsonDeserialize, TaJsonSerialize } = require("r2-lcp-js/dist/es8-es2017/src/serializable");
const { XML } = require("r2-utils-js/dist/es8-es2017/src/_utils/xml-js-mapper");
const { DOMParser } = require("@xmldom/xmldom");

initGlobalConverters_OPDS();
initGlobalConverters_GENERIC();

await serve(async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  const text = await response.text();
  return text.startsWith("{") ? TaJsonSerialize(TaJsonDeserialize(JSON.parse(text), OPDSFeed)) : ofAtom(text);
});

function ofAtom(text) {
  const document = new DOMParser().parseFromString(text, "application/xml");
  return TaJsonSerialize(convertOpds1ToOpds2(XML.deserialize(document, OPDS)));
}
