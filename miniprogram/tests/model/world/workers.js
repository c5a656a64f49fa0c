"use strict";
const path = require("node:path");
const { Worker } = require("node:worker_threads");

const root = path.join(__dirname, "../../..");
const shell = path.join(__dirname, "worker-shell.js");

/**
 * Real threads for WeChat's workers. A test can take them away, make them hang, or break the module that they load.
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

  function create() {
    if (state.none) throw new Error("createWorker:fail");
    if (state.running > 0) throw new Error("createWorker:fail exceed max concurrent worker: 1");
    state.made += 1;
    state.running += 1;
    const thread = new Worker(shell, { workerData: { root, wasm: state.wasm } });
    let gone = false;
    /** @type {(() => void)[]} */
    const killed = [];

    function end() {
      if (gone) return;
      gone = true;
      state.running -= 1;
      thread.terminate();
    }
    function kill() {
      if (gone) return;
      end();
      for (const listener of killed) listener();
    }
    thread.on("error", (error) => {
      throw error;
    });
    state.kill = kill;

    return {
      post(message) {
        // A message is copied, as WeChat does.
        const copy = structuredClone(message);
        state.asked.push(copy.action);
        if (state.hangOn.includes(copy.action)) return;
        if (taken(state.crashOn, copy.action)) copy.action = "crash";
        thread.postMessage(copy);
        if (taken(state.killOn, message.action)) setImmediate(kill);
      },
      onMessage(listener) {
        thread.on("message", (message) => {
          if (!gone) listener(message);
        });
      },
      onKilled(listener) {
        killed.push(listener);
      },
      terminate: end,
    };
  }

  return { ports: { create }, state };
}

module.exports = { createWorkers, root };
