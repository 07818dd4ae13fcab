// The Node side of worker.py: one line of JSON is answered with one line of JSON.

import { createInterface } from "node:readline";

export async function serve(answer) {
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await reply(answer, JSON.parse(line))));
  }
}

async function reply(answer, question) {
  try {
    return { answer: await answer(question) };
  } catch (error) {
    return { refused: String(error.message) };
  }
}
