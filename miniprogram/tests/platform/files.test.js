"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");

const { createFiles } = require("../../platform/files.js");
const { decodeUtf8 } = require("../../scanner/basics/utf8.js");
const { FakeFiles } = require("./world/wx.js");

const text = async (/** @type {Files} */ files, /** @type {string} */ path) => decodeUtf8(await files.read(path));

test("folders come with the first file in them, and go with what they hold", async () => {
  const fake = new FakeFiles();
  const files = createFiles(fake.wx());
  assert.equal(files.url("scans/1/a.json"), "wxfile://usr/scans/1/a.json");
  await files.write("scans/1/a.json", "芒果");
  fake.content.set("wxfile://tmp/photo", new Uint8Array([1, 2, 3]));
  await files.copyIn("wxfile://tmp/photo", "scans/2/0.jpg");
  assert.equal(await text(files, "scans/1/a.json"), "芒果");
  assert.deepEqual((await files.list("scans")).sort(), ["1", "2"]);
  assert.deepEqual([await files.size("scans"), await files.size("scans/2/0.jpg"), await files.size("none")], [9, 3, 0]);
  assert.deepEqual([await files.exists("scans/1"), await files.exists("scans/3")], [true, false]);
  await files.remove("scans/1");
  await files.remove("scans/1");
  assert.deepEqual([await files.list("scans"), await files.list("none")], [["2"], []]);
});

for (const numbers of [true, false]) {
  test(`failures have codes, ${numbers ? "from numbers" : "from words"}`, async () => {
    const fake = new FakeFiles({ numbers });
    const files = createFiles(fake.wx());
    await assert.rejects(files.read("none"), { code: "not_found" });
    await assert.rejects(files.copyIn("wxfile://tmp/none", "f/a"), { code: "not_found" });
    await files.write("f/a", "old");
    fake.room = 3;
    await assert.rejects(files.write("f/a", "newer"), { code: "storage_full" });
    assert.equal(await text(files, "f/a"), "old");
    assert.deepEqual([...fake.content.keys()], ["wxfile://usr/f/a"]);
  });
}

for (const strict of [false, true]) {
  test(`the app killed at any step of a write, on a phone that ${strict ? "does not rename" : "renames"} onto a file: old or new`, async () => {
    const seen = new Set();
    for (let left = 1; ; left += 1) {
      const fake = new FakeFiles({ strict });
      await createFiles(fake.wx()).write("f/a", "old content");
      fake.left = left;
      const done = await Promise.race([createFiles(fake.wx()).write("f/a", "new content").then(() => true), settled()]);
      fake.left = Infinity;
      const next = createFiles(fake.wx());
      assert.equal(await next.exists("f/a"), true, `killed at ${left}`);
      assert.deepEqual(await next.list("f"), ["a"], `killed at ${left}`);
      const found = await text(next, "f/a");
      seen.add(found);
      assert.match(found, /^(old|new) content$/, `killed at ${left}`);
      await next.write("f/a", "third");
      assert.equal(await text(next, "f/a"), "third");
      await next.remove("f/a");
      assert.equal(await next.exists("f/a"), false, "nothing comes back");
      assert.deepEqual([...fake.content.keys()], []);
      if (done) break;
    }
    assert.deepEqual([...seen].sort(), ["new content", "old content"]);
  });
}

test("a first write that is cut off leaves no file", async () => {
  for (let left = 1; left <= 4; left += 1) {
    const fake = new FakeFiles();
    fake.left = left;
    const done = await Promise.race([createFiles(fake.wx()).write("f/a", "content").then(() => true), settled()]);
    fake.left = Infinity;
    const next = createFiles(fake.wx());
    assert.equal(await next.exists("f/a"), done, `killed at ${left}`);
    assert.deepEqual(await next.list("f"), done ? ["a"] : []);
  }
});

test("the package's files are unpacked by WeChat", async () => {
  const fake = new FakeFiles();
  fake.manager.readCompressedFile = ({ filePath, compressionAlgorithm, success, fail }) => {
    if (filePath === "model/a.br" && compressionAlgorithm === "br") success({ data: new ArrayBuffer(5) });
    else fail({ errMsg: "readCompressedFile:fail no such file", errCode: 1300002 });
  };
  const files = createFiles(fake.wx());
  assert.equal((await files.readPackaged("model/a.br")).byteLength, 5);
  await assert.rejects(files.readPackaged("model/b.br"), { code: "not_found" });
});

/** False, long after every step of a fake file system. */
async function settled() {
  for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
  return false;
}

test("a WeChat that cannot unpack says that it is too old", async () => {
  const fake = new FakeFiles();
  await assert.rejects(createFiles(fake.wx()).readPackaged("model/a.br"), { code: "wechat_too_old" });
});
