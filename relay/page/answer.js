/** Most classes in the list, and the least probability of each after the first. */
const MOST_CLASSES = 5;
const LEAST_SHARE = 0.01;

/** The names of a class or class group; classes from a user's gallery have none in the catalog. @param {any} entry @param {string} id @returns {Both} */
const names = (entry, id) => (entry ? [entry.names.zh, entry.names.en] : [id, ""]);

/** Shows the pooled prediction. @param {any} prediction @param {any} catalog @param {number} photos */
function show(prediction, catalog, photos) {
  const { verdict, classes, guild, part } = prediction;
  const known = (/** @type {string} */ id) => catalog.classes.find((/** @type {any} */ entry) => entry.id === id);
  const likely = guild && catalog.guilds.find((/** @type {any} */ entry) => entry.id === guild.id);
  const answer = by("answer");
  answer.replaceChildren(...(photos > 1 ? [both("p", TOGETHER, { class: "quiet" })] : []), ...(PARTS[part] ? [both("p", PARTS[part], { class: "quiet" })] : []));
  const symptom = likely ? null : certainSymptom(prediction, known);
  if (verdict === "not_mango_leaf") {
    const knowsFruit = classes.some((/** @type {any} */ { id }) => known(id)?.part === "fruit");
    answer.append(both("p", knowsFruit ? NO_LEAF_OR_FRUIT : VERDICTS[verdict], { class: `verdict ${verdict}` }));
  } else if (symptom) {
    answer.append(both("p", SURE_IS, { class: "verdict" }), both("h2", symptom.words), both("p", symptom.certainty, { class: "quiet" }));
    answer.append(...bars(classes, known), ...details(symptom.entry));
  } else {
    const first = known(classes[0].id);
    answer.append(both("p", VERDICTS[verdict], { class: `verdict ${verdict}` }));
    answer.append(likely ? both("h2", names(likely, guild.id)) : both("h2", names(first, classes[0].id)));
    if (!likely && first) answer.append(make("p", { class: "quiet" }, make("i", { lang: "la" }, first.names.latin)));
    answer.append(...bars(classes, known));
    answer.append(...details(likely ?? first));
  }
  const hint = verdict === "unsure" && part === "fruit" ? HINTS.unsure_fruit : HINTS[verdict];
  if (hint && !symptom?.entry) answer.append(both("p", hint));
  answer.hidden = false;
}

/**
 * The symptom, if it is certain while the class is not. Its probability leaves out the classes of galleries: if one of
 * them comes first, the plant is not called healthy.
 */
function certainSymptom({ verdict, classes, symptom }, known) {
  if (verdict !== "unsure" || !symptom?.certain) return null;
  const ill = symptom.probability >= 0.5;
  const first = known(classes[0].id);
  if (!ill && first?.kind !== "healthy") return null;
  const share = ill ? symptom.probability : 1 - symptom.probability;
  const [zh, en] = share >= 0.9 ? VERY_SURE : FAIRLY_SURE;
  const certainty = /** @type {Both} */ ([`${zh}，${percent(share)}`, `${en}, ${percent(share)}`]);
  return { words: ill ? ILL : LOOKS_HEALTHY, certainty, entry: ill ? null : first };
}

/** @param {any[]} classes @param {(id: string) => any} known */
function bars(classes, known) {
  const listed = classes.slice(0, MOST_CLASSES).filter(({ probability }, place) => place === 0 || probability >= LEAST_SHARE);
  return listed.map(({ id, probability }) => {
    const filled = make("div", {});
    filled.style.setProperty("width", `${probability * 100}%`);
    const bar = make("div", { class: "bar", "aria-hidden": "true" }, filled);
    return make("div", { class: "class" }, both("span", names(known(id), id)), make("span", {}, percent(probability)), bar);
  });
}

/** Symptoms and advice, if the catalog has them. @param {any} entry */
function details(entry) {
  if (!entry) return [];
  const symptoms = entry.symptoms
    ? [both("h3", SYMPTOMS), make("p", {}, entry.symptoms.zh), make("p", { lang: "en" }, entry.symptoms.en)]
    : [];
  const list = (/** @type {string} */ lang, /** @type {string[]} */ lines) => make("ol", { lang }, ...lines.map((line) => make("li", {}, line)));
  return [...symptoms, both("h3", ADVICE), list("zh-CN", entry.advice.zh), list("en", entry.advice.en)];
}
