// @ts-check
const { createModel } = require("./model.js");
const { createModelStore } = require("./model-store.js");
const { createOrchard } = require("./orchard.js");

/**
 * The model on the phone, the files it is made of, and what the grower taught it, put together.
 * @param {object} parts
 * @param {Ports} parts.ports
 * @param {import("./settings.js").SettingsStore} parts.settings
 * @param {Partial<typeof import("./model.js").DEADLINES>} [parts.deadlines]
 */
function createPhone({ ports, settings, deadlines }) {
  /** @type {import("./model.js").Model} */
  let model;
  const store = createModelStore({ files: ports.files, trial: (bundle, action) => model.trial(bundle, action) });
  model = createModel({ ports, store, deadlines });
  const orchard = createOrchard({ ports, store, model, settings: () => settings.get() });

  model.subscribe(({ status, orchard: problem }) => {
    // With a reason it cannot be mended yet, which the orchard's page says on the next change.
    if (status === "ready" && problem === "other_model") orchard.mend().catch(() => {});
  });
  let folder = /** @type {string | null} */ (null);
  store.holding.subscribe(({ model: held }) => {
    const next = held && held.folder;
    // The new one says its version at once; why it cannot start, its state says.
    if (next !== folder) model.ready().catch(() => {});
    folder = next;
  });
  settings.subscribe(({ keepTaught }) => {
    if (!keepTaught) orchard.forgetPictures().catch(() => {});
  });

  return {
    model,
    store,
    orchard,

    /** Reads what is there; before anything else. */
    async open() {
      await store.open();
      const { model: held } = store.holding.now();
      folder = held && held.folder;
      await orchard.open();
    },
  };
}

module.exports = { createPhone };
