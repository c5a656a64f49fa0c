import { api } from "../api.mjs";
import { query } from "../pages/selector-query.mjs";
import { filesOf } from "./files.mjs";
import { interfaceOf } from "./interface.mjs";
import { mediaOf } from "./media.mjs";
import { navigationOf } from "./navigation.mjs";
import { networkOf } from "./network.mjs";
import { createPrivacy } from "./privacy.mjs";
import { createShare } from "./share.mjs";
import { storageOf } from "./storage.mjs";
import { systemOf } from "./system.mjs";
import { workerOf } from "./worker.mjs";

/**
 * @typedef {object} Context
 * @property {any} program
 * @property {any} boot
 * @property {ReturnType<typeof import("../screen/frame.mjs").createFrame>} frame
 * @property {ReturnType<typeof import("../pages/pages.mjs").createPages>} pages
 */

/**
 * `wx`, and what built-in components do on a tap. What is not in `wx` is not in the harness: calling it fails as calling
 * anything that is not there.
 * @param {Context} context
 */
export function createWx(context) {
  const privacy = createPrivacy(context);
  const share = createShare(context, privacy);
  /** @type {Record<string, any>} */
  const wx = {
    env: { USER_DATA_PATH: "wxfile://usr" },
    ...systemOf(context),
    ...storageOf(context),
    ...filesOf(),
    ...networkOf(context),
    ...workerOf(context),
    ...mediaOf(context, privacy),
    ...share.functions,
    ...navigationOf(context),
    ...interfaceOf(context),
    ...privacy.functions,
    canIUse: (/** @type {string} */ name) => name.split(".")[0] in wx || context.program.builtIn.includes(name.split(".")[0]),
    createSelectorQuery: () => query(context.pages.top().instance),
    nextTick: (/** @type {() => void} */ action) => void setTimeout(action),
    vibrateShort: api("vibrateShort", () => navigator.vibrate?.(15)),
    vibrateLong: api("vibrateLong", () => navigator.vibrate?.(400)),
  };
  return { wx, own: { agree: privacy.agree, share: share.byButton } };
}
