import { onEvent } from "../phone.mjs";
import { HIDDEN } from "../sandbox/hidden.mjs";
import { followPaint, paintedText } from "../screen/painted.mjs";

/** @param {import("./index.mjs").Context} context */
export function workerOf({ program, boot, frame }) {
  followPaint(frame.host);
  /** @type {PhoneWorker | null} */
  let running = null;
  onEvent("kill_worker", () => running?.kill());
  return {
    createWorker(/** @type {string} */ path, /** @type {{ useExperimentalWorker?: boolean }} */ options = {}) {
      if (running) throw new Error("createWorker:fail exceed max concurrent worker: 1, terminate the one that runs first");
      const folder = `${program.app.workers?.path || program.app.workers}/`;
      if (!path.startsWith(folder)) throw new Error(`createWorker:fail ${path} is not in the folder that app.json names as "workers"`);
      running = new PhoneWorker({ path, folder, scripts: program.scripts, delay: boot.slow?.worker || 0, ended: () => void (running = null) });
      if (!options.useExperimentalWorker) running.onProcessKilled = /** @type {any} */ (undefined);
      return running;
    },
  };
}

/**
 * What went to workers, and what was on the screen when it did, for tests to read.
 * @type {{ action: string, bytes: number, painted: string }[]}
 */
const posted = [];
/** @type {any} */ (window).postedToWorkers = posted;

/** A worker of WeChat's in one of the browser's. */
class PhoneWorker {
  /** @param {{ path: string, folder: string, scripts: Record<string, string>, delay: number, ended: () => void }} options */
  constructor({ path, folder, scripts, delay, ended }) {
    this.ended = ended;
    /** @type {((message: any) => void)[]} */
    this.messageListeners = [];
    /** @type {(() => void)[]} */
    this.killListeners = [];
    /** @type {Worker | null} */
    this.worker = new Worker("/harness/sandbox/worker-shell.js", { name: path });
    this.worker.onmessage = ({ data }) => this.messageListeners.forEach((listener) => listener(data));
    this.worker.onerror = ({ message, filename, lineno }) => console.error(`in the worker: ${message} (${filename}:${lineno})`);
    const own = Object.fromEntries(Object.entries(scripts).filter(([file]) => file.startsWith(folder)));
    /** Messages wait for a worker that is slow to start. */
    this.awake = new Promise((resolve) => setTimeout(resolve, delay));
    this.awake.then(() => this.worker?.postMessage({ path, scripts: own, hidden: HIDDEN }));
  }

  /** @param {any} message */
  postMessage(message) {
    const { received, bytes } = packMessage(message);
    posted.push({ action: message.action, bytes, painted: paintedText() });
    this.awake.then(() => this.worker?.postMessage(received));
  }

  /** @param {(message: any) => void} listener */
  onMessage(listener) {
    this.messageListeners.push(listener);
  }

  /** @param {() => void} listener */
  onProcessKilled(listener) {
    this.killListeners.push(listener);
  }

  terminate() {
    this.worker?.terminate();
    this.worker = null;
    this.messageListeners = [];
    this.ended();
  }

  kill() {
    this.terminate();
    this.killListeners.forEach((listener) => listener());
  }
}
