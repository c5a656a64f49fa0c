// @ts-check
// Draws the symptoms that the guide shows, `symptoms/<class id>.svg`:
//   node symptoms/draw.js
const fs = require("node:fs");
const path = require("node:path");
const { PICTURES } = require("./pictures.js");

const FOLDER = path.join(__dirname, "../../symptoms");

fs.rmSync(FOLDER, { recursive: true, force: true });
fs.mkdirSync(FOLDER);
for (const [id, picture] of Object.entries(PICTURES)) fs.writeFileSync(path.join(FOLDER, `${id}.svg`), picture);
