// @ts-check
const { codeOf, failure } = require("./basics/failure.js");
const { decodeUtf8 } = require("./basics/utf8.js");
const { parseAddress } = require("./relay/address.js");

const FILE = "settings.json";

/** @type {Record<Settings["mode"], true>} */
const MODES = { automatic: true, phone: true, relay: true };
/** @type {Record<Settings["language"], true>} */
const LANGUAGES = { system: true, zh: true, en: true };
/** @type {Record<Region, true>} */
const REGIONS = { hainan: true, guangxi: true, dry_valleys: true, own: true };
/** @type {CalendarStage[]} */
const STAGES = ["flush", "flowering", "fruit_set", "harvest"];

/**
 * Settings, stored in a file. Unchanged settings are not stored, so that a new version's defaults apply.
 * @param {object} parts
 * @param {Files} parts.files
 * @param {string} parts.relay the built-in address, or empty
 */
function createSettings({ files, relay }) {
  /** @type {Settings} */
  const defaults = {
    relay: parseAddress(relay) || "", mode: "automatic", language: "system", keepTaught: false, region: "", stageMonths: null,
  };
  /** @type {Partial<Settings>} */
  let chosen = {};
  /** @type {Set<(settings: Settings) => void>} */
  const listeners = new Set();

  const get = () => Object.assign({}, defaults, chosen);

  function notify() {
    for (const listener of Array.from(listeners)) listener(get());
  }

  return {
    get,

    /** Reads the stored settings. Invalid values are treated as unset. */
    async open() {
      try {
        chosen = sensible(JSON.parse(decodeUtf8(await files.read(FILE))));
      } catch (error) {
        // An unreadable file has a code; a damaged one has none.
        if (codeOf(error, "not_found") !== "not_found") throw error;
      }
      notify();
    },

    /**
     * Stores the given settings; `null` restores a default. Fails with `relay_address` for an invalid address and with
     * `bad_setting` for any other invalid value.
     * @param {{ [Name in keyof Settings]?: Settings[Name] | null }} changes
     * @returns {Promise<Settings>}
     */
    async set(changes) {
      const next = Object.assign({}, chosen);
      for (const name of /** @type {(keyof Settings)[]} */ (Object.keys(changes))) {
        const value = changes[name];
        const kept = value === null ? {} : sensible({ [name]: value });
        if (value !== null && !(name in kept)) {
          throw failure(name === "relay" ? "relay_address" : "bad_setting", `${JSON.stringify(value)} is not a valid ${name}`);
        }
        delete next[name];
        if (kept[name] !== defaults[name]) Object.assign(next, kept);
      }
      await files.write(FILE, JSON.stringify(next));
      chosen = next;
      notify();
      return get();
    },

    /**
     * @param {(settings: Settings) => void} listener
     * @returns {() => void} unsubscribes
     */
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/**
 * The valid settings in a value.
 * @param {any} value
 * @returns {Partial<Settings>}
 */
function sensible(value) {
  const { relay, mode, language, keepTaught, region, stageMonths } = Object(value);
  /** @type {Partial<Settings>} */
  const settings = {};
  const address = typeof relay === "string" ? parseAddress(relay) : null;
  if (address !== null) settings.relay = address;
  if (Object.keys(MODES).indexOf(mode) >= 0) settings.mode = mode;
  if (Object.keys(LANGUAGES).indexOf(language) >= 0) settings.language = language;
  if (typeof keepTaught === "boolean") settings.keepTaught = keepTaught;
  if (Object.keys(REGIONS).indexOf(region) >= 0) settings.region = region;
  if (STAGES.every((stage) => isMonths(Object(stageMonths)[stage]))) {
    const { flush, flowering, fruit_set, harvest } = stageMonths;
    settings.stageMonths = { flush, flowering, fruit_set, harvest };
  }
  return settings;
}

/** @param {any} months */
const isMonths = (months) =>
  Array.isArray(months) && months.length <= 12 && months.every((month, at) => Number.isInteger(month) && month >= 1 && month <= 12 && months.indexOf(month) === at);

/** @typedef {ReturnType<typeof createSettings>} SettingsStore */

module.exports = { createSettings };
