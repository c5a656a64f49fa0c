import { api } from "../api.mjs";
import { Failure } from "../phone.mjs";
import { hideToast, showModal, showSheet, showToast } from "../screen/dialogs.mjs";

/** @param {import("./index.mjs").Context} context */
export function interfaceOf({ boot }) {
  const english = boot.language.startsWith("en");
  return {
    showToast: api("showToast", (options) => showToast(/** @type {any} */ (options))),
    hideToast: api("hideToast", hideToast),
    showLoading: api("showLoading", ({ title }) => showToast({ title, icon: "loading", duration: Infinity })),
    hideLoading: api("hideLoading", hideToast),
    showModal: api("showModal", (options) => {
      for (const name of ["confirmText", "cancelText"]) {
        // WeChat refuses longer ones, and shows no modal at all.
        if (options[name] && [...options[name]].length > 4) throw new Failure(`${name} length should not larger than 4 Chinese characters`);
      }
      return showModal(english ? { cancelText: "Cancel", confirmText: "OK", ...options } : options);
    }),
    showActionSheet: api("showActionSheet", async (options) => {
      if (options.itemList.length > 6) throw new Failure("parameter error: itemList should not exceed 6 items");
      const tapIndex = await showSheet({ ...(english ? { cancelText: "Cancel" } : {}), .../** @type {any} */ (options) });
      if (tapIndex < 0) throw new Failure("cancel");
      return { tapIndex };
    }),
  };
}
