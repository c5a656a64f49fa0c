"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { World } = require("./world/world.js");

/** @param {World} world @param {string} id */
const summary = (world, id) => {
  const { state, shown, problem } = world.get(id);
  return [state, shown && shown.source, problem];
};

test("confident: the phone's answer, a thumbnail, and nothing sent", async () => {
  const world = new World();
  const { id } = await world.scan("confident");
  await world.settle();
  const { photos, thumbnail, count } = world.get(id);
  assert.deepEqual(summary(world, id), ["answered", "phone", null]);
  assert.deepEqual([photos, count, thumbnail], [[], 1, `scans/${id}/thumbnail.jpg`]);
  assert.equal(world.internet.arrived.length, 0);
});

test("scan resolves when the photos are safe, before any answer", async () => {
  const world = new World();
  const promise = world.scanner.scan([world.shoot("unsure")]);
  let taken = null;
  promise.then((scan) => {
    taken = scan;
  });
  while (!taken) await world.turns.step();
  const { id, state, photos } = /** @type {Scan} */ (/** @type {unknown} */ (taken));
  assert.equal(state, "predicting");
  assert.ok(world.disk.content.has(photos[0]) && world.disk.content.has(`scans/${id}/scan.json`));
});

test("unsure: the relay's answer takes the place of the phone's", async () => {
  const world = new World();
  const { id } = await world.scan("unsure", "unsure", "unsure");
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
  assert.deepEqual(world.internet.arrived, [[0, 1, 2]]);
  assert.ok(world.get(id).phone, "the phone's answer is kept beside it");
});

test("unsure, and the relay is down: provisional, then confirmed, sent once", async () => {
  const world = new World();
  world.internet.mood = "down";
  const { id } = await world.scan("unsure");
  await world.turns.all();
  assert.deepEqual(summary(world, id), ["waiting", "phone", "relay_unreachable"]);
  assert.equal(world.get(id).attempts, 1);
  world.internet.mood = "up";
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
  assert.deepEqual(world.internet.arrived, [[0]]);
});

test("offline: it waits without trying, and is sent as soon as the network is back", async () => {
  const world = new World();
  world.internet.set(false);
  const { id } = await world.scan("unsure");
  await world.time.pass(3600000);
  await world.turns.all();
  assert.deepEqual(summary(world, id), ["waiting", "phone", "offline"]);
  assert.equal(world.get(id).attempts, 0);
  world.internet.set(true);
  await world.turns.all();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
});

test("a network that returns is used at once, however long the wait was to be", async () => {
  const world = new World();
  world.internet.mood = "down";
  const { id } = await world.scan("unsure");
  for (let round = 0; round < 10; round += 1) {
    await world.time.pass(600000);
    await world.turns.all();
  }
  assert.ok(world.get(id).nextAttempt > world.time.now);
  world.internet.mood = "up";
  world.internet.set(false);
  world.internet.set(true);
  await world.turns.all();
  assert.equal(world.get(id).state, "answered");
});

test("not a leaf: the photo stays here until the grower asks for the relay", async () => {
  const world = new World();
  const { id } = await world.scan("not_mango_leaf");
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "phone", null]);
  assert.equal(world.get(id).photos.length, 1);
  await world.running(world.scanner.askRelay(id));
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
  assert.equal(world.get(id).photos.length, 0);
});

test("photos are kept if the relay is asked for at the last moment", async () => {
  const world = new World();
  const taken = world.scanner.scan([world.shoot("confident")]);
  while (world.scanner.list().every(({ state }) => state !== "answered")) await world.turns.step();
  const { id } = await taken;
  await world.running(world.scanner.askRelay(id));
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
});

test("mode phone: nothing is sent by itself, and what the grower asks for is", async () => {
  const world = new World();
  world.settings.mode = "phone";
  const { id } = await world.scan("unsure");
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "phone", null]);
  assert.equal(world.internet.arrived.length, 0);
  world.internet.mood = "down";
  await world.running(world.scanner.askRelay(id));
  await world.turns.all();
  assert.deepEqual(summary(world, id), ["waiting", "phone", "relay_unreachable"]);
  world.internet.mood = "up";
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
});

