import { api } from "../api.mjs";
import { call, Failure } from "../phone.mjs";
import { showModal } from "../screen/dialogs.mjs";

const NOT_AGREED = 104;

/**
 * WeChat's privacy guidelines: what needs them waits until the grower has agreed.
 * @param {import("./index.mjs").Context} context
 */
export function createPrivacy({ boot, program }) {
  /** @type {((resolve: Function, event: { referrer: string }) => void) | null} */
  let listener = null;
  const needed = () => program.app.__usePrivacyCheck__ === true && !boot.agreed;

  /** @param {boolean} agreed */
  async function settle(agreed) {
    boot.agreed = agreed;
    await call("agree", { agreed });
  }

  /**
   * Resolves once the grower has agreed.
   * @param {string} referrer the function that needs it
   */
  async function authorize(referrer) {
    if (!needed()) return;
    const agreed = listener ? await asked(listener, referrer) : (await showModal({ title: "用户隐私保护提示", content: "使用前请阅读并同意隐私保护指引", cancelText: "拒绝", confirmText: "同意" })).confirm;
    if (agreed) return settle(true);
    throw new Failure("privacy permission is not authorized", NOT_AGREED);
  }

  const openPrivacyContract = api("openPrivacyContract", () =>
    void showModal({ title: "小程序隐私保护指引", content: "由开发者在公众平台填写 · filled in by the developer", showCancel: false }));
  return {
    authorize,
    /** The button with `open-type="agreePrivacyAuthorization"`. */
    agree: () => settle(true),
    functions: {
      getPrivacySetting: api("getPrivacySetting", () => ({ needAuthorization: needed(), privacyContractName: "《小程序隐私保护指引》" })),
      onNeedPrivacyAuthorization: (/** @type {any} */ asks) => void (listener = asks),
      requirePrivacyAuthorize: api("requirePrivacyAuthorize", () => authorize("requirePrivacyAuthorize")),
      openPrivacyContract,
    },
  };
}

/**
 * @param {(resolve: Function, event: { referrer: string }) => void} listener
 * @param {string} referrer
 * @returns {Promise<boolean>}
 */
function asked(listener, referrer) {
  return new Promise((resolve) => {
    listener(({ event }) => {
      if (event === "agree") resolve(true);
      if (event === "disagree") resolve(false);
    }, { referrer });
  });
}
