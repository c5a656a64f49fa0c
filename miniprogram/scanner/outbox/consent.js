// @ts-check

const FILE = "upload-consent.json";

/**
 * Whether photos may be sent because the phone's model does not work. It is asked once; a yes is kept for good, a no until
 * the app starts again.
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

  /** Ends with an answer; where the question could not be put, it fails, and may be put again. */
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
    // Where it cannot be kept, it is asked for again another day.
    if (agreed) await files.write(FILE, JSON.stringify({ agreed: true })).catch(() => undefined);
  }

  return { load, request, state: () => state };
}

module.exports = { createConsent };