test("mode relay: the relay is asked first, the phone not at all", async () => {
  const world = new World();
  world.settings.mode = "relay";
  const { id } = await world.scan("confident");
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
  assert.equal(world.get(id).phone, null);
});

test("mode relay, out of reach: the phone's answer is provisional, even a confident one", async () => {
  const world = new World();
  world.settings.mode = "relay";
  world.internet.mood = "down";
  const { id } = await world.scan("confident");
  await world.turns.all();
  assert.deepEqual(summary(world, id), ["waiting", "phone", "relay_unreachable"]);
  world.internet.mood = "up";
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
});

test("no relay address: the phone's answer with the problem no_relay", async () => {
  const world = new World();
  world.settings.relay = "";
  const { id } = await world.scan("unsure");
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "phone", "no_relay"]);
  await assert.rejects(world.running(world.scanner.askRelay(id)), { code: "no_relay" });
  world.settings.relay = "https://relay.example";
  await world.running(world.scanner.askRelay(id));
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
});

test("the phone's model is broken: consent is asked once, then the relay answers", async () => {
  const world = new World();
  world.modelFault = "model_missing";
  const first = await world.scan("unsure");
  const second = await world.scan("confident");
  await world.settle();
  assert.deepEqual(summary(world, first.id), ["answered", "relay", null]);
  assert.deepEqual(summary(world, second.id), ["answered", "relay", null]);
  world.restart();
  const third = await world.scan("unsure");
  await world.settle();
  assert.deepEqual(summary(world, third.id), ["answered", "relay", null]);
  assert.equal(world.asked, 1);
});

test("without a relay a failure of the phone is retried on request and at the next start", async () => {
  const world = new World();
  world.settings.relay = "";
  world.modelFault = "cannot_start";
  const { id } = await world.scan("unsure");
  await world.settle();
  assert.deepEqual(summary(world, id), ["waiting", null, "cannot_start"]);
  await world.running(world.scanner.retry(id));
  assert.deepEqual([world.backoffResets, ...summary(world, id)], [1, "waiting", null, "cannot_start"]);
  world.modelFault = null;
  await world.running(world.scanner.retry(id));
  assert.deepEqual(summary(world, id), ["answered", "phone", "no_relay"]);

  world.modelFault = "model_unavailable";
  world.settings.mode = "phone";
  const other = await world.scan("confident");
  await world.settle();
  assert.deepEqual(summary(world, other.id), ["waiting", null, "model_unavailable"]);
  world.modelFault = null;
  world.restart();
  await world.running(world.scanner.open());
  assert.deepEqual(summary(world, other.id), ["answered", "phone", null]);
});

test("another try changes nothing where the phone has answered, and is not possible for what is gone", async () => {
  const world = new World();
  const { id } = await world.scan("confident");
  const before = world.get(id);
  assert.equal(await world.running(world.scanner.retry(id)), before);
  await world.running(world.scanner.remove(id));
  await assert.rejects(world.running(world.scanner.retry(id)), { code: "not_found" });
});

test("a photo that crashed the app twice is retried only on request", async () => {
  const world = new World();
  world.settings.relay = "";
  world.scanner.scan([world.shoot("confident")]);
  const record = () => world.disk.under("scans").filter((path) => path.endsWith(".json")).map((path) => world.disk.json(path))[0];
  for (let crash = 0; crash < 2; crash += 1) {
    while (!record() || record().tries <= crash) await world.turns.step();
    world.restart();
    world.scanner.open();
  }
  await world.settle();
  world.restart();
  await world.running(world.scanner.open());
  const [{ id }] = world.scanner.list();
  assert.deepEqual(summary(world, id), ["waiting", null, "model_unavailable"]);
  await world.running(world.scanner.retry(id));
  assert.deepEqual(summary(world, id), ["answered", "phone", null]);
});

