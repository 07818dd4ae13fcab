// Search in the page, without a server: loads the index, finds as one types, shows what is found.
//
// Words are cut as publisher/newsstand/search.py cuts them. Parts of the index are scripts, so that this also works from a disk,
// where a page may fetch nothing.
"use strict";
(() => {
  const form = document.querySelector("form[role=search]");
  const field = form.querySelector("input");
  const list = document.querySelector("#results");
  const status = document.querySelector("[role=status]");
  const said = status.dataset;
  const PAGE = 10; // results shown at once
  const DIGEST = 8; // characters of the digest in the name of a part
  const PARTS = 3; // parts of one period loaded for one word at most
  const OFTEN = 50; // articles that a word may be in without counting as one that is everywhere
  const PAUSE = 120; // milliseconds without a key after which a question is answered
  const WEIGHTS = [1, 3, 4, 10]; // of the text, of names and keywords, of the standfirst, of the headline
  const NO_SPACES = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3005-\\u3007\\u3040-\\u30ff\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
  const RUN = new RegExp(`[${NO_SPACES}]+|[\\p{L}\\p{N}\\p{M}]`, "gu");
  const SPACELESS = new RegExp(`^[${NO_SPACES}]`, "u");
  const MARKS = /[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u06d6-\u06ed]/g;
  const LETTERS = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th", "ς": "σ", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك" };
  const OTHER = /[ßæœøđðłıþςىةیک]/g;
  const ARTICLE = /^(?:[وفبكل]?ال|لل)(?=\p{L}{3})/u;
  const parts = new Map(); // by name: what is loaded, or will be
  const arrived = new Map();
  let asked = 0; // number of the newest question: an older one shows nothing any more
  let shown = PAGE;
  let index; // the periods, the oldest first, and how many articles they have together

  globalThis.publisherSearch = (name, value) => arrived.set(name, value);

  function load(name) {
    if (!parts.has(name)) {
      parts.set(name, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = `search/${name === "index" ? "" : "parts/"}${name}.js`;
        script.onload = () => (arrived.has(name) ? done(arrived.get(name)) : failed(new Error(name)));
        script.onerror = () => { parts.delete(name); failed(new Error(name)); };
        document.head.append(script);
      }));
    }
    return parts.get(name);
  }

  // -- words

  const fold = (text) => text.normalize("NFKD").replace(MARKS, "").normalize("NFC").toLowerCase().replace(OTHER, (found) => LETTERS[found]);

  // The words of a text in their order: runs of letters, and in scripts without spaces runs of those.
  function runs(text) {
    const found = [];
    let end = -1;
    for (const { 0: run, index: start } of text.matchAll(RUN)) {
      if (!SPACELESS.test(run) && end === start) found[found.length - 1] += run;
      else found.push(run);
      end = SPACELESS.test(run) ? -1 : start + run.length;
    }
    return found;
  }

  // What has to be in an article: words by how they begin, and pairs of characters where there are no spaces.
  function terms(question) {
    return runs(fold(question)).flatMap((run) => {
      const characters = [...run];
      if (!SPACELESS.test(run)) return characters.length > 1 || /\p{N}/u.test(run) ? [{ term: run.replace(ARTICLE, ""), begins: true }] : [];
      if (characters.length === 1) return [{ term: run, begins: true }];
      return characters.slice(1).map((each, place) => ({ term: characters[place] + each, begins: false }));
    });
  }

  // -- finding

  // The list of parts, with a number for the oldest article of each period: the newest of all has the highest number.
  async function listed() {
    const periods = await load("index");
    let count = 0;
    return { periods: periods.map((period) => ({ ...period, first: (count += period.count) - period.count })), count };
  }

  // The number of the part in which something is, or would be, from what is first in each part.
  function partOf(firsts, wanted) {
    let low = 0;
    for (let high = firsts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if (firsts[middle] <= wanted) low = middle;
      else high = middle;
    }
    return low;
  }

  const loadPart = (kind, period, part) => load(`${kind}-${period.from}-${period[kind].digests.slice(part * DIGEST, (part + 1) * DIGEST)}`);

  // The words of a period that are as asked for, each with the numbers of its articles times four, and their weights in that.
  async function wordsOf(period, { term, begins }) {
    const { firsts } = period.words;
    const first = partOf(firsts, term);
    const last = begins ? Math.min(partOf(firsts, `${term}\uffff`), first + PARTS - 1) : first;
    const wanted = firsts.slice(first, last + 1).map((_, each) => loadPart("words", period, first + each));
    const found = (await Promise.all(wanted)).flatMap(Object.entries).filter(([word]) => word === term || (begins && word.startsWith(term)));
    return found.map(([word, steps]) => [word, places(steps, period.first * 4)]);
  }

  // Numbers from the steps between them: digits to the base 46, all characters of ASCII but those that JSON and HTML need.
  function places(steps, start) {
    const found = [];
    let place = start;
    let step = 0;
    for (let each = 0; each < steps.length; each++) {
      const code = steps.charCodeAt(each);
      const digit = code - 32 - (code > 34) - (code > 60) - (code > 92);
      step = step * 46 + (digit % 46);
      if (digit >= 46) continue;
      place += step;
      step = 0;
      found.push(place);
    }
    return found;
  }

  // The weight of a term in each article that has it, and in how many articles it is as it was asked for.
  async function matches(wanted) {
    const loaded = await Promise.all(index.periods.map((each) => wordsOf(each, wanted)));
    const words = new Map();
    for (const [word, places] of loaded.flat()) words.set(word, [...(words.get(word) ?? []), ...places]);
    const found = new Map();
    for (const [word, places] of words) {
      const rare = Math.log(1 + index.count / places.length) * (word === wanted.term ? 2 : 1);
      for (const place of places) {
        const article = Math.floor(place / 4);
        found.set(article, Math.max(found.get(article) ?? 0, WEIGHTS[place % 4] * rare));
      }
    }
    return { found, often: words.get(wanted.term)?.length ?? 0 };
  }

  // As `matches`; a word that nowhere is may have another ending: lighthouses, lighthouse.
  async function nearly({ term, begins }) {
    for (let length = term.length; ; length--) {
      const { found, often } = await matches({ term: term.slice(0, length), begins });
      if (found.size || !begins || length <= Math.max(4, term.length - 3)) return { found, often, term: term.slice(0, length) };
    }
  }

  async function find(question) {
    index ??= await listed();
    const wanted = terms(question);
    if (!wanted.length) return { articles: [], terms: [] };
    const all = await Promise.all(wanted.map(nearly));
    // A word that is in more than half of many articles leaves none out beside other words.
    const rare = all.filter(({ often }) => often <= Math.max(OFTEN, index.count / 2));
    const each = rare.length ? rare : all;
    const [least, ...others] = each.map(({ found }) => found).sort((one, other) => one.size - other.size);
    const both = [...least].filter(([article]) => others.every((found) => found.has(article)));
    const sums = both.map(([article, weight]) => [article, others.reduce((sum, found) => sum + found.get(article), weight)]);
    // Of articles that weigh the same the newest comes first.
    const articles = sums.sort((one, other) => other[1] - one[1] || other[0] - one[0]).map(([article]) => article);
    return { articles, terms: each.map(({ term }) => term) };
  }

  // What is shown of an article.
  async function record(article) {
    const period = index.periods.findLast(({ first }) => first <= article);
    const { firsts } = period.articles;
    const part = partOf(firsts, article - period.first);
    return (await loadPart("articles", period, part))[article - period.first - firsts[part]];
  }

  // -- showing

  function element(name, attributes, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value) made.setAttribute(key, value);
    made.append(...inside);
    return made;
  }

  // A text with what was asked for marked: whole words, and the characters themselves where there are no spaces.
  function marked(text, question, found) {
    const asked = runs(fold(question)).filter((run) => SPACELESS.test(run));
    const inside = document.createDocumentFragment();
    let end = 0;
    let rest = 0;
    for (const run of runs(text)) {
      const start = text.indexOf(run, end);
      end = start + run.length;
      for (const [from, to] of SPACELESS.test(run) ? within(run, asked) : isFound(run, found) ? [[0, run.length]] : []) {
        inside.append(text.slice(rest, start + from), element("mark", {}, run.slice(from, to)));
        rest = start + to;
      }
    }
    inside.append(text.slice(rest));
    return inside;
  }

  function isFound(run, found) {
    const word = fold(run).replace(ARTICLE, "");
    return found.some((term) => !SPACELESS.test(term) && word.startsWith(term));
  }

  function* within(run, asked) {
    const folded = [...run].map(fold).join("");
    if (folded.length !== run.length) return;
    for (let place = 0; place < run.length; ) {
      const hit = asked.find((each) => folded.startsWith(each, place));
      if (hit) yield [place, place + hit.length];
      place += hit ? hit.length : 1;
    }
  }

  function item([url, headline, language, direction, section, day, shownDay, authors, standfirst], question, found) {
    const tongue = { lang: language, dir: direction };
    const facts = [authors && element("span", { dir: "auto" }, marked(authors, question, found)), day && element("time", { datetime: day }, shownDay)];
    return element("li", { class: "story" },
      ...(section ? [element("p", { class: "kicker" }, element("span", { dir: "auto" }, section))] : []),
      element("h2", tongue, element("a", { href: url }, marked(headline, question, found))),
      ...(standfirst ? [element("p", { class: "standfirst", ...tongue }, marked(standfirst, question, found))] : []),
      element("p", { class: "dates" }, ...facts.filter(Boolean).flatMap((each) => [each, " "])));
  }

  const digits = (number) => String(number).replace(/\d/g, (digit) => [...said.digits][digit]);

  async function show() {
    const number = ++asked;
    const question = field.value.trim();
    list.setAttribute("aria-busy", "true");
    try {
      const { articles, terms: found } = question ? await find(question) : { articles: [], terms: [] };
      const items = await Promise.all(articles.slice(0, shown).map(record));
      if (number !== asked) return;
      list.replaceChildren(...items.map((each) => item(each, question, found)));
      more.hidden = articles.length <= shown;
      status.textContent = !question ? "" : articles.length ? said.found.replace("{n}", digits(articles.length)) : said.nothing;
    } catch {
      if (number === asked) status.textContent = said.failed;
    } finally {
      if (number === asked) list.removeAttribute("aria-busy");
    }
  }

  function remember() {
    const address = new URL(location.href);
    if (field.value.trim()) address.searchParams.set("q", field.value.trim());
    else address.searchParams.delete("q");
    try { history.replaceState(null, "", address); } catch { /* from a disk an address cannot be changed */ }
  }

  const more = element("button", { type: "button", class: "more-results" }, said.more);
  more.hidden = true;
  more.addEventListener("click", async () => {
    const before = shown;
    shown += PAGE;
    await show();
    list.children[before]?.querySelector("a").focus();
  });
  list.after(more);
  let soon;
  let later;
  field.addEventListener("input", () => {
    shown = PAGE;
    ++asked;
    list.setAttribute("aria-busy", "true");
    clearTimeout(soon);
    soon = setTimeout(show, PAUSE);
    clearTimeout(later);
    later = setTimeout(remember, 800); // a browser may load the icon again with each new address
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(soon); shown = PAGE; show(); remember(); });
  field.value = new URLSearchParams(location.search).get("q") ?? field.value;
  document.querySelector("#unscripted").hidden = true;
  if (field.value) show();
})();
