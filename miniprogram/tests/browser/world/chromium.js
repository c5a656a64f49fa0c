"use strict";
const { execFileSync } = require("node:child_process");

const { chromium } = require("playwright-core");

/** No GPU, no window, and nothing that asks the network of its own accord. */
const FLAGS = [
  "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--disable-dev-shm-usage",
];

/** Starts the Chromium that `CHROME` names, or the one on the search path. @param {string[]} more flags */
function launch(more = []) {
  // Its sandbox refuses to start for root, as whom containers run.
  const args = [...FLAGS, ...more, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])];
  return chromium.launch({ executablePath: process.env.CHROME || onPath(), args });
}

function onPath() {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
      continue;
    }
  }
  throw new Error("Chromium is needed: install it, or name it by CHROME");
}

module.exports = { launch };
