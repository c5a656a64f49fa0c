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

/** A list whose items have a text in both languages. @param {"ul" | "ol"} tag @param {Both[]} texts @param {Record<string, string>} attributes */
const listOf = (tag, texts, attributes = {}) => make(tag, attributes, ...texts.map((text) => both("li", text)));

/** A text in both languages as one string, for labels. @param {Both} text */
const spoken = ([zh, en]) => `${zh} ${en}`.trim();

/** @param {number} share */
const percent = (share) => `${(share * 100).toFixed(share > 0.1 ? 0 : 1)} %`;
