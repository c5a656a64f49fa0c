/** What WeChat draws over a page: toasts, modals, sheets. */

const overlay = () => /** @type {HTMLElement} */ (document.getElementById("overlay"));

/**
 * @param {string} tag
 * @param {object} [properties]
 * @param {(Node | string)[]} children
 */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** @type {HTMLElement | null} */
let toast = null;
/** @type {number} */
let toastTimer = 0;

/** @param {{ title: string, icon?: string, duration?: number, mask?: boolean, image?: string }} options */
export function showToast({ title, icon = "success", duration = 1500 }) {
  hideToast();
  const sign = { success: "✓", error: "✗" }[icon];
  toast = make("div", { className: "toast", role: "status" });
  if (sign) toast.append(make("span", { className: "sign" }, sign));
  if (icon === "loading") toast.append(make("span", { className: "turning" }));
  toast.append(title);
  overlay().append(toast);
  if (duration !== Infinity) toastTimer = window.setTimeout(hideToast, duration);
}

export function hideToast() {
  clearTimeout(toastTimer);
  toast?.remove();
  toast = null;
}

/**
 * @param {{ title?: string, content?: string, showCancel?: boolean, cancelText?: string, confirmText?: string, editable?: boolean, placeholderText?: string }} options
 * @returns {Promise<{ confirm: boolean, cancel: boolean, content: string | null }>}
 */
export function showModal({ title = "", content = "", showCancel = true, cancelText = "取消", confirmText = "确定", editable, placeholderText }) {
  return new Promise((resolve) => {
    const field = /** @type {HTMLTextAreaElement} */ (make("textarea", { placeholder: placeholderText || "", value: content, rows: 2 }));
    const mask = make("div", { className: "mask" });
    const close = (/** @type {boolean} */ confirm) => () => {
      mask.remove();
      resolve({ confirm, cancel: !confirm, content: editable && confirm ? field.value : null });
    };
    const buttons = make("footer", {}, ...(showCancel ? [make("button", { onclick: close(false) }, cancelText)] : []), make("button", { onclick: close(true) }, confirmText));
    const text = editable ? field : make("p", {}, content);
    const dialog = make("div", { className: "modal", role: "dialog" }, ...(title ? [make("h2", {}, title)] : []), text, buttons);
    mask.append(dialog);
    overlay().append(mask);
  });
}

/**
 * @param {{ itemList: string[], itemColor?: string, alertText?: string, selected?: number, cancelText?: string }} options
 * @returns {Promise<number>} the one tapped, or -1
 */
export function showSheet({ itemList, itemColor = "", alertText, selected, cancelText = "取消" }) {
  return new Promise((resolve) => {
    const mask = make("div", { className: "mask sheet" });
    const close = (/** @type {number} */ index) => (/** @type {Event} */ event) => {
      event.stopPropagation();
      mask.remove();
      resolve(index);
    };
    const choices = itemList.map((text, index) => {
      const choice = make("button", { onclick: close(index) }, text);
      choice.style.color = itemColor;
      if (index === selected) choice.setAttribute("aria-selected", "true");
      return choice;
    });
    mask.onclick = close(-1);
    const note = alertText ? [make("div", { className: "note" }, alertText)] : [];
    mask.append(make("div", { role: "dialog" }, ...note, make("div", { className: "choices" }, ...choices), make("button", { className: "cancel", onclick: close(-1) }, cancelText)));
    overlay().append(mask);
  });
}

/** @param {string} source */
export function showPicture(source) {
  const picture = make("div", { className: "preview", role: "dialog", onclick: () => picture.remove() }, make("img", { src: source, alt: "" }));
  overlay().append(picture);
}

/**
 * Photos that a person picks from the computer or its camera.
 * @param {{ accept: string, multiple: boolean, camera: boolean }} options
 * @returns {Promise<File[]>} none where the person turned away
 */
export function pickFiles({ accept, multiple, camera }) {
  return new Promise((resolve) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "file", accept, multiple });
    if (camera) input.setAttribute("capture", "environment");
    input.onchange = () => resolve([...(input.files || [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
}