test("consent refused: it waits, over restarts too, until the grower asks for the relay", async () => {
  const world = new World();
  world.modelFault = "cannot_start";
  world.agrees = false;
  const { id } = await world.scan("unsure");
  await world.settle();
  assert.deepEqual(summary(world, id), ["waiting", null, "upload_declined"]);
  world.restart();
  await world.running(world.scanner.open());
  await world.settle();
  assert.deepEqual([world.asked, world.internet.arrived.length], [1, 0]);
  await world.running(world.scanner.askRelay(id));
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
  assert.equal(world.asked, 1);
});

test("a consent question that could not be shown is asked again", async () => {
  const world = new World();
  world.modelFault = "cannot_start";
  world.agrees = null;
  const { id } = await world.scan("unsure");
  await world.settle();
  assert.deepEqual(summary(world, id), ["waiting", null, "cannot_start"]);
  assert.equal(world.get(id).held, false);
  const asked = world.asked;
  await world.settle();
  assert.equal(world.asked, asked, "not in a circle");
  world.agrees = true;
  world.scanner.wake();
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
});

for (const code of ["photo_empty", "not_a_photo", "photo_cut_off", "photo_damaged", "photo_too_large"]) {
  test(`${code}: refused, not sent`, async () => {
    const world = new World();
    const { id } = await world.scan(code);
    await world.settle();
    assert.deepEqual(summary(world, id), ["refused", null, code]);
    assert.equal(world.internet.arrived.length, 0);
  });
}

test("a photo that the relay finds faulty is refused where the phone has no answer", async () => {
  const world = new World();
  world.settings.mode = "relay";
  const { id } = await world.scan("photo_cut_off");
  await world.settle();
  assert.deepEqual(summary(world, id), ["refused", null, "photo_cut_off"]);
});

for (const phone of [true, false]) {
  test(`a refusal that blames no photo is no end, ${phone ? "with" : "without"} the phone's answer`, async () => {
    const world = new World();
    if (!phone) world.settings.mode = "relay";
    world.modelFault = phone ? null : "cannot_start";
    world.internet.mood = "refuses";
    const { id } = await world.scan("unsure");
    await world.turns.all();
    assert.deepEqual(summary(world, id), ["waiting", phone ? "phone" : null, "relay_refused"]);
    assert.equal(world.get(id).detail, "HTTP 404: nothing is here");
    assert.equal(world.get(id).nextAttempt - world.time.now, 600000, "seldom: a photo is worth something on a bad network");
    assert.equal(world.internet.arrived.length, 1);
    world.internet.mood = "up";
    await world.settle();
    assert.deepEqual(summary(world, id), ["answered", "relay", null]);
  });
}

test("a photo that the relay finds faulty, and the phone does not: the phone's answer stays", async () => {
  const world = new World();
  const { id } = await world.scan("unsure");
  const answered = { status: 413, headers: {}, body: JSON.stringify({ type: "urn:mango-scout:problem:body-too-large", detail: "at most 8 MiB" }) };
  world.restart();
  world.internet.answered = () => answered;
  const other = await world.scan("unsure");
  await world.settle();
  assert.deepEqual(summary(world, other.id), ["answered", "phone", "photo_too_large"]);
  assert.equal(world.get(other.id).photos.length, 1);
  assert.equal(world.get(id).state, "answered");
});

test("an unreported network return is found when the app is shown and when the relay is asked for", async () => {
  for (const act of [async (/** @type {World} */ world) => world.scanner.wake(), (/** @type {World} */ world, /** @type {string} */ id) => world.scanner.askRelay(id)]) {
    const world = new World();
    world.internet.set(false);
    const { id } = await world.scan("unsure");
    world.internet.setUnreported(true);
    await world.settle();
    assert.deepEqual(summary(world, id), ["waiting", "phone", "offline"]);
    await world.running(act(world, id));
    assert.deepEqual(summary(world, id), ["answered", "relay", null]);
  }
});

