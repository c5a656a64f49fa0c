// @ts-check

/** Stages of the year, in the order in which a tree goes through them after it was picked and pruned. @type {CalendarStage[]} */
const STAGES = ["flush", "flowering", "fruit_set", "harvest"];

/**
 * The usual months of each stage, 1 to 12. Kinds, weather and flowering that is brought forward shift them, so a grower can
 * set others.
 * @type {Record<Exclude<Region, "own">, StageMonths>}
 */
const MONTHS = {
  hainan: { flush: [6, 7, 8, 9, 10], flowering: [11, 12, 1, 2], fruit_set: [1, 2, 3, 4], harvest: [3, 4, 5, 6] },
  guangxi: { flush: [8, 9, 10, 11], flowering: [2, 3, 4], fruit_set: [4, 5, 6], harvest: [6, 7, 8] },
  dry_valleys: { flush: [9, 10, 11, 12], flowering: [2, 3, 4], fruit_set: [4, 5, 6, 7, 8], harvest: [8, 9, 10, 11] },
};

/**
 * Classes of the catalog to look for at each stage, those first that do most harm then. A class is at a stage only where its
 * threshold's stages say that something can be done about it then; harvest is the fruit and the pruning after it.
 * @type {Record<CalendarStage, string[]>}
 */
const LOOK = {
  flush: [
    "gall_midge", "procontarinia_matteiana", "procontarinia_rubus", "erosomyia_sp", "cutting_weevil", "apoderus_javanicus", "anthracnose",
    "bacterial_canker", "mictis_longicornis", "orthaga_euadrusalis", "dialeuropora_decempuncta", "neomelicharia_sparsa", "valanga_nigricornis",
    "dappula_tertia",
  ],
  flowering: ["powdery_mildew", "anthracnose", "erosomyia_sp", "sooty_mould", "bacterial_canker", "die_back"],
  fruit_set: [
    "fruit_anthracnose", "bacterial_canker", "fruit_alternaria", "powdery_mildew", "sooty_mould", "aulacaspis_tubercularis", "icerya_seychellarum",
    "ceroplastes_rubens", "ischnaspis_longirostris", "neomelicharia_sparsa",
  ],
  harvest: [
    "fruit_anthracnose", "fruit_stem_end_rot", "fruit_black_mould_rot", "fruit_alternaria", "die_back", "orthaga_euadrusalis",
    "aulacaspis_tubercularis", "ceroplastes_rubens", "cisaberoptus_kenyae", "red_rust",
  ],
};

module.exports = { LOOK, MONTHS, STAGES };
