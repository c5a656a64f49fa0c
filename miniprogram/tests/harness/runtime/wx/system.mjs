import { api } from "../api.mjs";
import { onTheme, theme } from "../screen/frame.mjs";

/** @param {import("./index.mjs").Context} context */
export function systemOf({ boot, frame }) {
  /** @type {Set<(event: { theme: string }) => void>} */
  const themeListeners = new Set();
  onTheme((now) => themeListeners.forEach((listener) => listener({ theme: now })));

  const getWindowInfo = () => {
    const { clientWidth: width, clientHeight: height } = frame.host;
    const phone = /** @type {HTMLElement} */ (frame.host.parentElement);
    const [screenWidth, screenHeight] = [phone.clientWidth, phone.clientHeight];
    const statusBarHeight = document.getElementById("status")?.offsetHeight || 0;
    return {
      pixelRatio: devicePixelRatio, screenWidth, screenHeight, windowWidth: width, windowHeight: height, statusBarHeight, screenTop: 0,
      safeArea: { left: 0, right: screenWidth, top: statusBarHeight, bottom: screenHeight, width: screenWidth, height: screenHeight - statusBarHeight },
    };
  };
  const getDeviceInfo = () => ({ brand: "devtools", model: "browser", platform: "devtools", system: "browser", abi: "", deviceAbi: "", benchmarkLevel: -1, cpuType: "unknown", memorySize: "0" });
  const getAppBaseInfo = () => ({ SDKVersion: "3.8.12", version: "8.0.60", language: boot.language, theme: theme(), enableDebug: false, fontSizeSetting: 16, fontSizeScaleFactor: boot.fontScale || 1, host: { appId: "" } });
  const getSystemSetting = () => ({ bluetoothEnabled: false, locationEnabled: false, wifiEnabled: true, deviceOrientation: "portrait" });
  const getSystemInfoSync = () => ({ ...getWindowInfo(), ...getDeviceInfo(), ...getAppBaseInfo(), ...getSystemSetting() });
  const start = { path: "", query: {}, scene: 1001, referrerInfo: {} };
  return {
    getWindowInfo, getDeviceInfo, getAppBaseInfo, getSystemSetting, getSystemInfoSync,
    getSystemInfo: api("getSystemInfo", getSystemInfoSync),
    getSystemInfoAsync: api("getSystemInfoAsync", getSystemInfoSync),
    getAccountInfoSync: () => ({ miniProgram: { appId: "touristappid", envVersion: boot.release ? "release" : "develop", version: "" } }),
    getLaunchOptionsSync: () => start,
    getEnterOptionsSync: () => start,
    getMenuButtonBoundingClientRect: () => {
      const { left, right, top, bottom, width, height } = /** @type {HTMLElement} */ (document.getElementById("capsule")).getBoundingClientRect();
      return { left, right, top, bottom, width, height };
    },
    onThemeChange: (/** @type {(event: { theme: string }) => void} */ listener) => void themeListeners.add(listener),
    offThemeChange: (/** @type {((event: { theme: string }) => void) | undefined} */ listener) =>
      void (listener ? themeListeners.delete(listener) : themeListeners.clear()),
    onMemoryWarning: () => {},
    offMemoryWarning: () => {},
    getUpdateManager: () => ({ onCheckForUpdate() {}, onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} }),
  };
}
