"use strict";
const assert = require("node:assert/strict");
const { TABLE, isOpen } = require("../../../scanner/scans/states.js");

/** States that a scan can be in after one turn: it may pass one on its way. @param {string} state @returns {Set<string>} */
function reachable(state) {
  const once = Object.values(TABLE[/** @type {keyof typeof TABLE} */ (state)]);
  return new Set([...once, ...once.flatMap((next) => Object.values(TABLE[next]))]);
}

const RECORD = /^scans\/([^/]+)\/scan\.json$/;

/**
 * Checks every disk change and every sending; throws at the first forbidden one.
 * @param {import("./world.js").World} world
 */
function witness(world) {
  const { disk, internet } = world;
  /** Scans that the grower wants gone. @type {Set<string>} */
  const unwanted = new Set();

  /** @param {string} path */
  const recordOf = (path) => disk.json(`${path.split("/").slice(0, 2).join("/")}/scan.json`);

  disk.watchers.push(({ kind, path, content }) => {
    const record = RECORD.exec(path);
    if (kind === "put" && record && content) {
      const now = JSON.parse(Buffer.from(content).toString("utf8"));
      const before = disk.json(path);
      if (now.removed) {
        assert.ok(!before || unwanted.has(record[1]), `${path} is removed, though nobody wanted that`);
        return;
      }
      assert.ok(!before || !before.removed, `${path} comes back after it was removed`);
      const from = before ? before.state : "new";
      const isStep = from === now.state || reachable(from).has(now.state);
      // A folder that lost its record starts over.
      assert.ok(isStep, `${path} went from ${from} to ${now.state}`);
      if (before && before.relay) assert.deepEqual(now.relay, before.relay, `${path} got a second result`);
    }
    if (kind === "delete" && /\/\d\.jpg$/.test(path)) {
      const scan = recordOf(path);
      assert.ok(!scan || scan.removed || !isOpen(scan.state) || unwanted.has(scan.id), `${path} was not seen yet, and is deleted`);
    }
  });

  internet.watchers.push((numbers) => {
    const records = Array.from(disk.content.keys()).filter((path) => RECORD.test(path)).map((path) => disk.json(path));
    const sent = records.find((scan) => scan.state === "asking" && holds(scan, numbers));
    // Where there is no room for the record, the sending is repeated after a restart.
    if (disk.capacity === Infinity) assert.ok(sent, `photos ${numbers} are sent before that is written down`);
    if (!sent || sent.wanted) return;
    assert.ok(!sent.held, `photos ${numbers} are sent, though that was stopped`);
    assert.notEqual(world.settings.mode, "phone", `photos ${numbers} are sent by the mode "phone"`);
    if (world.settings.mode === "automatic" && !sent.phone) assert.ok(world.asked > 0, `photos ${numbers} are sent without consent`);
  });

  internet.giving.push(({ n, label }) => {
    const records = Array.from(disk.content.keys()).filter((path) => RECORD.test(path)).map((path) => disk.json(path));
    const recorded = records.some(({ feedback }) => feedback && feedback.state === "sending" && feedback.label === label);
    if (disk.capacity === Infinity) assert.ok(recorded, `photo ${n} is given before that is written down`);
  });

  /** @param {any} scan @param {number[]} numbers */
  const holds = (scan, numbers) => scan.photos.length === numbers.length && scan.photos.every((/** @type {string} */ path) => {
    const content = disk.content.get(path);
    return content === undefined || content.length < 1000 || numbers.includes(JSON.parse(Buffer.from(content).toString("utf8")).n);
  });

  return {
    unwanted,

    /** What must hold whenever pages look again: what they see as gone is gone from the disk. @param {import("./world.js").World["scanner"]} scanner */
    atNotice(scanner) {
      const shown = new Set(scanner.list().map(({ id }) => id));
      for (const id of unwanted) {
        const record = disk.json(`scans/${id}/scan.json`);
        assert.ok(shown.has(id) || !record || record.removed, `${id} is shown as gone, and is still on the disk`);
      }
    },

    /** What must hold once all has come to rest with the network up. @param {Map<string, number[]>} promised photos by scan */
    atRest(promised) {
      const scans = world.scanner.list();
      const ids = scans.map(({ id }) => id);
      assert.deepEqual(ids, Array.from(new Set(ids)).sort().reverse(), "each once, newest first");
      for (const id of promised.keys()) assert.ok(unwanted.has(id) || ids.includes(id), `${id} was promised and is lost`);
      for (const scan of scans) {
        assert.ok(isAtRest(scan, world.settings), `${scan.id} is left ${scan.state} (${scan.problem})`);
        assert.equal(scan.state === "answered", scan.shown !== null, `${scan.id}: an answer is shown if there is one`);
        const numbers = promised.get(scan.id);
        const answers = [scan.phone, scan.relay, scan.shown && scan.shown.prediction];
        for (const answer of answers) {
          if (answer && numbers) assert.equal(answer.classes[0].id, `photos_${numbers.join("_")}`, "its own answer");
        }
      }
      assert.ok(scans.every(({ feedback }) => !feedback || feedback.state !== "sending"), "nothing is on its way for ever");
      assert.ok(internet.mostInFlight <= 2, `${internet.mostInFlight} sendings at once`);
    },

    /** Checks that disk and memory agree. */
    onDisk() {
      const scans = world.scanner.list();
      const files = scans.flatMap((scan) => [`scans/${scan.id}/scan.json`, ...scan.photos, ...(scan.thumbnail ? [scan.thumbnail] : []), ...(scan.feedback && scan.feedback.picture ? [scan.feedback.picture] : [])]);
      assert.deepEqual(disk.under("scans").sort(), files.sort());
      for (const scan of scans) assert.deepEqual(disk.json(`scans/${scan.id}/scan.json`), JSON.parse(JSON.stringify(scan)));
    },
  };
}

/** Whether a scan may stay as it is for good. @param {Scan} scan @param {Settings} settings */
function isAtRest(scan, settings) {
  if (scan.state === "answered" || scan.state === "refused") return true;
  if (scan.state !== "waiting" || scan.phone) return false;
  if (scan.held) return scan.problem === "upload_declined" || scan.problem === "cancelled";
  return settings.relay === "" || (settings.mode === "phone" && !scan.wanted);
}

module.exports = { witness };
