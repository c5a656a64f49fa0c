// @ts-check
const { createQueue } = require("../basics/queue.js");
const { newId } = require("./record.js");

const ROOT = "draft";

/**
 * Photos taken but not yet submitted as a scan. WeChat may delete a photo that was just taken at any time, so each photo is
 * copied here at once and survives a restart before the grower taps the button.
 *
 * Paths are those of `Files.url`, as pages and `scanner.scan` take them. `clear` is called once a scan has its own copies;
 * after a crash between the two the photos are offered again.
 * @param {{ files: Files, clock: Clock }} ports
 */
function createDraft({ files, clock }) {
  const inTurn = createQueue();
  let last = 0;

  /** @param {string} url of a photo here; what is not here is not ours */
  function pathOf(url) {
    const folder = `${files.url(ROOT)}/`;
    return url.startsWith(folder) && /^[\w.-]+$/.test(url.slice(folder.length)) ? `${ROOT}/${url.slice(folder.length)}` : null;
  }

  /** Names sort in the order of taking, also within one millisecond. @param {string} suffix */
  function nextPath(suffix) {
    last = Math.max(last + 1, clock.now());
    return `${ROOT}/${newId(last, clock.random())}${suffix}`;
  }

  return {
    /**
     * @param {string} taken path of a photo that was just taken
     * @returns {Promise<string>} path of the copy. If the copy fails, the original path, which is valid while the app runs.
     */
    add(taken) {
      return inTurn(async () => {
        const suffix = /\.(jpe?g|png|webp)$/i.exec(taken);
        const path = nextPath(suffix ? suffix[0].toLowerCase() : ".jpg");
        try {
          await files.copyIn(taken, path);
        } catch (error) {
          return taken;
        }
        return files.url(path);
      });
    },

    /**
     * @param {ArrayBuffer} content of a JPEG that is not in a file yet
     * @returns {Promise<string>} path of the file
     */
    put(content) {
      return inTurn(async () => {
        const path = nextPath(".jpg");
        await files.write(path, content);
        return files.url(path);
      });
    },

    /** @param {string} url @returns {Promise<void>} */
    remove(url) {
      return inTurn(async () => {
        const path = pathOf(url);
        if (path) await files.remove(path);
      });
    },

    /** @returns {Promise<string[]>} as they were taken */
    list() {
      return inTurn(async () => (await files.list(ROOT)).sort().map((name) => files.url(`${ROOT}/${name}`)));
    },

    /** @returns {Promise<void>} */
    clear() {
      return inTurn(() => files.remove(ROOT));
    },
  };
}

/** @typedef {ReturnType<typeof createDraft>} Draft */

module.exports = { createDraft };
