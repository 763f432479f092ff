// How often the surface of part 2 is new while a slider is dragged or points are painted, in the system's Chromium:
// node bench/understand.mjs, after a build. Frames a second with a new surface (for the threshold: a new line), the
// longest task of the page, and where the time of one surface goes.
import { openBrowser, serveSite } from "../test/browser.mjs";

const seconds = 3;
const browser = await openBrowser();
const site = await serveSite();

/** Counts frames in which something was drawn, and long tasks. */
const watch = () => {
  const count = { frames: 0, surfaces: 0, lines: 0, longest: 0 };
  let surface = false;
  let line = false;
  const { putImageData, clearRect } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.putImageData = function (...rest) {
    if (this.canvas.id === "understand-field") surface = true;
    return putImageData.apply(this, rest);
  };
  CanvasRenderingContext2D.prototype.clearRect = function (...rest) {
    if (this.canvas.id === "understand-canvas") line = true;
    return clearRect.apply(this, rest);
  };
  const frame = () => {
    count.frames++;
    count.surfaces += surface;
    count.lines += line;
    surface = line = false;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) count.longest = Math.max(count.longest, duration);
  }).observe({ type: "longtask" });
  window.counted = () => {
    const now = { ...count };
    Object.assign(count, { frames: 0, surfaces: 0, lines: 0, longest: 0 });
    return now;
  };
};

/** Moves a slider back and forth, a step a frame. */
const drag = ([id, time]) => new Promise((done) => {
  const slider = document.getElementById(id);
  const [min, max, step] = ["min", "max", "step"].map((name) => Number(slider[name]));
  const end = performance.now() + time;
  let direction = 1;
  const move = () => {
    if (Number(slider.value) >= max) direction = -1;
    if (Number(slider.value) <= min) direction = 1;
    slider.value = Number(slider.value) + direction * Math.max(step, (max - min) / 120);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    if (performance.now() < end) requestAnimationFrame(move);
    else done();
  };
  requestAnimationFrame(move);
});

async function open({ picture, fourier, scale = 1 }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, deviceScaleFactor: scale });
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(site.url);
  await page.waitForFunction(() => !document.getElementById("understand-controls").disabled);
  await page.locator("#understand").scrollIntoViewIfNeeded();
  await page.selectOption("#understand-picture", picture);
  await page.check("#understand-balanced");
  if (fourier) await page.check("#understand-fourier");
  await page.waitForTimeout(1500);
  return page;
}

/** Waves over the canvas with a pointer, a step a frame. */
const paint = (time) => new Promise((done) => {
  document.getElementById("understand-paint-common").click();
  const canvas = document.getElementById("understand-canvas");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const send = (kind, t) => canvas.dispatchEvent(new PointerEvent(kind, {
    clientX: left + width * (0.5 + 0.4 * Math.sin(t)), clientY: top + height * (0.5 + 0.4 * Math.cos(1.3 * t)),
    pointerId: 1, isPrimary: true, bubbles: true,
  }));
  const end = performance.now() + time;
  let t = 0;
  send("pointerdown", t);
  const move = () => {
    send("pointermove", (t += 0.06));
    if (performance.now() < end) return requestAnimationFrame(move);
    send("pointerup", t);
    done();
  };
  requestAnimationFrame(move);
});

const rows = [];
for (const [name, setting] of [["linear", { picture: "clouds" }], ["100 Fourier components", { picture: "ring", fourier: true }], ["the same, 2 device pixels a pixel", { picture: "ring", fourier: true, scale: 2 }]]) {
  const page = await open(setting);
  for (const what of ["gamma", "l2", "threshold", "painting"]) {
    await page.evaluate(() => window.counted());
    const begun = performance.now();
    if (what === "painting") await page.evaluate(paint, 1000 * seconds);
    else await page.evaluate(drag, [`understand-${what}`, 1000 * seconds]);
    const took = (performance.now() - begun) / 1000;
    const { frames, surfaces, lines, longest } = await page.evaluate(() => window.counted());
    const rate = (n) => (n / took).toFixed(0);
    rows.push({ model: name, what, "frames/s": rate(frames), "new surfaces/s": what === "threshold" ? "–" : rate(surfaces), "new lines/s": rate(lines), "longest task, ms": longest ? longest.toFixed(0) : "under 50", points: (await page.textContent("#understand-counts")).replace(/[^0-9,]+/g, " ").trim(), fit: (await page.textContent("#understand-time")).slice(10, -1) });
  }
  await page.context().close();
}
console.table(rows);
await browser.close();
await site.close();
