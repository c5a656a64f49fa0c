// @ts-check
const { createClock } = require("./clock.js");
const { createFiles } = require("./files.js");
const { createHttp } = require("./http.js");
const { createNetwork } = require("./network.js");
const { createPackages } = require("./packages.js");
const { createPictures } = require("./pictures.js");
const { createPrivacy } = require("./privacy.js");
const { createWorkers } = require("./workers.js");

/**
 * The scanner's ports, implemented with WeChat's API.
 * @param {WechatMiniprogram.Wx} [platform]
 * @returns {Ports}
 */
function createPorts(platform = wx) {
  return {
    files: createFiles(platform),
    http: createHttp(platform),
    network: createNetwork(platform),
    clock: createClock(),
    workers: createWorkers(platform),
    packages: createPackages(),
    pictures: createPictures(platform),
  };
}

module.exports = { createPorts, createPrivacy };
