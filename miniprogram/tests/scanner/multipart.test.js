"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const fc = require("fast-check");
const { multipart } = require("../../scanner/relay/multipart.js");
const { parts } = require("./world/multipart.js");

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

test("the platform's own parser agrees", async () => {
  const { contentType, body } = multipart("photo", [buffer(Uint8Array.of(1, 2, 3)), buffer(Uint8Array.of(13, 10, 45, 45))]);
  const form = await new Response(body, { headers: { "content-type": contentType } }).formData();
  const sizes = form.getAll("photo").map((part) => /** @type {File} */ (part).size);
  assert.deepEqual(sizes, [3, 4]);
});