test("all scans wait as long as a busy relay asks", async () => {
  const world = new World();
  world.internet.mood = "busy";
  const { id } = await world.scan("unsure");
  await world.turns.all();
  assert.equal(world.get(id).problem, "relay_busy");
  const tries = world.internet.arrived.length;
  const other = await world.scan("unsure");
  await world.time.pass(29000);
  await world.turns.all();
  assert.equal(world.internet.arrived.length, tries);
  assert.equal(world.get(other.id).state, "waiting");
  world.internet.mood = "up";
  await world.time.pass(2000);
  await world.turns.all();
  assert.equal(world.get(other.id).state, "answered");
});

test("attempts back off", async () => {
  const world = new World();
  world.internet.mood = "down";
  const { id } = await world.scan("unsure");
  /** @type {number[]} */
  const waits = [];
  for (let round = 0; round < 9; round += 1) {
    await world.turns.all();
    const wait = world.get(id).nextAttempt - world.time.now;
    waits.push(wait);
    await world.time.pass(wait);
  }
  assert.ok(waits[0] >= 5000 && waits[0] <= 7500);
  for (let n = 1; n < waits.length; n += 1) assert.ok(waits[n] > waits[n - 1] || waits[n] === 600000);
  assert.equal(waits[8], 600000);
});

test("a new address is tried at once", async () => {
  const world = new World();
  world.internet.mood = "down";
  const { id } = await world.scan("unsure");
  await world.time.pass(100000);
  await world.turns.all();
  world.internet.mood = "up";
  world.settings = { ...world.settings, relay: "https://other.example" };
  world.scanner.wake();
  await world.turns.all();
  assert.equal(world.get(id).state, "answered");
});

test("cancel: the phone's answer stays, the relay's is not waited for, and may be asked for later", async () => {
  const world = new World();
  world.internet.mood = "silent";
  const { id } = await world.scan("unsure");
  await world.turns.all();
  assert.equal(world.get(id).state, "asking");
  await world.running(world.scanner.cancel(id));
  assert.deepEqual(summary(world, id), ["answered", "phone", null]);
  assert.equal(world.get(id).photos.length, 1);
  assert.equal(world.internet.inFlight, 0);
  world.internet.mood = "up";
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "phone", null]);
  await world.running(world.scanner.askRelay(id));
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
});

test("cancel while the phone is at work keeps its answer", async () => {
  const world = new World();
  const taken = world.scanner.scan([world.shoot("unsure")]);
  while (world.scanner.list().length === 0) await world.turns.step();
  const { id } = await taken;
  await world.running(world.scanner.cancel(id));
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "phone", null]);
  assert.equal(world.internet.arrived.length, 0);
});

test("cancel without any answer: the scan waits for the grower", async () => {
  const world = new World();
  world.modelFault = "panic";
  world.internet.mood = "silent";
  const { id } = await world.scan("unsure");
  await world.turns.all();
  await world.running(world.scanner.cancel(id));
  world.internet.mood = "up";
  await world.settle();
  assert.deepEqual(summary(world, id), ["waiting", null, "cancelled"]);
});

test("a relay that never answers is given up and asked again", async () => {
  const world = new World();
  world.internet.mood = "silent";
  const { id } = await world.scan("unsure");
  await world.turns.all();
  await world.time.pass(61000);
  await world.turns.all();
  assert.deepEqual(summary(world, id), ["waiting", "phone", "too_slow"]);
});

test("a request that the system forgets does not hold a scan up for ever", async () => {
  const world = new World();
  world.internet.send = () => new Promise(() => {});
  const { id } = await world.scan("unsure");
  await world.turns.all();
  await world.time.pass(95000);
  await world.turns.all();
  assert.deepEqual(summary(world, id), ["waiting", "phone", "too_slow"]);
});

