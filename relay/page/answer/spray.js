/** Whether to spray against a class, in two or three questions. @param {any} entry @param {Catalog} catalog */
function spray(entry, catalog) {
  const place = make("section", { class: "spray" });
  const show = (/** @type {Record<string, string>} */ answers) => {
    const advice = inBoth((context) => sprayAdvice(entry, answers, Date.now(), context), catalog);
    const [{ asks }] = advice;
    place.replaceChildren(both("h3", shared("spray.title")), ...threshold(advice), ...given(advice));
    if (asks) place.append(question(advice, (id) => follow({ ...answers, [asks]: id })));
    else place.append(outcome(advice));
    if (Object.keys(answers).length > 0) place.append(restart(advice, () => follow({})));
  };
  // The button that was pressed is gone, so the focus moves to what took its place.
  const follow = (/** @type {Record<string, string>} */ answers) => {
    show(answers);
    /** @type {HTMLElement} */ (place.querySelector("[tabindex]")).focus();
  };
  show({});
  return place;
}

/** What to count, and from when on to act. @param {any[]} advice in both languages */
function threshold([zh, en]) {
  if (zh.facts.length === 0) return [];
  const facts = zh.facts.flatMap(({ name, text }, /** @type {number} */ place) => [both("dt", [name, en.facts[place].name]), both("dd", [text, en.facts[place].text])]);
  return [make("dl", {}, ...facts)];
}

/** @param {any[]} advice in both languages */
function given([zh, en]) {
  const answers = zh.given.map(({ answer }, /** @type {number} */ place) => [answer, en.given[place].answer]);
  return answers.length > 0 ? [listOf("ul", answers, { class: "given" })] : [];
}

/** @param {any[]} advice in both languages @param {(id: string) => void} answer */
function question([zh, en], answer) {
  const title = /** @type {Both} */ ([zh.question.title, en.question.title]);
  const choices = zh.question.choices.map(({ id, name }, /** @type {number} */ place) => {
    const button = both("button", [name, en.question.choices[place].name], { type: "button" });
    button.addEventListener("click", () => answer(id));
    return button;
  });
  return make("div", { role: "group", "aria-label": spoken(title), class: "question" }, both("h4", title, { tabindex: "-1" }), ...choices);
}

/** @param {any[]} advice in both languages */
function outcome([{ outcome: zh }, { outcome: en }]) {
  return make("div", { class: `outcome ${zh.tone}` }, both("h4", [zh.title, en.title], { tabindex: "-1" }), listOf("ol", paired(zh.steps, en.steps)));
}

/** @param {any[]} advice in both languages @param {() => void} again */
function restart([zh, en], again) {
  const button = both("button", [zh.restart, en.restart], { type: "button", class: "link" });
  button.addEventListener("click", again);
  return button;
}
