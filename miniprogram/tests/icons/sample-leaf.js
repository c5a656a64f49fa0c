"use strict";
const fs = require("node:fs");
const path = require("node:path");

const { launch } = require("../browser/world/chromium");

// `node tests/icons/sample-leaf.js [FILE]` draws the leaf that the scan page offers to whoever has none at hand: a mango leaf with
// spots of anthracnose. It is drawn and no photo, so nobody's licence covers it.

const FILE = path.join(__dirname, "..", "..", "sample", "leaf.jpg");
const SIZE = { width: 480, height: 360 };
const QUALITY = 72;

/** Numbers that look random and are the same each time. @param {number} seed */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Half the leaf's width, 0 to 1, at a place along it, 0 (stalk) to 1 (tip). @param {number} at */
const halfWidth = (at) => Math.pow(Math.sin(Math.PI * Math.pow(at, 0.86)), 0.8) * (1 - 0.22 * at);

const [LEFT, LENGTH, MIDDLE, HALF] = [46, 388, 180, 64];

/** A point of the leaf. @param {number} at along it @param {number} side -1 to 1 */
function point(at, side) {
  const bend = 14 * Math.sin(Math.PI * at);
  return [LEFT + LENGTH * at, MIDDLE + bend + side * HALF * halfWidth(at)];
}

/** @param {number[][]} points */
const line = (points) => points.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
const steps = Array.from({ length: 41 }, (_, index) => index / 40);

function outline() {
  return `${line([...steps.map((at) => point(at, -1)), ...[...steps].reverse().map((at) => point(at, 1))])}Z`;
}

function veins() {
  return Array.from({ length: 17 }, (_, index) => 0.06 + index * 0.053).flatMap((at) => [-1, 1].map((side) => {
    const out = Math.min(0.99, at + 0.075);
    const [x0, y0] = point(at, 0);
    const [x1, y1] = point(at + 0.03, side * 0.5);
    const [x2, y2] = point(out, side * 0.93);
    return `<path d="M${x0.toFixed(1)} ${y0.toFixed(1)}Q${x1.toFixed(1)} ${y1.toFixed(1)} ${x2.toFixed(1)} ${y2.toFixed(1)}"/>`;
  })).join("");
}

/** @param {number} seed @param {number} count */
function spots(seed, count) {
  const next = random(seed);
  return Array.from({ length: count }, () => {
    const edge = next() < 0.45;
    const [x, y] = point(0.1 + 0.85 * next(), (edge ? 0.72 + 0.25 * next() : 1.4 * next() - 0.7) * (next() < 0.5 ? -1 : 1));
    const r = edge ? 5 + 13 * next() : 2 + 6 * next();
    const blob = Array.from({ length: 14 }, (_, corner) => {
      const angle = (corner / 14) * 2 * Math.PI;
      const reach = r * (0.75 + 0.5 * next());
      return [x + 1.25 * reach * Math.cos(angle), y + reach * Math.sin(angle)];
    });
    return `<path d="${line(blob)}Z" fill="url(#spot)"/>`;
  }).join("");
}

/** @param {{ seed: number, count: number }} spotted */
function drawing({ seed, count }) {
  const [[x0, y0], [x1, y1]] = [point(0, 0), point(1, 0)];
  return `<!doctype html><style>body{margin:0}</style><svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}">
<defs>
  <linearGradient id="ground" x2="1" y2="1"><stop stop-color="#eceae6"/><stop offset="1" stop-color="#d9d7d2"/></linearGradient>
  <linearGradient id="blade" x1="0" y1="0" x2="0.2" y2="1"><stop stop-color="#6d8f3a"/><stop offset="0.5" stop-color="#4d7a2f"/><stop offset="1" stop-color="#3f6a2c"/></linearGradient>
  <radialGradient id="spot"><stop stop-color="#4a3626"/><stop offset="0.65" stop-color="#3a281d"/><stop offset="0.9" stop-color="#5b4a22"/><stop offset="1" stop-color="#8a8a35"/></radialGradient>
  <filter id="grain" x="0" y="0" width="1" height="1"><feTurbulence type="fractalNoise" baseFrequency="0.35" numOctaves="3" seed="4"/><feColorMatrix values="0 0 0 0 0.1  0 0 0 0 0.15  0 0 0 0 0.05  0.5 0.5 0 0 -0.28"/><feComposite operator="in" in2="SourceGraphic"/></filter>
  <filter id="soft"><feGaussianBlur stdDeviation="0.9"/></filter>
  <filter id="shade"><feGaussianBlur stdDeviation="7"/></filter>
  <clipPath id="leaf"><path d="${outline()}"/></clipPath>
</defs>
<rect width="100%" height="100%" fill="url(#ground)"/>
<path d="${outline()}" transform="translate(7 11)" fill="#000" opacity="0.28" filter="url(#shade)"/>
<path d="M18 ${y0 + 3}L${x0 + 3} ${y0 - 1.5}V${y0 + 2}Z" stroke="#9aa35a" stroke-width="4" stroke-linejoin="round"/>
<path d="${outline()}" fill="url(#blade)"/>
<g clip-path="url(#leaf)">
  <g fill="none" stroke="#93ad5c" stroke-width="1.3" opacity="0.55" filter="url(#soft)">${veins()}</g>
  <path d="${line(steps.map((at) => point(at, 0)))}" fill="none" stroke="#b9c583" stroke-width="3.2"/>
  <g filter="url(#soft)">${spots(seed, count)}</g>
</g>
<path d="${outline()}" filter="url(#grain)"/>
<path d="M${x1} ${y1}" />
</svg>`;
}

/** @param {string} file @param {{ seed: number, count: number }} spotted */
async function draw(file, spotted) {
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: SIZE });
    await page.setContent(drawing(spotted));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    await page.screenshot({ path: file, type: "jpeg", quality: QUALITY });
  } finally {
    await browser.close();
  }
}

if (require.main === module) draw(process.argv[2] || FILE, { seed: 7, count: 34 });

module.exports = { draw };
