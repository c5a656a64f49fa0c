/** The element of that id. @param {string} id */
const by = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * A new element with these children. Strings become text nodes, never markup.
 */
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** An element with a text in both languages, Chinese first. @param {string} tag @param {Both} text @param {Record<string, string>} attributes */
function both(tag, [zh, en], attributes = {}) {
  return make(tag, attributes, zh, " ", make("span", { lang: "en" }, en));
}

/** @param {number} share */
const percent = (share) => `${(share * 100).toFixed(share > 0.1 ? 0 : 1)} %`;
