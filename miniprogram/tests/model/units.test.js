"use strict";
const assert = require("node:assert/strict");
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const path = require("node:path");
const { test } = require("node:test");
const fc = require("fast-check");

const { parseCatalog, readCatalog } = require("../../scanner/answer/catalog.js");
const { decodeBase64 } = require("../../scanner/basics/base64.js");
const { failure } = require("../../scanner/basics/failure.js");
const { sha256, sha256InSlices } = require("../../scanner/basics/sha256.js");
const { decodeUtf8 } = require("../../scanner/basics/utf8.js");
const { difference } = require("../../scanner/phone/update/self-test.js");
const { parseAddress } = require("../../scanner/relay/address.js");
const { createSettings } = require("../../scanner/settings.js");
const { Disk, filesOf } = require("./world/disk.js");
const { buffer } = require("./world/picture.js");

const files = (/** @type {Disk} */ disk) => filesOf(disk, { dead: false, died: () => {} });
const bytes = (/** @type {object} */ options) => fc.uint8Array(options).map((array) => Buffer.from(array));

test("sha256 is node's, at every length around a block and for a large file", () => {
  const same = (/** @type {Buffer} */ content) => assert.equal(sha256(buffer(content)), createHash("sha256").update(content).digest("hex"));
  for (let length = 0; length <= 200; length += 1) same(Buffer.alloc(length, length));
  same(Buffer.alloc(3 * 1000 * 1000 + 17, "mango"));
  fc.assert(fc.property(bytes({ maxLength: 1000 }), same));
});

test("slicing gives the same hash, and other work runs in between", async () => {
  let pauses = 0;
  const clock = { now: Date.now, random: () => 0, after: (_, action) => { pauses += 1; setImmediate(action); return () => {}; } };
  for (const length of [0, 1, 63, 64, 65, 65535, 65536, 65537, 65600, 300000]) {
    const content = Buffer.alloc(length, "mango");
    assert.equal(await sha256InSlices(buffer(content), clock), createHash("sha256").update(content).digest("hex"), `${length}`);
  }
  pauses = 0;
  await sha256InSlices(new ArrayBuffer(1000000), clock);
  assert.ok(pauses >= 15, `${pauses}`);
});

test("base64 equals node's, and invalid base64 is null", () => {
  fc.assert(fc.property(bytes({ maxLength: 300 }), (content) => {
    assert.deepEqual(Buffer.from(decodeBase64(content.toString("base64"))), content);
  }));
  for (const text of ["a", "ab!=", "a===", "ab=c", "YQ==YQ==", "YQ=\n"]) assert.equal(decodeBase64(text), null, text);
});

test("UTF-8 of every alphabet, and nothing else", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    assert.equal(decodeUtf8(buffer(Buffer.from(text))), text);
  }));
  assert.equal(decodeUtf8(buffer(Buffer.from("\uFEFF{}"))), "{}");
  for (const wrong of [[0xff], [0xe4, 0xb8], [0xc0, 0x80], [0xed, 0xa0, 0x80]]) {
    assert.throws(() => decodeUtf8(buffer(Buffer.from(wrong))), URIError);
  }
});

test("an address is taken as WeChat takes it", () => {
  const cases = /** @type {const} */ ([
    ["https://relay.example.com", "https://relay.example.com"],
    ["  https://Relay.Example.com/  ", "https://relay.example.com"],
    ["HTTPS://relay.example.com:443/", "https://relay.example.com"],
    ["https://relay.example.com:08443/mango//", "https://relay.example.com:8443/mango"],
    ["http://localhost:8000/relay", "http://localhost:8000/relay"],
    ["", ""],
    ["http://relay.example.com", null],
    ["relay.example.com", null],
    ["https://", null],
    ["https://a..b", null],
    ["https://relay.example.com:70000", null],
    ["https://relay.example.com:0", null],
    ["https://relay.example.com/?x", null],
    ["https://user@relay.example.com", null],
    ["http://localhost.evil.example", null],
    ["https://relay.example.com/a b", null],
  ]);
  for (const [typed, expected] of cases) assert.equal(parseAddress(typed), expected, typed);
  fc.assert(fc.property(fc.string(), (typed) => {
    const address = parseAddress(typed);
    if (address !== null) assert.equal(parseAddress(address), address);
  }));
});

test("settings are kept, and only what was chosen", async () => {
  const disk = new Disk();
  const first = createSettings({ files: files(disk), relay: "https://one.example/" });
  await first.open();
  assert.deepEqual(first.get(), { relay: "https://one.example", mode: "automatic", language: "system", keepTaught: false, region: "", stageMonths: null });
  /** @type {string[]} */
  const heard = [];
  first.subscribe(({ mode }) => heard.push(mode));
  await first.set({ mode: "phone", relay: "https://one.example" });
  assert.deepEqual([heard, disk.json("settings.json")], [["phone"], { mode: "phone" }]);
  const second = createSettings({ files: files(disk), relay: "https://two.example" });
  await second.open();
  assert.deepEqual([second.get().mode, second.get().relay], ["phone", "https://two.example"], "another version's address takes effect");
  await second.set({ relay: "https://mine.example/", mode: null });
  assert.deepEqual(disk.json("settings.json"), { relay: "https://mine.example" });
  await second.set({ relay: null });
  assert.equal(second.get().relay, "https://two.example");
  await second.set({ relay: "" });
  assert.equal(second.get().relay, "", "no relay can be chosen");
});

