"use strict";
const path = require("node:path");
const { Worker } = require("node:worker_threads");

const { createWorkers: createPort } = require("../../../platform/workers.js");
const { packMessage } = require("../../harness/runtime/sandbox/pack.js");

const root = path.join(__dirname, "../../..");
const shell = path.join(__dirname, "worker-shell.js");

/**
 * The product's port over a `wx` whose workers are real threads and whose messages are packed as WeChat packs them. A test
 * can take workers away, make them hang, or break the module that they load.
 */
function createWorkers() {
  const state = {
    /** How many were made. */
    made: 0,
    /** What `WXWebAssembly` finds; `no_simd` is an engine that refuses the main package's module. @type {"sound" | "missing" | "broken" | "no_simd"} */
    wasm: "sound",
    /** WeChat gives none. */
    none: false,
    /** The actions on which the worker is killed, each once. @type {string[]} */
    killOn: [],
    /** The actions that never end. @type {string[]} */
    hangOn: [],
    /** Actions that become a crash of the model, each once. @type {string[]} */
    crashOn: [],
    /** The actions that were asked for. @type {string[]} */
    asked: [],
    /** Lengths of the messages in both directions, base64 included. @type {{ action: string, sent: number, answered: number }[]} */
    traffic: [],
    /** @type {(() => void) | null} */
    kill: null,
    running: 0,
  };

  /** @param {string[]} list @param {string} action */
  function taken(list, action) {
    const at = list.indexOf(action);
    if (at >= 0) list.splice(at, 1);
    return at >= 0;
  }

  function createWorker() {
    if (state.none) throw new Error("createWorker:fail");
    if (state.running > 0) throw new Error("createWorker:fail exceed max concurrent worker: 1");
    state.made += 1;
    state.running += 1;
    const thread = new Worker(shell, { workerData: { root, wasm: state.wasm } });
    let gone = false;
    /** @type {(() => void)[]} */
    const killed = [];

    function terminate() {
      if (gone) return;
      gone = true;
      state.running -= 1;
      thread.terminate();
    }
    function kill() {
      if (gone) return;
      terminate();
      for (const listener of killed) listener();
    }
    thread.on("error", (error) => {
      throw error;
    });
    state.kill = kill;

    return {
      postMessage(message) {
        const { action } = message;
        const { received, bytes } = packMessage(message);
        state.asked.push(action);
        state.traffic.push({ action, sent: bytes, answered: 0 });
        if (state.hangOn.includes(action)) return;
        if (taken(state.crashOn, action)) received.action = "crash";
        thread.postMessage(received);
        if (taken(state.killOn, action)) setImmediate(kill);
      },
      onMessage(listener) {
        thread.on("message", ({ received, bytes }) => {
          if (gone) return;
          state.traffic[state.traffic.length - 1].answered += bytes;
          listener(received);
        });
      },
      onProcessKilled(listener) {
        killed.push(listener);
      },
      terminate,
    };
  }

  return { ports: createPort(/** @type {any} */ ({ createWorker })), createWorker, state };
}

module.exports = { createWorkers, root };
