import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

import { chromium } from "playwright-core";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

/**
 * Serves a folder on localhost.
 *
 * @param {import("node:test").TestContext} t
 * @param {string} folder
 * @param {{ policy?: string, start?: string }} options a Content-Security-Policy, and the page that is answered for missing
 *   files, like servers of single-page applications do
 */
export async function serve(t, folder, { policy, start } = {}) {
  const server = createServer((request, response) => {
    let path = join(folder, normalize(decodeURI(new URL(request.url, "http://localhost").pathname)));
    if (start && !(existsSync(path) && statSync(path).isFile())) path = join(folder, start);
    try {
      const body = readFileSync(path);
      const headers = policy ? { "content-security-policy": policy } : {};
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", ...headers }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${server.address().port}`;
}

/** A page in a new browser, and the list of its errors. */
export async function openPage(t) {
  const { binary, args } = JSON.parse(process.env.MANGO_BROWSER);
  const browser = await chromium.launch({ executablePath: binary, args, ignoreDefaultArgs: ["--headless"] });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  return { page, problems };
}
