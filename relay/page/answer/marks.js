/** The drawing of a class's symptom. @param {any[]} symptom in both languages @param {Record<string, string>} attributes */
function drawing([{ id, title }, { title: english }], attributes = {}) {
  return make("img", { class: "drawing", src: `data:image/svg+xml,${encodeURIComponent(DRAWINGS[id])}`, alt: spoken(drawingOf([title, english])), ...attributes });
}

/** The marks to check by eye. @param {any[]} symptom in both languages @param {Record<string, string>} attributes */
const marksOf = ([zh, en], attributes = {}) => listOf("ul", paired(zh.marks, en.marks), { class: "marks", ...attributes });

/** How to check a confident answer: its symptom, and what it is mistaken for. @param {any} prediction @param {Catalog} catalog */
function checks(prediction, catalog) {
  const [zh, en] = inBoth((context) => check(prediction, context), catalog);
  if (!zh) return [];
  const others = zh.mistaken.map((/** @type {any} */ other, /** @type {number} */ place) => mistaken([other, en.mistaken[place]], catalog));
  const symptom = [zh.symptom, en.symptom];
  return [
    both("h3", [zh.title, en.title]),
    make("div", { class: "symptom" }, drawing(symptom), marksOf(symptom)),
    ...(others.length > 0 ? [both("h3", [zh.mistakenTitle, en.mistakenTitle]), ...others] : []),
  ];
}

/** A class that another is mistaken for; opens to all of its marks. @param {any[]} symptom in both languages @param {Catalog} catalog */
function mistaken(symptom, catalog) {
  const [zh, en] = symptom;
  const { symptoms } = catalog.find(zh.id);
  const words = make("span", { class: "words" }, both("strong", [zh.title, en.title]), both("span", [zh.marks[0], en.marks[0]], { class: "mark" }));
  return make("details", { class: "mistaken" },
    make("summary", {}, drawing(symptom, { alt: "" }), words),
    marksOf(symptom), make("p", {}, symptoms.zh), make("p", { lang: "en" }, symptoms.en));
}
