import * as glassEasel from "glass-easel";

/** The document as the component framework sees it. */
export class Backend extends glassEasel.CurrentWindowBackendContext {
  constructor() {
    super();
    /** @type {Map<string, number>} */
    this.sheets = new Map();
    this.onEvent((/** @type {any} */ target, /** @type {string} */ type, /** @type {any} */ detail, /** @type {any} */ options) => {
      const event = new glassEasel.Event(type, detail, options);
      glassEasel.Event.dispatchEvent(target, event);
      return event.defaultPrevented() ? glassEasel.EventBubbleStatus.NoDefault : glassEasel.EventBubbleStatus.Normal;
    });
  }

  /**
   * Once each: opened again, a page's sheet would otherwise come after those of its components.
   * @param {string} path
   * @param {number} [scope]
   */
  appendStyleSheetPath(path, scope) {
    const known = this.sheets.get(path);
    if (known !== undefined) return known;
    const index = super.appendStyleSheetPath(path, scope);
    this.sheets.set(path, index);
    return index;
  }

  /**
   * `model:value` of a built-in component.
   * @param {any} element
   * @param {string} name
   * @param {((value: unknown) => void) | null} listener
   */
  setModelBindingStat(element, name, listener) {
    element.models[name] = listener;
  }
}
