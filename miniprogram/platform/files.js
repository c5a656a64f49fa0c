// @ts-check
const { failure } = require("../scanner/basics/failure.js");
const { fileFailure } = require("./file-failure.js");
const { promised } = require("./promise.js");

/**
 * A file is written beside its name until it is complete. `.part` may be truncated at any byte; `.new` is complete and
 * replaces a file that the phone's rename does not overwrite.
 */
const PART = ".part";
const WHOLE = ".new";

/**
 * @param {WechatMiniprogram.Wx} wx
 * @returns {Files}
 */
function createFiles(wx) {
  const fs = /** @type {any} */ (wx.getFileSystemManager());
  const root = wx.env.USER_DATA_PATH;

  /** @param {string} path */
  const url = (path) => `${root}/${path}`;

  /**
   * @param {string} action of WeChat's file system
   * @param {string} path for messages
   * @param {object} options
   * @returns {Promise<any>}
   */
  async function call(action, path, options) {
    try {
      return await promised((callbacks) => fs[action](Object.assign({}, options, callbacks)));
    } catch (reason) {
      throw fileFailure(reason, path);
    }
  }

  /** @param {string} path */
  const there = (path) => call("access", path, { path: url(path) }).then(() => true, () => false);

  /** @param {string} path */
  const unlink = (path) => call("unlink", path, { filePath: url(path) });

  /**
   * @param {string} from
   * @param {string} to
   */
  const rename = (from, to) => call("rename", to, { oldPath: url(from), newPath: url(to) });

  /**
   * Completes an interrupted replacement: once the old file is gone the new one is the file.
   * @param {string} path
   */
  async function settle(path) {
    if (await there(path)) return;
    if (await there(path + WHOLE)) await rename(path + WHOLE, path);
  }

  /**
   * @param {string} path whose `.part` is complete
   */
  async function put(path) {
    try {
      await rename(path + PART, path);
    } catch (error) {
      if (!(await there(path))) throw error;
      await unlink(path + WHOLE).catch(() => {});
      await rename(path + PART, path + WHOLE);
      await unlink(path);
      await rename(path + WHOLE, path);
    }
  }

  /**
   * @param {string} path
   * @param {() => Promise<unknown>} fill writes the `.part`
   */
  async function replace(path, fill) {
    try {
      await fill();
    } catch (error) {
      if (error.code !== "not_found" || !(await makeFolder(path))) {
        await unlink(path + PART).catch(() => {});
        throw error;
      }
      await fill();
    }
    await settle(path);
    await put(path);
  }

  /**
   * @param {string} path of a file in it
   * @returns {Promise<boolean>} whether it was created
   */
  async function makeFolder(path) {
    const folder = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
    if (folder === "" || (await there(folder))) return false;
    await call("mkdir", folder, { dirPath: url(folder), recursive: true });
    return true;
  }

  /**
   * @param {string} path
   * @returns {Promise<{ path: string, stats: any }[]>} of a file one, of a folder all below it; of what is not there none
   */
  async function stats(path) {
    try {
      const { stats: found } = await call("stat", path, { path: url(path), recursive: true });
      return Array.isArray(found) ? found : [{ path: "", stats: found }];
    } catch (error) {
      if (error.code === "not_found") return [];
      throw error;
    }
  }

  return {
    url,

    async read(path) {
      try {
        return (await call("readFile", path, { filePath: url(path) })).data;
      } catch (error) {
        if (error.code !== "not_found") throw error;
        await settle(path);
        return (await call("readFile", path, { filePath: url(path) })).data;
      }
    },

    write(path, content) {
      const data = typeof content === "string" ? { data: content, encoding: "utf8" } : { data: content };
      return replace(path, () => call("writeFile", path, Object.assign({ filePath: url(path + PART) }, data)));
    },

    copyIn(from, to) {
      return replace(to, () => call("copyFile", to, { srcPath: from, destPath: url(to + PART) }));
    },

    async remove(path) {
      // Remove the complete one first: otherwise it would be restored.
      for (const name of [path + WHOLE, path + PART, path]) {
        try {
          await unlink(name);
        } catch (error) {
          if (await there(name)) await call("rmdir", name, { dirPath: url(name), recursive: true });
        }
      }
    },

    async list(path) {
      try {
        /** @type {{ files: string[] }} */
        const { files } = await call("readdir", path, { dirPath: url(path) });
        const names = files.filter((name) => !name.endsWith(PART));
        return Array.from(new Set(names.map((name) => (name.endsWith(WHOLE) ? name.slice(0, -WHOLE.length) : name))));
      } catch (error) {
        if (error.code === "not_found") return [];
        throw error;
      }
    },

    async exists(path) {
      return (await there(path)) || there(path + WHOLE);
    },

    async size(path) {
      const found = await stats(path);
      return found.reduce((sum, { stats: entry }) => sum + (entry.isFile() ? entry.size : 0), 0);
    },

    async readPackaged(path) {
      if (!fs.readCompressedFile) {
        throw failure("wechat_too_old", `this WeChat cannot unpack ${path}; it takes base library 2.21.1, so update WeChat`);
      }
      const { data } = await call("readCompressedFile", path, { filePath: path, compressionAlgorithm: "br" });
      return data;
    },
  };
}

module.exports = { createFiles };
