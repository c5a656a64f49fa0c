import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { here, unpackInto } from "../packed/installed.js";
import { PARITY } from "./answers.js";
import { measure } from "./page/measure.js";
import { serve } from "./serve.js";

/** @typedef {Awaited<ReturnType<typeof measure>>} Measured */
/** @typedef {Parameters<typeof measure>[2]} Job */

/**
 * Measures the packed npm package in Node, in a new instance.
 * @param {Job} job
 * @returns {Promise<Measured>}
 */
export async function inNode(job) {
  const { load } = await import(`${here("pkg/node.js")}?${Math.random()}`);
  return measure(load, (file) => readFile(join(PARITY, file)), job);
}

/**
 * Measures the packed npm package in a browser: the whole job in a worker, as the README advises, and its first photo in
 * the page itself.
 * @param {import("selenium-webdriver").WebDriver} session
 * @param {Job} job
 * @returns {Promise<{ worker: Measured, page: Measured }>}
 */
export async function inPage(session, job) {
  const folder = mkdtempSync(join(tmpdir(), "mango-engines-"));
  const package_ = unpackInto(folder);
  const server = await serve(folder, { "mango-scout": package_, page: fileURLToPath(new URL("./page", import.meta.url)), parity: PARITY });
  try {
    await session.get(`${server.url}/page/index.html`);
    await session.wait(() => session.executeScript("return typeof window.inPage === 'function'"), 30_000, "the package is not loaded");
    const worker = await called(session, "inWorker", job);
    const page = await called(session, "inPage", { ...job, all: job.all.slice(0, 1), timed: job.timed.slice(0, 1) });
    return { worker, page };
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a function of the page gives, as text: WebDriver would count every number. */
async function called(session, name, job) {
  const answer = await session.executeAsyncScript(
    `const [name, job, done] = arguments;
    window[name](job).then((result) => done(JSON.stringify({ result })), (error) => done(JSON.stringify({ error: String(error.stack || error) })));`,
    name,
    job,
  );
  const { result, error } = JSON.parse(answer);
  if (error) throw new Error(`${name}: ${error}`);
  return result;
}
