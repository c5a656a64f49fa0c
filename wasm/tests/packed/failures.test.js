import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { here, leafPath } from "./installed.js";

/** A new instance of the package that no other test has started. */
const fresh = () => import(`../../pkg/node.js?${Math.random()}`);
const photo = readFileSync(leafPath);
/** Bytes whose buffer was transferred, as to a worker. */
function detached(bytes = new Uint8Array(photo)) {
  structuredClone(bytes.buffer ?? bytes, { transfer: [bytes.buffer ?? bytes] });
  return bytes;
}

const code = (expected) => (error) => error instanceof Error && error.code === expected;

test("before init() every call fails with not_initialised", async () => {
  const { Gallery, Scout, reconcile, version } = await fresh();
  const uses = [
    () => new Scout("{}", new Uint8Array()),
    () => Gallery.parse(new Uint8Array()),
    () => reconcile({}, null, []),
    () => version(),
  ];
  for (const use of uses) {
    assert.throws(use, (error) => code("not_initialised")(error) && /await init\(\)/.test(error.message));
  }
});

test("a crash has its message, and the instance's objects are dead even after init()", async () => {
  const { crashForTest, init, load, version } = await fresh();
  const scout = await load();
  const gallery = scout.newGallery();
  const embedded = scout.embed(photo);
  const before = scout.predict(photo);
  assert.throws(() => crashForTest("a bug in the model"), (error) => code("panic")(error) && /a bug in the model/.test(error.message));
  for (const use of [() => scout.predict(photo), () => scout.modelName, () => gallery.add("a", embedded), () => version()]) {
    assert.throws(use, code("needs_restart"));
  }
  await init();
  assert.throws(() => scout.predict(photo), code("needs_restart"), "objects of the crashed instance stay dead");
  scout.free();
  assert.deepEqual((await load()).predict(photo), before);
});

test("init() rejects an invalid module and can be called again", async () => {
  const { init, version } = await fresh();
  const page = new TextEncoder().encode("\uFEFF\n<!DOCTYPE html><title>mango</title>");
  for (const given of [page, page.buffer]) {
    await assert.rejects(init(given), (error) => code("not_found")(error) && /is a page \(HTML\)/.test(error.message));
  }
  await assert.rejects(init(detached()), code("bad_argument"));
  for (const wasm of [new Uint8Array(3), "mango.wasm"]) await assert.rejects(init(wasm), code("cannot_start"));
  await init();
  assert.match(version(), /^\d/);
});

test("concurrent callers share one instance", async () => {
  const { Gallery, load } = await fresh();
  const [one, two] = await Promise.all([load(), load()]);
  const gallery = Gallery.parse(two.newGallery().serialize());
  gallery.add("a", one.embed(photo));
  assert.equal(gallery.size, 1);
});

test("init() keeps a running instance", async () => {
  const { init, load } = await fresh();
  const scout = await load();
  const before = scout.predict(photo);
  await init();
  assert.deepEqual(scout.predict(photo), before);
});

test("a caller's mistake is an error and not a crash", async () => {
  const { Gallery, Scout, load } = await fresh();
  const scout = await load();
  const mistakes = [
    () => scout.predict("leaf.jpg"),
    () => scout.predict(undefined),
    () => scout.predictMany(photo),
    () => scout.predictMany([photo, 3]),
    () => scout.predictMany(new Array(2)),
    () => scout.predictMany([]),
    () => scout.useGalleries(new Uint8Array()),
    () => scout.useCatalog({}),
    () => scout.predict(detached(new ArrayBuffer(8))),
    () => scout.predict(detached()),
    () => scout.predict(detached(new Uint8Array(0))),
    () => scout.predict(detached(new DataView(new ArrayBuffer(8)))),
    () => scout.predict(detached(new Int16Array(8)), { explain: true }),
    () => scout.predictMany([photo, detached()]),
    () => scout.predictMany([detached(), photo]),
    () => scout.embed(detached()),
    () => scout.useGalleries([detached()]),
    () => scout.useCatalog(detached()),
    () => Gallery.parse(detached()),
    () => new Scout("{}", detached()),
    () => new Scout(detached(), photo),
    () => scout.newGallery().add("a", photo),
    () => scout.newGallery().label("Not An Id", "x"),
    () => Gallery.parse("file"),
    () => new Scout({}, new Uint8Array()),
  ];
  for (const mistake of mistakes) assert.throws(mistake, code("bad_argument"), String(mistake));
  assert.throws(() => new Scout("{}", new Uint8Array()), code("bad_manifest"));
  assert.throws(() => scout.predict(photo.subarray(0, 300)), (error) => /^photo_/.test(error.code));
  assert.equal(scout.predict(photo, null).model.name, "leaf-mini");
});

test("a caller's getter runs before the module, whatever the getter does", async () => {
  const { load } = await fresh();
  const scout = await load();
  const before = scout.predict(photo);
  const bytes = new Uint8Array(photo);
  const options = {
    get explain() {
      return Boolean(detached(bytes));
    },
  };
  assert.throws(() => scout.predict(bytes, options), code("bad_argument"));
  const throwing = {
    get explain() {
      throw new RangeError("the caller's own");
    },
  };
  assert.throws(() => scout.predict(photo, throwing), RangeError);
  const first = new Uint8Array(photo);
  const photos = Object.defineProperty([first, null], 1, { get: () => detached(first) && photo });
  assert.throws(() => scout.predictMany(photos), code("bad_argument"));
  const nested = {
    get explain() {
      return scout.predict(photo).classes.length === 0;
    },
  };
  assert.deepEqual(scout.predict(photo, nested), before);
});

test("a freed object cannot be used, and other objects are not affected", async () => {
  const { load } = await fresh();
  const [freed, kept] = [await load(), await load()];
  const [gallery, embedded] = [kept.newGallery(), kept.embed(photo)];
  freed.free();
  freed.free();
  embedded.free();
  assert.throws(() => freed.predict(photo), code("bad_argument"));
  assert.throws(() => gallery.add("a", embedded), code("bad_argument"));
  assert.equal(kept.predict(photo).model.name, "leaf-mini");
});

test("bytes are accepted as any buffer or view", async () => {
  const { load } = await fresh();
  const scout = await load();
  const before = scout.predict(photo);
  const buffer = photo.buffer.slice(photo.byteOffset, photo.byteOffset + photo.byteLength);
  for (const view of [buffer, new DataView(buffer), new Int8Array(buffer), new Uint8Array(buffer)]) {
    assert.deepEqual(scout.predict(view), before);
  }
});

test("a gallery file of one scout can be used by another", async () => {
  const { Gallery, load } = await fresh();
  const [teacher, pupil] = [await load(), await load()];
  const gallery = teacher.newGallery();
  gallery.add("red_spider_mite", teacher.embed(photo));
  gallery.label("red_spider_mite", "红蜘蛛");
  const read = Gallery.parse(gallery.serialize());
  assert.deepEqual(read.classes, gallery.classes);
  assert.equal(read.classes[0].label, "红蜘蛛");
  assert.equal(read.embeddingId, pupil.embeddingId);
  pupil.useGalleries([readFileSync(here("pkg/model/mango-pests.gallery")), read.serialize()]);
  assert.equal(pupil.predict(photo).classes[0].id, "red_spider_mite");
});
