"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const fc = require("fast-check");
const { multipart } = require("../../../scanner/relay/multipart.js");
const { formText } = require("../../../scanner/relay/form-text.js");
const { parts } = require("../world/multipart.js");

/** @param {Uint8Array} bytes */
const buffer = (bytes) => Uint8Array.from(bytes).buffer;

test("a server parses the same parts, byte for byte", () => {
  const photo = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(fc.array(photo, { minLength: 1, maxLength: 6 }), (photos) => {
      const { contentType, body } = multipart("photo", photos.map(buffer));
      const found = parts(contentType, body);
      assert.deepEqual(found.map(({ content }) => Array.from(content)), photos.map((bytes) => Array.from(bytes)));
      assert.ok(found.every(({ name }) => name === "photo"));
    }),
  );
});

test("photos that hold boundaries go too", () => {
  const hostile = Buffer.from("x\r\n--mango-scout-0-photo\r\n\r\n--mango-scout-1-photo--\r\nmango-scout-2-phot");
  const { contentType, body } = multipart("photo", [buffer(hostile), buffer(Buffer.from("mmango-scout-2-photo"))]);
  assert.match(contentType, /boundary=mango-scout-3-photo$/);
  assert.deepEqual(parts(contentType, body)[0].content, hostile);
});

test("text fields are UTF-8", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    const { contentType, body } = multipart("photo", [buffer(Uint8Array.of(1))], { model: text });
    assert.equal(parts(contentType, body)[0].content.toString("utf8"), text);
  }));
  const { contentType, body } = multipart("photo", [], { model: "芒果\ud83e叶🥭" });
  assert.equal(parts(contentType, body)[0].content.toString("utf8"), "芒果\ufffd叶🥭");
});

test("a text for the relay's form has at most 64 bytes, ends after a whole character, and has no control characters", () => {
  assert.equal(formText("芒果叶片模型 0.2.0"), "芒果叶片模型 0.2.0");
  assert.equal(formText("\n芒果\r\n叶\u0000\u0085\u007f 0.2.0\t"), "芒果叶 0.2.0");
  assert.equal(formText("芒".repeat(30)), "芒".repeat(21));
  assert.equal(formText(`${"x".repeat(61)}🥭`), "x".repeat(61));
  assert.equal(formText(`${"x".repeat(60)}🥭`), `${"x".repeat(60)}🥭`);
});

test("the platform's own parser agrees", async () => {
  const { contentType, body } = multipart("photo", [buffer(Uint8Array.of(1, 2, 3)), buffer(Uint8Array.of(13, 10, 45, 45))]);
  const form = await new Response(body, { headers: { "content-type": contentType } }).formData();
  const sizes = form.getAll("photo").map((part) => /** @type {File} */ (part).size);
  assert.deepEqual(sizes, [3, 4]);
});
