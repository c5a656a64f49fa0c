/** The quality of a photo taken from the camera's picture, of 1. */
const QUALITY = 0.92;

const viewfinder = /** @type {HTMLDialogElement} */ (by("viewfinder"));
const finder = /** @type {HTMLVideoElement} */ (by("finder"));
const shutter = /** @type {HTMLButtonElement} */ (by("shutter"));
/** Photos taken since the viewfinder was opened. */
let shots = 0;

/** Phones and tablets have a camera program of their own, which takes better photos than a page can. */
const hasCameraProgram = () => matchMedia("(hover: none) and (pointer: coarse)").matches;

function takePhoto() {
  by("trouble").hidden = true;
  if (room() <= 0) tell(new Trouble(tooMany(mostPhotos)));
  else if (hasCameraProgram()) by("capture").click();
  else void openViewfinder();
}

async function openViewfinder() {
  if (!navigator.mediaDevices?.getUserMedia) {
    tell(new Trouble(CAMERA_NEEDS_HTTPS));
    return;
  }
  const button = /** @type {HTMLButtonElement} */ (by("camera"));
  button.disabled = true;
  try {
    const video = { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1440 } };
    finder.srcObject = await navigator.mediaDevices.getUserMedia({ video });
    shots = 0;
    shutter.disabled = true;
    by("shots").textContent = "";
    viewfinder.showModal();
  } catch (error) {
    tell(new Trouble(CAMERA_ERRORS[/** @type {Error} */ (error).name] ?? CAMERA_FAILED));
  } finally {
    button.disabled = false;
  }
}

async function shoot() {
  const { videoWidth: width, videoHeight: height } = finder;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d")?.drawImage(finder, 0, 0);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob || !viewfinder.open) return;
  shots += 1;
  add([new File([blob], `camera-${chosen.length + 1}.jpg`, { type: blob.type })]);
  by("shots").replaceChildren(both("span", taken(shots)));
  shutter.disabled = room() <= 0;
}

/** Turns the camera off, and with it its light. */
function stopCamera() {
  const stream = /** @type {MediaStream | null} */ (finder.srcObject);
  for (const track of stream?.getTracks() ?? []) track.stop();
  finder.srcObject = null;
}

by("camera").addEventListener("click", takePhoto);
shutter.addEventListener("click", () => void shoot());
finder.addEventListener("playing", () => {
  shutter.disabled = room() <= 0;
});
by("finished").addEventListener("click", () => viewfinder.close());
viewfinder.addEventListener("close", stopCamera);
