import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { Builder } from "selenium-webdriver";

/** Programs of this machine, as `cargo xtask` found them; see xtask/src/test/engines.rs. */
const programs = () => JSON.parse(process.env.MANGO_ENGINES);

/** Milliseconds that a driver has to listen. */
const TIMEOUT = 20_000;

/** Milliseconds that a script in a page may take. */
const SCRIPT = 300_000;

/**
 * @typedef {object} Engine a browser and its WebDriver
 * @property {string} name
 * @property {(port: number) => string[]} driver its command
 * @property {() => object} capabilities
 */

/** @type {Engine[]} */
export const BROWSERS = [
  {
    name: "Chromium",
    driver: (port) => [programs().chromedriver, `--port=${port}`],
    capabilities: () => ({ browserName: "chrome", "goog:chromeOptions": programs().chromium }),
  },
  {
    name: "Firefox",
    driver: (port) => [programs().geckodriver, "--port", String(port)],
    capabilities: () => ({
      browserName: "firefox",
      "moz:firefoxOptions": {
        binary: programs().firefox,
        args: ["-headless"],
        // Firefox 140 mixes AVX and SSE encodings in compiled wasm. On an Intel Xeon (a virtual machine) that made a
        // prediction a hundred times slower: 3,500 ms, and 35 ms with SSE alone.
        prefs: { "javascript.options.wasm_simd_avx": false },
      },
    }),
  },
  {
    name: "WebKitGTK",
    // It has no headless mode.
    driver: (port) => ["xvfb-run", "--auto-servernum", programs().webkitdriver, `--port=${port}`],
    capabilities: () => ({
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": { binary: programs().minibrowser, args: ["--automation"] },
    }),
  },
];

/**
 * Runs an action in a browser and closes the browser.
 * @template T
 * @param {Engine} engine
 * @param {(session: import("selenium-webdriver").WebDriver) => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function inBrowser({ name, driver, capabilities }, action) {
  const port = await freePort();
  const [command, ...args] = driver(port);
  // A separate process group, so that the driver's children end with it.
  const process_ = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"], detached: true });
  let complaint = "";
  process_.stderr.on("data", (text) => (complaint = (complaint + text).slice(-2000)));
  const died = new Promise((_, reject) => process_.once("error", reject).once("exit", (code) => reject(new Error(`${command} ended with ${code}: ${complaint}`))));
  died.catch(() => {});
  try {
    await Promise.race([listening(port), died]);
    const builder = new Builder().disableEnvironmentOverrides().usingServer(`http://127.0.0.1:${port}`);
    const session = await builder.withCapabilities(capabilities()).build();
    try {
      await session.manage().setTimeouts({ script: SCRIPT });
      return await action(session);
    } finally {
      await session.quit().catch(() => {});
    }
  } catch (error) {
    error.message = `${name}: ${error.message}`;
    throw error;
  } finally {
    try {
      process.kill(-process_.pid);
    } catch {
      // The process has ended.
    }
  }
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(port) {
  for (const until = Date.now() + TIMEOUT; Date.now() < until; await sleep(100)) {
    const taken = await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (taken) return;
  }
  throw new Error(`its driver does not listen after ${TIMEOUT} ms`);
}
