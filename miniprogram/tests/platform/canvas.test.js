"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const fc = require("fast-check");
const { compose } = require("../../platform/canvas/compose.js");
const { wrapped } = require("../../platform/canvas/wrap.js");
const { createPictures } = require("../../platform/pictures.js");

/** A sign of Chinese is two wide, any other one. @param {string} text */
const measure = (text) => Array.from(text).reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);

test("Chinese breaks between signs, English between words, and no line begins with a full stop", () => {
  assert.deepEqual(wrapped("请帮忙看看，这是什么", 10, measure), ["请帮忙看看，", "这是什么"]);
  assert.deepEqual(wrapped("Flat brown-black spots", 12, measure), ["Flat", "brown-black", "spots"]);
  assert.deepEqual(wrapped("一\n二", 10, measure), ["一", "二"]);
  assert.deepEqual(wrapped("", 10, measure), [""]);
  assert.deepEqual(wrapped("Colletotrichum", 5, measure), ["Colle", "totri", "chum"]);
});

test("nothing is lost, whatever the text and the width", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom("炭", "a", "b", " ", "，", "。", "😀", "-", "1") }), fc.integer({ min: 1, max: 30 }), (text, width) => {
    const lines = wrapped(text, width, measure);
    assert.equal(lines.join("").replace(/\s/g, ""), text.replace(/\s/g, ""));
  }));
});

/** A canvas that notes what is drawn on it. */
function canvasPhone({ images = /** @type {Record<string, { width: number, height: number }>} */ ({}) } = {}) {
  /** @type {any[]} */
  const drawn = [];
  /** @type {any} */
  let written = null;
  const wx = /** @type {any} */ ({
    getImageInfo: (/** @type {any} */ { src, success, fail }) => (images[src] ? success(images[src]) : fail({ errMsg: "no such picture" })),
    createOffscreenCanvas: (/** @type {any} */ { width, height }) => ({
      width,
      height,
      getContext: () => ({
        measureText: (/** @type {string} */ text) => ({ width: measure(text) * 10 }),
        fillRect: (/** @type {number[]} */ ...box) => drawn.push(["ground", ...box]),
        fillText: (/** @type {string} */ text) => drawn.push(["text", text]),
        drawImage: (/** @type {any} */ image, /** @type {number[]} */ ...box) => drawn.push([image.source, ...box.map(Math.round)]),
      }),
      createImage: () => ({
        set src(/** @type {string} */ source) {
          this.source = source;
          setImmediate(() => (source.includes("broken") ? this.onerror({ errMsg: "broken" }) : this.onload()));
        },
      }),
    }),
    canvasToTempFilePath: (/** @type {any} */ options) => {
      written = options;
      options.success({ tempFilePath: "wxfile://tmp/sheet.jpg" });
    },
  });
  return { wx, drawn, written: () => written };
}

/** @param {Partial<SheetFigure>} [figure] @returns {PictureSheet} */
const sheetOf = (figure) => ({
  width: 1000,
  ground: "#fff",
  parts: [
    { kind: "figure", photo: "leaf.jpg", ...figure },
    { kind: "text", text: "炭疽病", size: 60, bold: true, colour: "#000", gap: 20 },
  ],
});

test("figures and words stand below one another, and what lies over a photo meets it", async () => {
  const { wx, drawn, written } = canvasPhone({ images: { "leaf.jpg": { width: 800, height: 400 } } });
  assert.equal(await compose(wx, sheetOf({ overlay: { src: "heat.png", view: { left: 0.25, top: 0, width: 0.5, height: 1 } } })), "wxfile://tmp/sheet.jpg");
  const [ground, photo, heat, text] = drawn;
  assert.deepEqual(photo, ["leaf.jpg", 44, 44, 912, 456]);
  assert.deepEqual(heat, ["heat.png", 44 + 228, 44, 456, 456]);
  assert.deepEqual(text, ["text", "炭疽病"]);
  assert.equal(ground[4], written().destHeight);
  assert.equal(written().fileType, "jpg");
});

test("a very high photo is made narrower, and the picture stays within what phones can draw", async () => {
  const { wx, drawn, written } = canvasPhone({ images: { "leaf.jpg": { width: 100, height: 1000 } } });
  await compose(wx, { ...sheetOf(), parts: Array.from({ length: 6 }, () => ({ kind: "figure", photo: "leaf.jpg" })) });
  const [, [, x, , width, height]] = drawn;
  assert.ok(height <= 912 * 1.2 + 1 && Math.abs(x + width / 2 - 500) <= 1);
  assert.ok(written().destHeight <= 4096);
});

test("a picture that cannot be drawn fails with a code, not with WeChat's object", async () => {
  for (const photo of ["gone.jpg", "broken.jpg"]) {
    const { wx } = canvasPhone({ images: { "broken.jpg": { width: 10, height: 10 } } });
    await assert.rejects(createPictures(wx).compose(sheetOf({ photo })), { code: "sheet_failed" });
  }
});
