/** The names of a class or class group; classes from a user's gallery have none in the catalog. @param {any} entry @param {string} id @returns {Both} */
const names = (entry, id) => (entry ? [entry.names.zh, entry.names.en] : [id, ""]);

/** The words for a photo of something else. @param {any} prediction @param {Catalog} catalog */
const notMango = ({ verdict, classes }, catalog) =>
  classes.some((/** @type {any} */ { id }) => catalog.find(id)?.part === "fruit") ? NO_LEAF_OR_FRUIT : VERDICTS[verdict];

/** Shows the pooled prediction. @param {any} prediction @param {Catalog} catalog @param {number} photos */
function show(prediction, catalog, photos) {
  const { verdict, part } = prediction;
  const symptom = certainSymptom(prediction, catalog);
  const answered = subject(prediction, symptom, catalog);
  const { lead, title } = answered;
  const hint = verdict === "unsure" && part === "fruit" ? HINTS.unsure_fruit : HINTS[verdict];
  const hints = hint && !symptom?.entry ? [both("p", hint)] : [];
  by("answer").replaceChildren(
    ...[photos > 1 ? TOGETHER : null, PARTS[part]].filter(Boolean).map((text) => both("p", text, { class: "quiet" })),
    both("p", lead, { class: symptom ? "verdict" : `verdict ${verdict}` }),
    ...(title ? named(answered, symptom, prediction.classes, catalog) : []),
    ...hints,
    ...(title ? explained(answered, prediction, catalog) : []),
  );
  by("answer").hidden = false;
  by("said").replaceChildren(both("span", lead), ...(title ? [" ", both("span", title)] : []));
}

/** What the answer says, and the likeliest classes. */
function named({ title, entry }, symptom, classes, catalog) {
  const latin = entry?.names.latin;
  const below = symptom ? both("p", symptom.certainty, { class: "quiet" }) : latin ? make("p", { class: "quiet" }, make("i", { lang: "la" }, latin)) : "";
  return [both("h2", title), below, ...bars(classes, catalog)];
}

/** How to check the answer, and what to do. The visitor's choice puts its class in the place of an unsure one. */
function explained({ entry }, prediction, catalog) {
  const own = () => details(entry, prediction.verdict === "confident", catalog);
  const about = make("div", {}, ...own());
  const settled = (/** @type {any} */ choice) => about.replaceChildren(...(choice ? details(choice, true, catalog) : own()));
  return [...checks(prediction, catalog), ...compare(prediction, catalog, settled), about];
}

/**
 * What the answer says: the group if only that is certain, else the class or its certain symptom.
 * @returns {{ lead: Both, title: Both | null, entry: any }}
 */
function subject(prediction, symptom, catalog) {
  const { verdict, classes: [first], guild } = prediction;
  const group = guild ? catalog.guild(guild.id) : null;
  if (verdict === "not_mango_leaf") return { lead: notMango(prediction, catalog), title: null, entry: null };
  if (symptom) return { lead: SURE_IS, title: symptom.words, entry: symptom.entry };
  if (group) return { lead: VERDICTS[verdict], title: names(group, guild.id), entry: group };
  const entry = catalog.find(first.id);
  return { lead: VERDICTS[verdict], title: names(entry, first.id), entry };
}

/**
 * The symptom, if it is certain while class and group are not. Its probability leaves out the classes of galleries: if
 * one of them comes first, the plant is not called healthy.
 */
function certainSymptom({ verdict, classes, symptom, guild }, catalog) {
  if (verdict !== "unsure" || !symptom?.certain || (guild && catalog.guild(guild.id))) return null;
  const ill = symptom.probability >= 0.5;
  const first = catalog.find(classes[0].id);
  if (!ill && first?.kind !== "healthy") return null;
  const share = ill ? symptom.probability : 1 - symptom.probability;
  const [zh, en] = share >= 0.9 ? VERY_SURE : FAIRLY_SURE;
  const certainty = /** @type {Both} */ ([`${zh}，${percent(share)}`, `${en}, ${percent(share)}`]);
  return { words: ill ? ILL : LOOKS_HEALTHY, certainty, entry: ill ? null : first };
}
