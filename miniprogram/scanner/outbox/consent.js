// @ts-check

const FILE = "upload-consent.json";

/**
 * Whether photos may be sent because the phone's model does not work. The grower is asked once; a yes is stored, a no lasts
 * until the app restarts.
 * @param {{ files: Files, ask: () => Promise<boolean> }} parts
 */
function createConsent({ files, ask }) {
  /** @type {"granted" | "declined" | "unknown"} */
  let state = "unknown";
  /** @type {Promise<void> | null} */
  let asking = null;

  async function load() {
    if (await files.exists(FILE)) state = "granted";
  }

  /** Resolves with the answer; rejects if the question could not be shown, and may be called again. */
  function request() {
    if (!asking) {
      asking = answer().finally(() => {
        asking = null;
      });
    }
    return asking;
  }

  async function answer() {
    const agreed = (await ask()) === true;
    state = agreed ? "granted" : "declined";
    // If the answer cannot be stored, the grower is asked again after a restart.
    if (agreed) await files.write(FILE, JSON.stringify({ agreed: true })).catch(() => undefined);
  }

  return { load, request, state: () => state };
}

module.exports = { createConsent };
