import { api } from "../api.mjs";
import { address, call } from "../phone.mjs";
import { showToast } from "../screen/dialogs.mjs";

/**
 * What leaves the app through WeChat: cards and files given to others, the clipboard.
 * @param {import("./index.mjs").Context} context
 * @param {ReturnType<typeof import("./privacy.mjs").createPrivacy>} privacy
 */
export function createShare({ boot, pages }, privacy) {
  const functions = {
    shareFileMessage: api("shareFileMessage", async ({ filePath, fileName }) => {
      await call("access", { path: filePath });
      await call("share", { kind: "file", filePath, fileName });
      if (boot.interactive) download(filePath, fileName);
    }),
    openDocument: api("openDocument", async ({ filePath }) => {
      await call("access", { path: filePath });
      await call("share", { kind: "document", filePath });
      if (boot.interactive) download(filePath);
    }),
    setClipboardData: api("setClipboardData", async ({ data }) => {
      await privacy.authorize("setClipboardData");
      if (boot.interactive) await navigator.clipboard.writeText(data);
      await call("setClipboardData", { data });
      showToast({ title: "内容已复制" });
    }),
    getClipboardData: api("getClipboardData", async () => {
      await privacy.authorize("getClipboardData");
      return call("getClipboardData");
    }),
    showShareImageMenu: api("showShareImageMenu", async ({ path }) => {
      await call("access", { path });
      await call("share", { kind: "image", path });
      if (boot.interactive) download(path);
    }),
    showShareMenu: api("showShareMenu", () => {}),
    hideShareMenu: api("hideShareMenu", () => {}),
  };

  /**
   * A button with `open-type="share"`.
   * @param {any} target
   */
  async function byButton(target) {
    const { instance } = pages.top();
    const card = instance.onShareAppMessage?.({ from: "button", target });
    if (!card) return;
    const { promise, ...rest } = card;
    const shared = { ...rest, ...(await promise) };
    await call("share", { kind: "card", title: shared.title, path: shared.path, imageUrl: shared.imageUrl });
    if (boot.interactive) showToast({ title: `转发：${shared.title}`, icon: "none" });
  }

  return { functions, byButton };
}

/** @param {string} path @param {string} [name] */
function download(path, name = path.split("/").pop()) {
  Object.assign(document.createElement("a"), { href: address(path), download: name }).click();
}
