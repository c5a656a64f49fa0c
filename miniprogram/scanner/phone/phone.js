// @ts-check
const { createModel } = require("./model/model.js");
const { createModelStore } = require("./model/store.js");
const { createOrchard } = require("./orchard/orchard.js");
const { createUpdater } = require("./update/updater.js");

/**
 * Assembles the phone's model, its stored files and the grower's own classes.
 * @param {object} parts
 * @param {Ports} parts.ports
 * @param {import("../settings.js").SettingsStore} parts.settings
 * @param {Partial<typeof import("./model/model.js").DEADLINES>} [parts.deadlines]
 */
function createPhone({ ports, settings, deadlines }) {
  const { files, clock } = ports;
  const store = createModelStore(files);
  const model = createModel({ ports, store, deadlines });
  const orchard = createOrchard({ ports, store, model, settings: () => settings.get() });
  const updater = createUpdater({
    files,
    clock,
    store,
    trial: model.trial,
    async switched() {
      await orchard.look();
      // The new model reports its version once it runs; a failure to start is in its state.
      model.ready().catch(() => {});
    },
  });

  let isRead = false;
  // If the gallery cannot be read now, it is read when the model starts.
  const readOrchard = () =>
    orchard.open().then(
      () => {
        isRead = true;
      },
      () => {},
    );
  model.subscribe(({ status, orchard: problem }) => {
    if (status === "ready" && !isRead) readOrchard();
    // A failure is not reported here: the orchard page shows it at the next change.
    if (status === "ready" && problem === "other_model") orchard.mend().catch(() => {});
  });
  let kept = false;
  settings.subscribe(({ keepTaught }) => {
    // Pictures are removed only if consent was withdrawn, not if the settings file was lost.
    if (kept && !keepTaught) orchard.forgetPictures().catch(() => {});
    kept = keepTaught;
  });

  return {
    model,
    store,
    orchard,
    updater,

    /** Reads the stored state; call first. If the storage fails, the packaged model is used. */
    async open() {
      await store.open();
      await readOrchard();
    },
  };
}

module.exports = { createPhone };
