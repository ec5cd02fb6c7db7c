// Scans pages of a site on this machine with the MDN HTTP Observatory, and prints one result a line.
// Its own command takes no path and no port, so its retriever, tests and grader are called here.

import { readFileSync } from "node:fs";

import { ALL_TESTS } from "@mdn/mdn-http-observatory/src/constants.js";
import { MINIMUM_SCORE_FOR_EXTRA_CREDIT } from "@mdn/mdn-http-observatory/src/grader/charts.js";
import { getGradeForScore, getScoreModifier } from "@mdn/mdn-http-observatory/src/grader/grader.js";
import { retrieve } from "@mdn/mdn-http-observatory/src/retriever/retriever.js";

const { port, pages } = JSON.parse(readFileSync(0, "utf8"));

function grade(results) {
  const modifiers = results.map(({ result }) => getScoreModifier(result));
  const add = (numbers) => numbers.reduce((sum, number) => sum + number, 100);
  const base = add(modifiers.filter((modifier) => modifier < 0));
  return getGradeForScore(base >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? add(modifiers) : base);
}

for (const { path, cookies } of pages) {
  const sent = cookies.map((cookie) => cookie.split(";")[0]).join("; ");
  const headers = ["Accept: text/html", ...(sent ? [`Cookie: ${sent}`] : [])];
  const retrieved = await retrieve("localhost", { httpPort: port, httpsPort: port, path, headers });
  const { session, responses } = retrieved;
  // Cookies that the site set on earlier pages are judged as well: a browser holds them still.
  for (const cookie of cookies) await session.jar.setCookie(cookie, session.url.href);
  const results = ALL_TESTS.map((test) => test(retrieved));
  console.log(JSON.stringify({
    path,
    status: responses.auto.status,
    landed: session.redirectHistory.at(-1)?.url.pathname,
    ...grade(results),
    passed: results.filter(({ pass }) => pass).length,
    results: results.map(({ name, result }) => [name, result]),
  }));
}
