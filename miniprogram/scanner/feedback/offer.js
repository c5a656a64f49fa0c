// @ts-check
const { decodeUtf8 } = require("../basics/utf8.js");

const FILE = "feedback.json";

/**
 * Whether the relay accepts feedback. Its last answer is used if it cannot be asked, so that a photo can be prepared offline.
 * @param {object} parts
 * @param {Files} parts.files
 * @param {Network} parts.network
 * @param {() => string} parts.address of the relay; empty for none
 * @param {() => Promise<number | null>} parts.ask
 */
function createOffer({ files, network, address, ask }) {
  /** @returns {Promise<number | null>} days that the relay keeps them; null where it takes none, or was never asked */
  async function days() {
    const relay = address();
    if (relay === "") return null;
    if (!network.online()) return last(relay);
    try {
      const said = await ask();
      await files.write(FILE, JSON.stringify({ relay, days: said })).catch(() => undefined);
      return said;
    } catch (error) {
      return last(relay);
    }
  }

  /** @param {string} relay */
  async function last(relay) {
    try {
      const known = JSON.parse(decodeUtf8(await files.read(FILE)));
      return known.relay === relay && Number.isInteger(known.days) ? known.days : null;
    } catch (error) {
      return null;
    }
  }

  return { days };
}

module.exports = { createOffer };
