// @ts-check
// Draws the tab bar's pictures, the one that goes with a shared result, and the style sheet of `components/glyph`:
//   node icons/draw.js
const fs = require("node:fs");
const path = require("node:path");
const { execSync } = require("node:child_process");
const { chromium } = require("playwright-core");
const { GLYPHS } = require("./glyphs.js");

const ROOT = path.join(__dirname, "../..");
const TABS = ["scan", "guide", "orchard", "history", "settings"];
const TAB_SIDE = 81;
const SHARE = { width: 500, height: 400 };
/** Of app.wxss; the one for tabs that are not chosen is legible on light and dark. */
const COLOURS = { plain: "#7c8a7f", light: "#1c7337", dark: "#72d18a" };

/** @param {string} name @param {string} colour @param {number} [width] */
function svg(name, colour, width = 2) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="${colour}" stroke-width="${width}" `
    + `stroke-linecap="round" stroke-linejoin="round">${GLYPHS[name]}</svg>`;
}

/** Each picture once, as a mask: the text's own colour fills it, in light and dark. */
function styleSheet() {
  const rules = Object.keys(GLYPHS).map((name) => {
    const picture = svg(name, "black").replace(/"/g, "'").replace(/</g, "%3C").replace(/>/g, "%3E");
    return `.glyph--${name} { --glyph: url("data:image/svg+xml,${picture}"); }`;
  });
  return ["/* Made by tests/icons/draw.js. */",
    ".glyph { display: block; width: 1em; height: 1em; background-color: currentColor; -webkit-mask: var(--glyph) center / contain no-repeat; mask: var(--glyph) center / contain no-repeat; }",
    ...rules, ""].join("\n");
}

/** @param {import("playwright-core").Page} page @param {string} html @param {number} width @param {number} height @param {string} file */
async function shoot(page, html, width, height, file) {
  await page.setViewportSize({ width, height });
  await page.setContent(`<style>body{margin:0}svg{display:block}</style>${html}`);
  await page.screenshot({ path: path.join(ROOT, "icons", file), omitBackground: true });
}

function sharePicture() {
  const [background, leaf, spot] = ["#e6f3e4", "#2c8a46", "#8a4b12"];
  return `<svg width="500" height="400" viewBox="0 0 500 400" xmlns="http://www.w3.org/2000/svg"><rect width="500" height="400" fill="${background}"/>`
    + `<path d="M95 305C80 150 190 70 415 75c5 190-110 285-320 230z" fill="${leaf}"/>`
    + `<path d="M95 305C190 230 270 170 370 115M190 228l-12-80M190 228l95 42M262 176l-5-72M262 176l88 36" fill="none" stroke="${background}" stroke-width="7" stroke-linecap="round"/>`
    + `<circle cx="322" cy="166" r="17" fill="${spot}"/><circle cx="226" cy="256" r="13" fill="${spot}"/><circle cx="216" cy="140" r="10" fill="${spot}"/>`
    + `<path d="M40 105V65a25 25 0 0 1 25-25h40M395 40h40a25 25 0 0 1 25 25v40M460 295v40a25 25 0 0 1-25 25h-40M105 360H65a25 25 0 0 1-25-25v-40" fill="none" stroke="#14562a" stroke-width="12" stroke-linecap="round"/></svg>`;
}

async function main() {
  fs.writeFileSync(path.join(ROOT, "components/glyph/glyph.wxss"), styleSheet());
  const executablePath = process.env.CHROME || execSync("command -v chromium", { encoding: "utf8" }).trim();
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const page = await browser.newPage();
  for (const tab of TABS) {
    for (const [tone, colour] of Object.entries(COLOURS)) {
      const file = tone === "plain" ? `${tab}.png` : `${tab}-${tone}.png`;
      await shoot(page, `<div style="padding:9px">${svg(tab, colour)}</div>`, TAB_SIDE, TAB_SIDE, file);
    }
  }
  await shoot(page, sharePicture(), SHARE.width, SHARE.height, "share.png");
  await browser.close();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
