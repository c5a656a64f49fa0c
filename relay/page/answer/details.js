/**
 * Symptoms and advice of a class or class group, if the catalog has it. Whether to spray is asked for one class only.
 * @param {any} entry
 * @param {boolean} settled whether the answer or the visitor is sure of this class
 * @param {Catalog} catalog
 */
function details(entry, settled, catalog) {
  if (!entry) return [];
  const symptoms = entry.symptoms
    ? [both("h3", SYMPTOMS), make("p", {}, entry.symptoms.zh), make("p", { lang: "en" }, entry.symptoms.en)]
    : [];
  const advice = (/** @type {string} */ lang, /** @type {string[]} */ lines) => make("ol", { lang }, ...lines.map((line) => make("li", {}, line)));
  return [
    ...symptoms,
    ...(settled && entry.symptoms ? [spray(entry, catalog)] : []),
    both("h3", ADVICE), advice("zh-CN", entry.advice.zh), advice("en", entry.advice.en),
  ];
}
