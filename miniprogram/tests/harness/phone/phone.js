"use strict";
const { EventEmitter } = require("node:events");
const fs = require("node:fs");
const path = require("node:path");

const { Failure } = require("./failure");
const { createFiles } = require("./files");
const { openKeep } = require("./keep");
const { createNetwork } = require("./network");
const { uploadBody } = require("./upload");

/**
 * A busy phone, in milliseconds.
 * @typedef {object} Slow
 * @property {number} [storage] after the start of the app, before which no call of the file system answers
 * @property {number} [catalog] that reading the package's catalog takes
 * @property {number} [worker] that a worker takes to start
 *
 * @typedef {object} PhoneOptions
 * @property {string} home an own folder: what the phone keeps; the same folder is the same phone
 * @property {import("../build/tree").Source} source the mini-program's package
 * @property {import("./network").NetworkOptions} network
 * @property {"zh_CN" | "en"} [language]
 * @property {number} [quota] bytes that `wx.env.USER_DATA_PATH` holds
 * @property {boolean} [agreed] whether the grower has agreed to the privacy guidelines already
 * @property {Slow} [slow]
 * @property {number} [fontScale] how much larger than usual the letters are
 * @property {boolean} [release] the version that everybody gets
 * @property {boolean} [interactive] whether a person picks photos in the browser; otherwise they are put in `camera`
 */

/**
 * The parts of a phone outside JavaScript: files, network, photos. Runs in Node with real files and connections;
 * the page reaches it through the server, as an app reaches WeChat's client.
 */
class Phone extends EventEmitter {
  /** @param {PhoneOptions} options */
  constructor({ home, source, network, language = "zh_CN", quota, agreed = false, interactive = false, slow = {}, fontScale = 1, release = false }) {
    super();
    fs.mkdirSync(home, { recursive: true });
    this.source = source;
    this.files = createFiles({ home, source, quota });
    this.network = createNetwork(network);
    this.storage = openKeep(path.join(home, "storage.json"));
    this.privacy = openKeep(path.join(home, "privacy.json"));
    if (agreed) this.privacy.set("agreed", true);
    this.language = language;
    this.interactive = interactive;
    this.slow = slow;
    this.fontScale = fontScale;
    this.release = release;
    this.startedAt = Date.now();
    /** Photos that the next `wx.chooseMedia` gives: files of this machine. @type {string[]} */
    this.camera = [];
    this.clipboard = "";
    /** What left the app through WeChat: files and cards given to others. @type {{ kind: string, [more: string]: unknown }[]} */
    this.shared = [];
    /** Requests that left the phone, first one first. @type {{ method: string, url: string, bytes: number }[]} */
    this.sent = [];
    this.calls = { ...this.files.calls, ...this.ownCalls() };
  }

  /** What the page has to know before its first line runs. */
  boot() {
    this.startedAt = Date.now();
    return {
      slow: this.slow,
      fontScale: this.fontScale,
      release: this.release,
      language: this.language,
      online: this.network.state.online,
      agreed: this.privacy.values.agreed === true,
      interactive: this.interactive,
      storage: this.storage.values,
    };
  }

  /** @param {boolean} online */
  setOnline(online) {
    this.network.state.online = online;
    this.emit("event", { kind: "network", online });
  }

  /** The system takes the worker away, as it does when memory is short. */
  killWorker() {
    this.emit("event", { kind: "kill_worker" });
  }

  /**
   * @param {string} name
   * @param {any} options
   * @param {Buffer} bytes
   * @param {AbortSignal} signal
   * @returns {Promise<{ bytes?: Buffer, [more: string]: unknown }>}
   */
  async call(name, options, bytes, signal) {
    const own = Object.prototype.hasOwnProperty.call(this.calls, name);
    const call = own ? /** @type {Record<string, Function>} */ (this.calls)[name] : null;
    if (!call) throw new Failure(`the harness's phone has no ${name}`);
    await this.dawdle(name, options);
    return (await call(options, bytes, signal)) || {};
  }

  /** Waits as long as a busy phone would take. @private @param {string} name @param {any} options */
  async dawdle(name, options) {
    if (!Object.prototype.hasOwnProperty.call(this.files.calls, name)) return;
    const { storage = 0, catalog = 0 } = this.slow;
    const asleep = this.startedAt + storage - Date.now();
    const reads = name === "readCompressedFile" && /catalog/.test(options.filePath) ? catalog : 0;
    const wait = Math.max(0, asleep) + reads;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }

  /** @private */
  ownCalls() {
    return {
      chooseMedia: (/** @type {{ count?: number }} */ { count = 9 }) => {
        if (this.camera.length === 0) throw new Failure("cancel");
        const photos = this.camera.splice(0, count);
        return {
          files: photos.map((photo) => {
            const bytes = fs.readFileSync(photo);
            return { path: this.files.addTemporary(bytes, path.extname(photo).slice(1)), size: bytes.length };
          }),
        };
      },
      chooseMessageFile: (/** @type {{ count?: number }} */ { count = 1 }) => {
        if (this.camera.length === 0) throw new Failure("cancel");
        return {
          files: this.camera.splice(0, count).map((file) => {
            const bytes = fs.readFileSync(file);
            return { path: this.files.addTemporary(bytes, path.extname(file).slice(1)), size: bytes.length, name: path.basename(file) };
          }),
        };
      },
      request: (/** @type {import("./network").Request} */ request, /** @type {Buffer} */ body, /** @type {AbortSignal} */ signal) =>
        this.send(request, body, signal),
      uploadFile: (/** @type {any} */ options, /** @type {Buffer} */ _, /** @type {AbortSignal} */ signal) => {
        const { type, body } = uploadBody(options, this.files.read(options.filePath));
        return this.send({ ...options, method: "POST", header: { ...options.header, "content-type": type } }, body, signal);
      },
      downloadFile: async (/** @type {any} */ options, /** @type {Buffer} */ body, /** @type {AbortSignal} */ signal) => {
        const { bytes, ...answer } = await this.send(options, body, signal);
        return { ...answer, tempFilePath: this.files.addTemporary(bytes, "download"), dataLength: bytes.length };
      },
      setStorage: (/** @type {{ key: string, data: unknown }} */ { key, data }) => this.storage.set(key, data),
      removeStorage: (/** @type {{ key: string }} */ { key }) => this.storage.remove(key),
      clearStorage: () => this.storage.clear(),
      agree: (/** @type {{ agreed: boolean }} */ { agreed }) => this.privacy.set("agreed", agreed),
      setClipboardData: (/** @type {{ data: string }} */ { data }) => void (this.clipboard = data),
      getClipboardData: () => ({ data: this.clipboard }),
      share: (/** @type {{ kind: string }} */ what) => {
        this.shared.push(what);
        this.emit("shared", what);
      },
    };
  }

  /**
   * @private
   * @param {import("./network").Request} request
   * @param {Buffer} body
   * @param {AbortSignal} signal
   */
  send(request, body, signal) {
    const method = request.method || "GET";
    this.sent.push({ method, url: request.url, bytes: body.length });
    this.emit("sending", { method, url: request.url, body });
    return this.network.send(request, body, signal);
  }
}

module.exports = { Phone };
