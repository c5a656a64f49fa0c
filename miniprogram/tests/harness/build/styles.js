"use strict";
const postcss = require("postcss");
const selectorParser = require("postcss-selector-parser");

const { BUILT_IN } = require("./built-in");
const { resolve } = require("./tree");

const SHARED = new Set(["shared", "page-shared"]);

/**
 * WXSS as CSS, one sheet for app.wxss and each part. `scopes` holds the prefix of a component's classes.
 *
 * A page is a document of its own on a phone, so its sheet holds for what is in its view alone.
 * @param {import("./tree").Source} source
 * @param {Map<string, import("./tree").Part>} parts
 * @param {string[]} problems
 */
function compileStyles(source, parts, problems) {
  /** @type {Record<string, string>} */
  const styles = { app: source.has("app.wxss") ? sheet(source, "app.wxss", "", problems).toString() : "" };
  /** @type {Record<string, string>} */
  const scopes = {};
  let components = 0;
  for (const [name, { json, isPage }] of parts) {
    scopes[name] = isPage || SHARED.has(json.styleIsolation) ? "" : `s${components++}`;
    const file = `${name}.wxss`;
    const root = source.has(file) ? sheet(source, file, scopes[name], problems) : postcss.root();
    if (isPage) holdWithin(root, `[data-page="${name}"]`);
    else if (scopes[name]) refuseTags(root, problems);
    styles[name] = root.toString();
  }
  return { styles, scopes };
}

/**
 * @param {import("./tree").Source} source
 * @param {string} file
 * @param {string} scope
 * @param {string[]} problems
 * @param {string[]} importing
 * @returns {import("postcss").Root}
 */
function sheet(source, file, scope, problems, importing = []) {
  const root = postcss.parse(source.text(file), { from: file });
  root.walkDecls((declaration) => void (declaration.value = phoneUnits(declaration.value)));
  root.walkRules((rule) => {
    const { parent } = rule;
    if (parent?.type === "atrule" && /keyframes$/.test(/** @type {import("postcss").AtRule} */ (parent).name)) return;
    rule.selector = selectorParser((selectors) => {
      selectors.walkTags((tag) => {
        if (tag.value === "page" || BUILT_IN.has(tag.value)) tag.value = `wx-${tag.value}`;
      });
      if (scope) selectors.walkClasses((name) => void (name.value = `${scope}--${name.value}`));
    }).processSync(rule.selector);
  });
  root.walkAtRules("import", (rule) => {
    const target = resolve(file, rule.params.replace(/^(url\()?["']?|["']?\)?$/g, ""));
    const line = `${file}:${rule.source?.start?.line}`;
    if (!source.has(target)) problems.push(`${line}: @import of ${target}, which is not there`);
    else if (importing.includes(target)) problems.push(`${line}: @import of ${target}, which imports this file`);
    else rule.before(sheet(source, target, scope, problems, [...importing, file]).nodes);
    rule.remove();
  });
  return root;
}

/**
 * Units that hang on the phone's screen, which need not be the window here.
 * @param {string} value
 */
function phoneUnits(value) {
  return value.replace(/(?<![\w.#-])(-?\d*\.?\d+)(rpx|vw|vh)\b/g, (_, number, unit) => `calc(${number} * var(--${unit}))`);
}

/**
 * @param {import("postcss").Root} root
 * @param {string} selector
 */
function holdWithin(root, selector) {
  const rules = (root.nodes || []).filter((node) => !(node.type === "atrule" && /keyframes$|font-face/.test(node.name)));
  if (rules.length === 0) return;
  const scope = postcss.atRule({ name: "scope", params: `(${selector})` });
  root.append(scope);
  scope.append(rules);
}

/**
 * WeChat ignores them in a component, or worse: they reach the whole page.
 * @param {import("postcss").Root} root
 * @param {string[]} problems
 */
function refuseTags(root, problems) {
  root.walkRules((rule) => {
    selectorParser((selectors) => {
      selectors.walk((node) => {
        if (!["tag", "id", "attribute"].includes(node.type)) return;
        if (rule.parent?.type === "atrule" && /keyframes$/.test(/** @type {any} */ (rule.parent).name)) return;
        const { start, input } = rule.source || {};
        problems.push(`${input?.from}:${start?.line}: a component's WXSS takes classes alone, not \`${String(node).trim()}\``);
      });
    }).processSync(rule.selector);
  });
}

module.exports = { compileStyles };