test("a request cancelled before sending is not sent later", async () => {
  const world = new World();
  const taken = world.scanner.scan([world.shoot("unsure"), world.shoot("unsure")]);
  while (world.scanner.list().every(({ state }) => state !== "asking")) await world.turns.step();
  const { id } = await taken;
  /** @type {number[][]} */
  const sent = [];
  world.internet.watchers.push((numbers) => sent.push(numbers));
  // Reading the photos takes until the request is cancelled.
  while (world.disk.json(`scans/${id}/scan.json`).state !== "asking") await world.turns.step();
  await world.turns.step();
  await world.turns.step();
  await world.time.pass(91000);
  assert.equal(world.get(id).problem, "too_slow");
  world.internet.set(false);
  await world.turns.all();
  assert.deepEqual(sent, []);
});

test("a photo that ends the app again and again goes to the relay instead", async () => {
  const world = new World();
  world.scanner.scan([world.shoot("confident")]);
  for (let crash = 0; crash < 2; crash += 1) {
    const isTrying = () => world.disk.under("scans").some((path) => path.endsWith(".json") && world.disk.json(path).tries > crash);
    while (!isTrying()) await world.turns.step();
    world.restart();
    world.scanner.open();
  }
  await world.settle();
  const [{ id, phone }] = world.scanner.list();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
  assert.equal(phone, null);
});

test("a taught class is shown beside the relay's answer", async () => {
  const world = new World();
  world.taught = ["photos_0"];
  const { id } = await world.scan("unsure");
  await world.settle();
  assert.equal(world.get(id).shown?.orchard?.id, "photos_0");
});

test("where the phone cannot reconcile, the relay's answer is shown", async () => {
  const world = new World();
  world.taught = ["photos_0"];
  world.internet.set(false);
  const { id } = await world.scan("unsure");
  world.modelFault = "model_unavailable";
  world.internet.set(true);
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
  assert.equal(world.get(id).shown?.orchard, null);
});

test("the map is kept once, with what is shown, whoever said it", async () => {
  const world = new World();
  const maps = (/** @type {string} */ id) => {
    const { phone, relay, shown } = world.disk.json(`scans/${id}/scan.json`);
    return [phone && phone.heatmap, relay && relay.heatmap, shown.prediction.heatmap.values];
  };
  const own = await world.scan("confident");
  assert.deepEqual(maps(own.id), [undefined, null, [0]]);
  const asked = await world.scan("unsure");
  assert.deepEqual(maps(asked.id), [undefined, undefined, [1]]);
  world.taught = ["photos_2"];
  world.settings.mode = "relay";
  world.internet.set(false);
  const taught = await world.scan("confident");
  world.internet.set(true);
  await world.settle();
  assert.deepEqual([world.get(taught.id).shown?.source, ...maps(taught.id)], ["phone", undefined, undefined, [0]]);
});

test("duplicate maps of an older version are removed at the next start", async () => {
  const world = new World();
  const { id } = await world.scan("confident");
  await world.settle();
  const path = `scans/${id}/scan.json`;
  const record = world.disk.json(path);
  record.phone.heatmap = record.shown.prediction.heatmap;
  world.disk.content.set(path, Uint8Array.from(Buffer.from(JSON.stringify(record))));
  world.restart();
  await world.running(world.scanner.open());
  assert.equal(world.disk.json(path).phone.heatmap, undefined);
  assert.deepEqual(world.get(id).shown?.prediction.heatmap?.values, [0]);
});

test("without a thumbnail the photos stay in its place", async () => {
  const world = new World();
  world.shrinks = false;
  const { id } = await world.scan("confident");
  await world.settle();
  assert.equal(world.get(id).photos.length, 1);
  world.shrinks = true;
  world.restart();
  await world.running(world.scanner.open());
  await world.settle();
  assert.deepEqual([world.get(id).photos, world.get(id).thumbnail], [[], `scans/${id}/thumbnail.jpg`]);
});

