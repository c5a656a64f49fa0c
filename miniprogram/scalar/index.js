// @ts-check

// WeChat fetches a sub-package when a script of it is required. This one does nothing: what is wanted is the module beside
// it, for engines without SIMD.
module.exports = {};
