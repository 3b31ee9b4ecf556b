/* The counter's camera, where there is one: takes a frame of the wanted size into the file field.
   Without it, or without this script, a file is chosen as usual. */
"use strict";

const WIDTH = 358;
const HEIGHT = 441;
const room = document.getElementById("camera");
const finder = document.getElementById("viewfinder");
const start = document.getElementById("camera-start");
const take = document.getElementById("camera-take");
const file = document.querySelector("#photo input[type=file]");

if (navigator.mediaDevices && navigator.mediaDevices.getUserMedia && file) room.hidden = false;

start.addEventListener("click", async () => {
  const wanted = { video: { width: { ideal: 1280 }, height: { ideal: 960 } }, audio: false };
  try {
    finder.srcObject = await navigator.mediaDevices.getUserMedia(wanted);
    finder.hidden = false;
    await finder.play();
    take.hidden = false;
  } catch {
    room.hidden = true;
  }
});

take.addEventListener("click", () => {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH * 2;
  canvas.height = HEIGHT * 2;
  const scale = Math.max(canvas.width / finder.videoWidth, canvas.height / finder.videoHeight);
  const width = finder.videoWidth * scale;
  const height = finder.videoHeight * scale;
  canvas.getContext("2d").drawImage(finder, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
  canvas.toBlob((blob) => {
    const kept = new DataTransfer();
    kept.items.add(new File([blob], "counter.jpg", { type: "image/jpeg" }));
    file.files = kept.files;
    for (const track of finder.srcObject.getTracks()) track.stop();
    room.hidden = true;
    document.getElementById("photo").requestSubmit();
  }, "image/jpeg", 0.95);
});
