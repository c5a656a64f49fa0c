/** Most classes in the list, and the least probability of each after the first. */
const MOST_CLASSES = 5;
const LEAST_SHARE = 0.01;

/** The likeliest classes with their probabilities. @param {any[]} classes @param {Catalog} catalog */
function bars(classes, catalog) {
  const listed = classes.slice(0, MOST_CLASSES).filter(({ probability }, place) => place === 0 || probability >= LEAST_SHARE);
  return listed.map(({ id, probability }) => {
    const filled = make("div", {});
    filled.style.setProperty("width", `${probability * 100}%`);
    const bar = make("div", { class: "bar", "aria-hidden": "true" }, filled);
    return make("div", { class: "class" }, both("span", names(catalog.find(id), id)), make("span", {}, percent(probability)), bar);
  });
}
