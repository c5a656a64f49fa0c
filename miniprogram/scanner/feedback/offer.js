// @ts-check
const { decodeUtf8 } = require("../basics/utf8.js");

const FILE = "feedback.json";

/**
 * What the grower consents to.
 * @typedef {object} Terms
 * @property {string} relay its address
 * @property {number} days for which it keeps photos
 */

/**
 * Whether the relay accepts feedback. Its last answer is used if it cannot be asked, so that a photo can be prepared offline.
 * @param {object} parts
 * @param {Files} parts.files
 * @param {Network} parts.network
 * @param {() => string} parts.address of the relay; empty for none
 * @param {(relay: string) => Promise<number | null>} parts.ask
 */
function createOffer({ files, network, address, ask }) {
  /** @returns {Promise<Terms | null>} null if the relay accepts none, or was never asked */
  async function terms() {
    const relay = address();
    if (relay === "") return null;
    if (!network.online()) return last(relay);
    try {
      const days = await ask(relay);
      await files.write(FILE, JSON.stringify({ relay, days })).catch(() => undefined);
      return days === null ? null : { relay, days };
    } catch (error) {
      return last(relay);
    }
  }

  /** @param {string} relay @returns {Promise<Terms | null>} */
  async function last(relay) {
    try {
      const known = JSON.parse(decodeUtf8(await files.read(FILE)));
      return known.relay === relay && Number.isInteger(known.days) ? { relay, days: known.days } : null;
    } catch (error) {
      return null;
    }
  }

  return { terms };
}

module.exports = { createOffer };
