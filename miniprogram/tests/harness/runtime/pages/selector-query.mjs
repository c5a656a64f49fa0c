/**
 * `createSelectorQuery`, on the browser's own boxes.
 *
 * @typedef {{ id?: boolean, dataset?: boolean, rect?: boolean, size?: boolean, scrollOffset?: boolean, node?: boolean, context?: boolean, properties?: string[], computedStyle?: string[] }} Fields
 */

class Query {
  /** @param {any} component whose own template is searched */
  constructor(component) {
    this.component = component;
    /** @type {(() => any)[]} */
    this.asked = [];
  }

  /** @param {any} component */
  in(component) {
    this.component = component;
    return this;
  }

  /** @param {string} selector */
  select(selector) {
    return new Reference(this, () => this.tree().querySelector(selector));
  }

  /** @param {string} selector */
  selectAll(selector) {
    return new Reference(this, () => this.tree().querySelectorAll(selector));
  }

  selectViewport() {
    return new Reference(this, () => ({ $$: document.querySelector(".webview:not([hidden])"), dataset: {}, id: "" }));
  }

  tree() {
    return (this.component._$ || this.component).getShadowRoot();
  }

  /** @param {(answers: any[]) => void} [done] */
  exec(done) {
    const { asked } = this;
    // Rendered first: what is asked for may have been set just now.
    requestAnimationFrame(() => done?.(asked.map((ask) => ask())));
    return this;
  }
}

class Reference {
  /** @param {Query} query @param {() => any} find */
  constructor(query, find) {
    this.query = query;
    this.find = find;
  }

  /** @param {Fields} fields @param {(answer: any) => void} [callback] */
  fields(fields, callback) {
    this.query.asked.push(() => {
      const found = this.find();
      const answer = Array.isArray(found) ? found.map((element) => describe(element, fields)) : found ? describe(found, fields) : null;
      callback?.(answer);
      return answer;
    });
    return this.query;
  }

  /** @param {(answer: any) => void} [callback] */
  boundingClientRect(callback) {
    return this.fields({ id: true, dataset: true, rect: true, size: true }, callback);
  }

  /** @param {(answer: any) => void} [callback] */
  scrollOffset(callback) {
    return this.fields({ id: true, dataset: true, scrollOffset: true }, callback);
  }

  /** @param {(answer: any) => void} [callback] */
  node(callback) {
    return this.fields({ node: true }, callback);
  }
}

/** @param {any} element of the component framework @param {Fields} fields */
function describe(element, { id, dataset, rect, size, scrollOffset, node, computedStyle = [] }) {
  const box = element.$$.getBoundingClientRect();
  const host = document.querySelector(".webview:not([hidden])")?.getBoundingClientRect() || { left: 0, top: 0 };
  const style = getComputedStyle(element.$$);
  return {
    ...(id && { id: element.id }),
    ...(dataset && { dataset: element.dataset }),
    ...(rect && { left: box.left - host.left, top: box.top - host.top, right: box.right - host.left, bottom: box.bottom - host.top }),
    ...(size && { width: box.width, height: box.height }),
    ...(scrollOffset && { scrollLeft: element.$$.scrollLeft, scrollTop: element.$$.scrollTop }),
    ...(node && { node: element.$$.node }),
    ...Object.fromEntries(computedStyle.map((name) => [name, style.getPropertyValue(name)])),
  };
}

/** @param {any} component */
export const query = (component) => new Query(component);

/**
 * A behaviour that gives every component and page its `createSelectorQuery`.
 * @param {any} space
 */
export function selectorQueries(space) {
  return space.getComponentSpace().defineBehavior({
    methods: {
      createSelectorQuery() {
        return new Query(this);
      },
    },
  });
}
