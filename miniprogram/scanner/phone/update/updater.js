// @ts-check
const { updateModel } = require("./update.js");

/**
 * Updates of the model from the relay.
 * @param {object} parts
 * @param {Files} parts.files
 * @param {Clock} parts.clock
 * @param {import("../model/store.js").ModelStore} parts.store
 * @param {import("./update.js").Trial} parts.trial of the model
 * @param {() => Promise<void>} parts.switched called after another model was installed
 */
function createUpdater({ files, clock, store, trial, switched }) {
  /** @type {Promise<{ updated: boolean }> | null} */
  let updating = null;

  /** @param {import("../../relay/relay.js").Relay} relay */
  async function install(relay) {
    const result = await updateModel({ files, clock, store, trial, repair: store.isDistrusted() }, relay);
    if (result.updated) {
      store.trust();
      await switched();
    }
    return result;
  }

  return {
    /**
     * Installs the relay's model if it differs, passes the relay's self-test here, and can use the grower's gallery.
     * Otherwise nothing changes and the call fails with a code: those of RelayFailure; `update_damaged`, a file differs from
     * the relay's listing; `update_fails`, the model does not run or answers differently; `cannot_rebuild`, the gallery
     * cannot be rebuilt because its pictures were not kept; `storage_full`.
     * @param {import("../../relay/relay.js").Relay} relay
     * @returns {Promise<{ updated: boolean }>}
     */
    update(relay) {
      if (!updating) {
        updating = install(relay).finally(() => {
          updating = null;
        });
      }
      return updating;
    },
  };
}

/** @typedef {ReturnType<typeof createUpdater>} Updater */

module.exports = { createUpdater };
