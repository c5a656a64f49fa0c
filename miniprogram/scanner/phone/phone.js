// @ts-check
const { createModel } = require("./model/model.js");
const { createModelStore } = require("./model/store.js");
const { createOrchard } = require("./orchard/orchard.js");

/**
 * The model on the phone, the files it is made of, and what the grower taught it, put together.
 * @param {object} parts
 * @param {Ports} parts.ports
 * @param {import("../settings.js").SettingsStore} parts.settings
 * @param {Partial<typeof import("./model/model.js").DEADLINES>} [parts.deadlines]
 */
function createPhone({ ports, settings, deadlines }) {
  /** @type {import("./model/model.js").Model} */
  let model;
  /** @type {import("./orchard/orchard.js").Orchard} */
  let orchard;
  const store = createModelStore({
    files: ports.files,
    clock: ports.clock,
    trial: (bundle, action) => model.trial(bundle, action),
    async switched() {
      await orchard.look();
      // The new one says its version at once; why it cannot start, its state says.
      model.ready().catch(() => {});
    },
  });
  model = createModel({ ports, store, deadlines });
  orchard = createOrchard({ ports, store, model, settings: () => settings.get() });

  let isRead = false;
  // What cannot be read now is read when the model starts, which looks there again too.
  const readOrchard = () =>
    orchard.open().then(
      () => {
        isRead = true;
      },
      () => {},
    );
  model.subscribe(({ status, orchard: problem }) => {
    if (status === "ready" && !isRead) readOrchard();
    // With a reason it cannot be mended yet, which the orchard's page says on the next change.
    if (status === "ready" && problem === "other_model") orchard.mend().catch(() => {});
  });
  let kept = false;
  settings.subscribe(({ keepTaught }) => {
    // Only consent that is taken back removes them, not a file of settings that was lost.
    if (kept && !keepTaught) orchard.forgetPictures().catch(() => {});
    kept = keepTaught;
  });

  return {
    model,
    store,
    orchard,

    /** Reads what is there; before anything else. A phone whose storage fails starts all the same, with the package's model. */
    async open() {
      await store.open();
      await readOrchard();
    },
  };
}

module.exports = { createPhone };
