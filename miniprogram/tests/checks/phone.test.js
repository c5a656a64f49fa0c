"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const https = require("node:https");
const os = require("node:os");
const path = require("node:path");
const { after, before, test } = require("node:test");

const { makeCertificates } = require("../harness/relay/certificates");
const { openSource } = require("../harness/build/tree");
const { createFiles } = require("../harness/phone/files");
const { createNetwork } = require("../harness/phone/network");
const { uploadBody } = require("../harness/phone/upload");

// The harness's phone replaces WeChat's client in every browser test, so it is tested against WeChat's documented behaviour.

/** @type {string} */
let home;
/** @type {ReturnType<typeof createFiles>} */
let files;

before(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "mango-phone-"));
  fs.mkdirSync(path.join(home, "app"));
  fs.writeFileSync(path.join(home, "app", "in-package.txt"), "packed");
  files = createFiles({ home, source: openSource(path.join(home, "app")), quota: 1000 });
});

after(() => fs.rmSync(home, { recursive: true, force: true }));

/** @param {string} name */
const at = (name) => `wxfile://usr/${name}`;

test("files are written, copied, renamed, listed and removed", () => {
  const { calls, read } = files;
  calls.mkdir({ dirPath: at("a/b"), recursive: true });
  calls.writeFile({ filePath: at("a/b/one") }, Buffer.from("one"));
  calls.copyFile({ srcPath: at("a/b/one"), destPath: at("a/two") });
  calls.rename({ oldPath: at("a/two"), newPath: at("a/b/one") });
  assert.deepEqual(calls.readdir({ dirPath: at("a") }), { files: ["b"] });
  assert.equal(read(at("a/b/one")).toString(), "one");
  assert.equal(read("in-package.txt").toString(), "packed");
  calls.rmdir({ dirPath: at("a"), recursive: true });
  assert.throws(() => calls.access({ path: at("a") }), { errno: 1300002 });
});

test("refusals have WeChat's error numbers", () => {
  const { calls } = files;
  const write = (/** @type {string} */ filePath, size = 1) => calls.writeFile({ filePath }, Buffer.alloc(size));
  assert.throws(() => write(at("no/folder")), { errno: 1300002 });
  assert.throws(() => write(at("../outside")), { errno: 1300001 });
  assert.throws(() => write("in-package.txt"), { errno: 1300001 });
  assert.throws(() => write("wxfile://tmp/photo.jpg"), { errno: 1300001 });
  assert.throws(() => write(at("large"), 1001), { errno: 1300202 });
  write(at("fits"), 1000);
  assert.throws(() => write(at("more"), 1), { errno: 1300202 });
  write(at("fits"), 999);
  assert.throws(() => calls.readCompressedFile({ filePath: at("fits"), compressionAlgorithm: "br" }), /decompress/);
  assert.throws(() => calls.mkdir({ dirPath: at("fits") }), /file already exists/);
});

test("an upload is a multipart body", async () => {
  const { type, body } = uploadBody({ name: "picture", filePath: 'wxfile://usr/a "b".jpg', formData: { note: "一" } }, Buffer.from([0, 255, 13, 10]));
  const form = await new Response(body, { headers: { "content-type": type } }).formData();
  assert.equal(form.get("note"), "一");
  const file = /** @type {File} */ (form.get("picture"));
  assert.equal(file.type, "image/jpeg");
  assert.deepEqual(Buffer.from(await file.arrayBuffer()), Buffer.from([0, 255, 13, 10]));
});

test("the network checks domain lists, names and certificates, and reports as WeChat does", async (t) => {
  const folder = fs.mkdtempSync(path.join(home, "tls-"));
  const { root, certificate, key } = makeCertificates(folder, "relay.test");
  const server = https.createServer({ cert: fs.readFileSync(certificate), key: fs.readFileSync(key) }, (request, response) => {
    if (request.url !== "/never") response.writeHead(418, { "X-Said": "yes" }).end("short and stout");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const listed = ["https://relay.test", "https://other.test", "https://gone.test"];
  const hosts = { "relay.test": `127.0.0.1:${port}`, "other.test": `127.0.0.1:${port}`, "gone.test": "127.0.0.1:9" };
  const { send, state } = createNetwork({ ca: root, listed, hosts });
  const ask = (/** @type {string} */ url, /** @type {object} */ more = {}) => send({ url, ...more }, Buffer.alloc(0), new AbortController().signal);
  const refuses = (/** @type {Promise<unknown>} */ answer, /** @type {number} */ errno, /** @type {RegExp} */ words) =>
    assert.rejects(answer, (/** @type {any} */ error) => error.errno === errno && words.test(error.message));

  const answer = await ask("https://relay.test/pot");
  assert.deepEqual([answer.statusCode, answer.header["X-Said"], answer.bytes.toString()], [418, "yes", "short and stout"]);
  await assert.rejects(async () => ask("https://unlisted.test/"), { errno: 600002 });
  await assert.rejects(async () => ask("http://relay.test/"), { errno: 600002 });
  await assert.rejects(async () => ask("relay.test"), { errno: 600009 });
  await refuses(ask("https://other.test/"), 600001, /errcode:-200 .*COMMON_NAME/);
  await refuses(ask("https://gone.test/"), 600001, /errcode:-102 .*REFUSED/);
  await refuses(ask("https://relay.test/never", { timeout: 50 }), 5, /timeout/);
  state.ca = makeCertificates(fs.mkdtempSync(path.join(home, "tls-")), "relay.test").root;
  await refuses(ask("https://relay.test/"), 600001, /errcode:-202 .*AUTHORITY/);
  state.online = false;
  await assert.rejects(async () => ask("https://relay.test/"), { errno: 600001, message: /DISCONNECTED/ });
});