test("a scan can be removed in every state", async () => {
  const world = new World();
  world.internet.mood = "silent";
  const { id } = await world.scan("unsure");
  await world.turns.all();
  /** @type {(Scan | null)[]} */
  const heard = [];
  world.scanner.subscribe((scan) => heard.push(scan));
  await world.running(world.scanner.remove(id));
  await world.settle();
  assert.deepEqual([world.scanner.list(), world.disk.under("scans"), heard], [[], [], [null]]);
  await assert.rejects(world.running(world.scanner.remove(id)), { code: "not_found" });
  await assert.rejects(world.running(world.scanner.askRelay(id)), { code: "not_found" });
});

test("a page that hears that a scan is gone finds no record of it, nor does the next start", async () => {
  for (const removeAll of [false, true]) {
    const world = new World();
    for (let scans = 0; scans < 3; scans += 1) await world.scan("not_mango_leaf");
    const ids = world.scanner.list().map(({ id }) => id);
    const live = () => ids.filter((id) => (world.disk.json(`scans/${id}/scan.json`) || { removed: true }).removed !== true);
    let notified = 0;
    world.scanner.subscribe(() => {
      notified += 1;
      assert.deepEqual(live(), world.scanner.list().map(({ id }) => id));
    });
    const removed = removeAll ? world.scanner.removeAll() : Promise.all(ids.map(world.scanner.remove));
    // Newest operation first: one scan is removed long before the others.
    await world.turns.all(() => world.turns.pending.length - 1);
    await removed;
    assert.deepEqual([notified, world.scanner.list()], [3, []]);
  }
});

test("removeAll leaves no files, unknown ones included", async () => {
  const world = new World();
  await world.scan("confident");
  await world.scan("not_mango_leaf");
  world.disk.content.set("scans/001777593600000-abcdef/scan.json", Uint8Array.of(1));
  await world.running(world.scanner.removeAll());
  assert.deepEqual([world.scanner.list(), world.disk.under("scans")], [[], []]);
});

test("one to six photos", async () => {
  const world = new World();
  await assert.rejects(world.scan(), { code: "bad_argument" });
  await assert.rejects(world.scan(...Array(7).fill("unsure")), { code: "bad_argument" });
  assert.equal((await world.scan(...Array(6).fill("unsure"))).count, 6);
});

test("a photo that cannot be copied leaves nothing behind", async () => {
  const world = new World();
  world.disk.fails = (operation, path) => operation === "copyIn" && path.endsWith("1.jpg");
  await assert.rejects(world.scan("unsure", "unsure"), { code: "file_failed" });
  assert.deepEqual([world.scanner.list(), world.disk.under("scans")], [[], []]);
});

test("storage: bytes of all, and how many wait", async () => {
  const world = new World();
  world.internet.set(false);
  await world.scan("unsure");
  await world.scan("confident");
  const { bytes, waiting } = await world.running(world.scanner.storage());
  assert.deepEqual([bytes, waiting], [world.disk.bytes, 1]);
});

test("newest first", async () => {
  const world = new World();
  const first = await world.scan("confident");
  await world.time.pass(1000);
  const second = await world.scan("not_mango_leaf");
  assert.deepEqual(world.scanner.list().map(({ id }) => id), [second.id, first.id]);
});

test("close ends what is under way, and leaves the records for the next start", async () => {
  const world = new World();
  world.internet.mood = "silent";
  const { id } = await world.scan("unsure");
  await world.turns.all();
  world.scanner.close();
  await world.settle();
  assert.equal(world.internet.inFlight, 0);
  assert.equal(world.disk.json(`scans/${id}/scan.json`).state, "asking");
  world.internet.mood = "up";
  world.restart();
  await world.running(world.scanner.open());
  await world.settle();
  assert.deepEqual(summary(world, id), ["answered", "relay", null]);
});