test("an invalid setting is refused and changes nothing", async () => {
  const disk = new Disk();
  const settings = createSettings({ files: files(disk), relay: "" });
  await assert.rejects(settings.set({ relay: "ftp://x" }), { code: "relay_address" });
  await assert.rejects(settings.set({ mode: /** @type {any} */ ("constructor"), language: "zh" }), { code: "bad_setting" });
  await assert.rejects(settings.set(/** @type {any} */ ({ colour: "red" })), { code: "bad_setting" });
  disk.full = () => true;
  await assert.rejects(settings.set({ mode: "relay" }), { code: "storage_full" });
  assert.deepEqual([settings.get().mode, settings.get().language, disk.names()], ["automatic", "system", []]);
});

test("the region and the grower's own months are kept; invalid months are refused", async () => {
  const disk = new Disk();
  const settings = createSettings({ files: files(disk), relay: "" });
  const stageMonths = { flush: [8, 9], flowering: [], fruit_set: [12, 1], harvest: [7] };
  await settings.set({ region: "own", stageMonths });
  const again = createSettings({ files: files(disk), relay: "" });
  await again.open();
  assert.deepEqual([again.get().region, again.get().stageMonths], ["own", stageMonths]);
  for (const wrong of [{ region: "mars" }, { stageMonths: { flush: [1] } }, { stageMonths: { ...stageMonths, flush: [13] } }, { stageMonths: { ...stageMonths, flush: [1, 1] } }]) {
    await assert.rejects(again.set(/** @type {any} */ (wrong)), { code: "bad_setting" });
  }
  await again.set({ region: null, stageMonths: null });
  assert.deepEqual(disk.json("settings.json"), {});
});

test("a damaged file of settings gives the defaults, and sound parts of it are kept", async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
    const disk = new Disk();
    disk.content.set("settings.json", Buffer.from(text));
    const settings = createSettings({ files: files(disk), relay: "" });
    await settings.open();
    assert.deepEqual(Object.keys(settings.get()).sort(), ["keepTaught", "language", "mode", "region", "relay", "stageMonths"]);
  }));
  const disk = new Disk();
  disk.content.set("settings.json", Buffer.from('{"mode":"relay","language":7,"relay":"javascript:"}'));
  const settings = createSettings({ files: files(disk), relay: "" });
  await settings.open();
  assert.deepEqual(settings.get(), { relay: "", mode: "relay", language: "system", keepTaught: false, region: "", stageMonths: null });
});

test("settings that cannot be read are an error, not the defaults", async () => {
  const broken = { ...files(new Disk()), read: () => Promise.reject(failure("file_failed", "the disk")) };
  await assert.rejects(createSettings({ files: broken, relay: "" }).open(), { code: "file_failed" });
});

test("a self-test tolerates a thousandth and near ties, and nothing else", () => {
  const expected = { verdict: "unsure", classes: [{ id: "a", probability: 0.5 }, { id: "b", probability: 0.3 }, { id: "c", probability: 0.2985 }] };
  const found = (/** @type {[string, number][]} */ ...pairs) => ({ verdict: "unsure", classes: pairs.map(([id, probability]) => ({ id, probability })) });
  assert.equal(difference(expected, expected), null);
  assert.equal(difference(expected, found(["a", 0.5009], ["c", 0.2992], ["b", 0.2991])), null);
  assert.match(difference(expected, found(["a", 0.5011], ["b", 0.3], ["c", 0.2985])), /a is/);
  assert.match(difference(expected, found(["b", 0.3], ["a", 0.5], ["c", 0.2985])), /b comes before a/);
  assert.match(difference(expected, found(["a", NaN], ["b", 0.3], ["c", 0.2985])), /NaN/);
  assert.match(difference(expected, found(["a", 0.5], ["b", 0.3])), /2 classes/);
  assert.match(difference(expected, found(["a", 0.5], ["b", 0.3], ["d", 0.2985])), /c is undefined/);
  assert.match(difference(expected, { ...expected, verdict: "confident" }), /verdict/);
});

const catalogFile = path.join(__dirname, "../../../models/catalog.json");

test("a WeChat that is too old is distinguished from an incomplete package", async () => {
  const old = { ...files(new Disk()), readPackaged: () => Promise.reject(failure("wechat_too_old", "no Brotli")) };
  await assert.rejects(readCatalog(old), { code: "wechat_too_old" });
});

test("the package's catalog is the repository's", async () => {
  const catalog = await readCatalog(files(new Disk()));
  const { classes, guilds } = JSON.parse(readFileSync(catalogFile, "utf8"));
  assert.deepEqual([catalog.classes, catalog.guilds], [classes, guilds]);
  const missing = new Disk();
  missing.unpackaged.add("model/catalog.json.br");
  await assert.rejects(readCatalog(files(missing)), { code: "model_missing" });
});

test("the guide finds by name, Latin, guild, symptom and full-width letters, names first", () => {
  const catalog = parseCatalog(readFileSync(catalogFile, "utf8"));
  const ids = (/** @type {string} */ text) => catalog.search(text).map(({ id }) => id);
  assert.equal(ids("炭疽")[0], "anthracnose");
  assert.equal(ids("ANTHRAC")[0], "anthracnose");
  assert.equal(ids("ａｎｔｈｒａｃ")[0], "anthracnose");
  assert.equal(ids("colletotrichum  gloeo")[0], "anthracnose");
  assert.ok(ids("scale insects").length > 1 || ids("scale").length > 3);
  assert.ok(ids("spots").length > 0 && ids("xyzzy").length === 0);
  assert.equal(ids("").length, catalog.classes.length);
  assert.equal(ids("anthracnose xyzzy").length, 0, "every word counts");
  assert.equal(catalog.name("anthracnose", "zh"), "炭疽病");
  assert.equal(catalog.name("scales", "en"), catalog.guild("scales").names.en);
  assert.equal(catalog.name("own_1", "zh"), "own_1");
  assert.deepEqual([catalog.find("own_1"), catalog.guild("x")], [null, null]);
});
