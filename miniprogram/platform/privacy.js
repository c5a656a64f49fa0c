// @ts-check
const { promised } = require("./promise.js");

/**
 * What WeChat asks of the page that shows its privacy sheet.
 * @typedef {object} PrivacyQuestion
 * @property {string} referrer the call that waits for the answer, such as `chooseMedia`
 * @property {() => void} shown the sheet is on the screen
 * @property {(buttonId: string) => void} agree after the tap on the button with `open-type="agreePrivacyAuthorization"`
 * @property {() => void} refuse
 */

/**
 * The consent that WeChat requires before a photo is chosen. WeChat stores the answer.
 * @param {WechatMiniprogram.Wx} wx
 */
function createPrivacy(wx) {
  /** @type {((question: PrivacyQuestion) => void)[]} */
  const askers = [];
  /** Waiting calls; a second one may come while the sheet is open. @type {((answer: object) => void)[]} */
  let waiting = [];

  /** @param {object} answer */
  function settle(answer) {
    const resolves = waiting;
    waiting = [];
    for (const resolve of resolves) resolve(answer);
  }

  // Before 2.32.3 WeChat shows its own dialog.
  if (wx.onNeedPrivacyAuthorization) {
    // The typings describe the listener's arguments only in prose.
    const listen = /** @type {(listener: (resolve: (answer: object) => void, info?: { referrer: string }) => void) => void} */ (
      /** @type {unknown} */ (wx.onNeedPrivacyAuthorization)
    );
    listen((resolve, info) => {
      waiting.push(resolve);
      const ask = askers[askers.length - 1];
      if (!ask) {
        // Without a page to ask, the call would wait for ever.
        settle({ event: "disagree" });
        return;
      }
      if (waiting.length > 1) return;
      ask({
        referrer: (info && info.referrer) || "",
        shown: () => resolve({ event: "exposureAuthorization" }),
        agree: (buttonId) => settle({ event: "agree", buttonId }),
        refuse: () => settle({ event: "disagree" }),
      });
    });
  }

  return {
    /**
     * @param {(question: PrivacyQuestion) => void} asker shows the sheet; the one that came last is asked
     * @returns {() => void} the page is gone
     */
    onNeeded(asker) {
      askers.push(asker);
      return () => {
        const at = askers.indexOf(asker);
        if (at >= 0) askers.splice(at, 1);
        if (askers.length === 0) settle({ event: "disagree" });
      };
    },

    /** Opens the privacy guide. */
    async openContract() {
      await promised((callbacks) => wx.openPrivacyContract(callbacks));
    },
  };
}

/** @typedef {ReturnType<typeof createPrivacy>} Privacy */

module.exports = { createPrivacy };
