import assert from "node:assert/strict";
import * as shared from "./page.mjs";

/** Runs `body` with a page of its own, scrolled to the part. */
function onPage(name, body, { scroll = true, ...options } = {}) {
  shared.onPage(name, async (page) => {
    await page.waitForFunction(() => !document.getElementById("understand-controls").disabled);
    if (scroll) await page.locator("#understand").scrollIntoViewIfNeeded();
    await body(page);
  }, options);
}

const text = (page, id) => shared.text(page, `understand-${id}`);
const until = (page, id, pattern) => shared.until(page, `understand-${id}`, pattern);
const setSlider = (page, id, value) => shared.setSlider(page, `understand-${id}`, value);
const show = (page, name) => page.getByRole("button", { name, exact: true }).click();

/** A number for the pixels of a canvas. */
const pixels = (page, id) =>
  page.locator(`#understand-${id}`).evaluate((canvas) => {
    let hash = 0;
    for (const v of new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)) hash = (Math.imul(hash, 31) + v) | 0;
    return hash;
  });
/** The pixels once they are no longer `before`. */
async function changed(page, id, before) {
  for (let tries = 0; tries < 300; tries++) {
    const now = await pixels(page, id);
    if (now !== before) return now;
    await page.waitForTimeout(50);
  }
  assert.fail(`the canvas ${id} stays as it is`);
}
/** The pixels once they stay. */
async function settled(page, id) {
  let before = await pixels(page, id);
  for (let same = 0; same < 4; ) {
    await page.waitForTimeout(100);
    const now = await pixels(page, id);
    same = now === before ? same + 1 : 0;
    before = now;
  }
  return before;
}
/** Red, green, blue and alpha of the field at a share of its width and height. */
const colourAt = (page, x, y) =>
  page.locator("#understand-field").evaluate((canvas, [x, y]) => [...canvas.getContext("2d").getImageData(Math.round(x * (canvas.width - 1)), Math.round(y * (canvas.height - 1)), 1, 1).data], [x, y]);
const fitted = (page) => until(page, "sides", /^\d+ of 20 rare points and \d+ of 400 common ones are on their side/);
/** A stroke over the canvas, in shares of its width and height. */
async function stroke(page, ...points) {
  const canvas = page.locator("#understand-canvas");
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  const at = ([x, y]) => [box.x + x * box.width, box.y + y * box.height];
  await page.mouse.move(...at(points[0]));
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...at(point), { steps: 8 });
  await page.mouse.up();
}
const counts = async (page) => /^([\d,]+) rare points?, ([\d,]+) common ones?\./.exec(await text(page, "counts")).slice(1).map(Number);

onPage("nothing is fitted before the part is near the window", async (page) => {
  await page.waitForTimeout(300);
  assert.equal(await text(page, "sides"), "");
  assert.deepEqual(await colourAt(page, 0.5, 0.5), [0, 0, 0, 0]);
  await page.locator("#understand").scrollIntoViewIfNeeded();
  await fitted(page);
  assert.equal((await colourAt(page, 0.5, 0.5))[3], 255);
}, { scroll: false });

onPage("the line leaves most points on their side, and the canvas is as sharp as the screen", async (page) => {
  await until(page, "sides", /^2 of 20 rare points and 397 of 400 common ones are on their side of the line\.$/);
  const [width, height] = await page.locator("#understand-canvas").evaluate((canvas) => [canvas.width / canvas.offsetWidth, canvas.height / canvas.offsetHeight]);
  assert.ok(Math.abs(width - 2) < 0.01 && Math.abs(height - 2) < 0.01, `${width} × ${height} pixels a pixel`);
  const [left, right] = [await colourAt(page, 0, 0.9), await colourAt(page, 1, 0)];
  assert.ok(left[2] > left[0] + 40, `the common side is ${left}`);
  assert.ok(right[0] > right[2] + 40, `the rare side is ${right}`);
}, { context: { deviceScaleFactor: 2 } });

onPage("painting with the mouse, and erasing", async (page) => {
  await fitted(page);
  const field = await settled(page, "field");
  await stroke(page, [0.1, 0.1], [0.1, 0.6]);
  const [rare, common] = await counts(page);
  assert.ok(rare >= 28 && rare <= 45, `${rare} rare points`);
  assert.equal(common, 400);
  await changed(page, "field", field);

  await page.check("#understand-paint-common");
  await stroke(page, [0.8, 0.8], [0.9, 0.8]);
  const [sameRare, moreCommon] = await counts(page);
  assert.equal(sameRare, rare);
  assert.ok(moreCommon > 405, `${moreCommon} common points`);

  const painted = await settled(page, "field");
  await page.check("#understand-erase");
  await stroke(page, [0.1, 0.1], [0.1, 0.6]);
  const [left, rest] = await counts(page);
  assert.equal(left, 20);
  assert.ok(rest > moreCommon - 20 && rest <= moreCommon, `${rest} common points are left of ${moreCommon}`);
  await changed(page, "field", painted);
});

onPage("painting by keyboard alone", async (page) => {
  await fitted(page);
  await page.focus("#understand-erase");
  await page.keyboard.press("ArrowLeft"); // to the brush for common points
  await page.keyboard.press("ArrowLeft"); // for rare ones
  assert.ok(await page.isChecked("#understand-paint-rare"));
  await page.focus("#understand-clear");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "understand-canvas");
  const [field, bare] = [await settled(page, "field"), await settled(page, "canvas")];
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("ArrowUp");
  const cross = await changed(page, "canvas", bare);
  await until(page, "spoken", /^Crosshair at -0\.25, 0\.05\. \d+ of 20 rare points/);
  await page.keyboard.press("Space");
  assert.deepEqual(await counts(page), [21, 400]);
  await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Enter");
  assert.deepEqual(await counts(page), [22, 400]);
  await changed(page, "field", field);
  await changed(page, "canvas", cross);
  await until(page, "sides", /of 22 rare points/);
  await page.keyboard.press("Delete");
  const [rare, common] = await counts(page);
  assert.equal(rare, 21);
  assert.ok(common < 400);
  await page.keyboard.press("Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement.id), "understand-canvas");
});

onPage("every control moves the surface; the threshold only the line", async (page) => {
  await fitted(page);
  let field = await settled(page, "field");
  for (const [id, value, shown] of [["gamma", 4.5, "4.5"], ["weight", 1, "10"], ["l2", -1, "0.1"]]) {
    await setSlider(page, id, value);
    assert.equal(await text(page, `${id}-value`), shown);
    await changed(page, "field", field);
    field = await settled(page, "field");
  }
  await page.check("#understand-balanced");
  await until(page, "threshold-value", /^0\.048$/);
  assert.equal(await text(page, "weight-value"), "20");
  assert.ok(await page.isDisabled("#understand-weight"));
  field = await settled(page, "field");

  await page.check("#understand-fourier");
  await changed(page, "field", field);
  field = await settled(page, "field");
  await setSlider(page, "l2", -5);
  for (const [id, value] of [["components", 20], ["bandwidth", -0.8]]) {
    await changed(page, "field", field);
    field = await settled(page, "field");
    await setSlider(page, id, value);
  }
  await changed(page, "field", field);

  field = await settled(page, "field");
  const line = await settled(page, "canvas");
  await setSlider(page, "threshold", 2);
  assert.equal(await text(page, "threshold-value"), "0.88");
  assert.ok(!(await page.isChecked("#understand-own")));
  await changed(page, "canvas", line);
  assert.equal(await settled(page, "field"), field);
  await page.check("#understand-own");
  assert.equal(await text(page, "threshold-value"), "0.048");
  assert.equal(await settled(page, "canvas"), line);
});

onPage("what the buttons say is so", async (page) => {
  await show(page, "Focal loss alone");
  await until(page, "sides", /^3 of 20 rare points/);
  assert.match(await text(page, "lesson"), /^Focal loss alone does not find a rare class/);
  await show(page, "Balanced weights");
  await until(page, "sides", /^16 of 20 rare points and 327 of 400/);
  await show(page, "A lower threshold");
  await until(page, "sides", /^1[5-8] of 20 rare points and 3[12]\d of 400/);
  assert.equal(await page.getAttribute('#understand-tries [aria-pressed="true"]', "data-threshold"), "-3");
  await show(page, "A ring");
  await until(page, "sides", /^13 of 20 rare points and 212 of 400/);
  await show(page, "Fourier features");
  await until(page, "sides", /^20 of 20 rare points and (39\d|400) of 400/);
  const [inside, outside] = [await colourAt(page, 0.5, 0.5), await colourAt(page, 0.5, 0.15)];
  assert.ok(inside[0] > inside[2] && outside[2] > outside[0], `${inside} in the ring of ${outside}`);
  await page.uncheck("#understand-fourier");
  assert.equal(await page.locator("#understand-tries [aria-pressed=true]").count(), 0);
  await until(page, "sides", /^13 of 20 rare points and 212 of 400/);
});

onPage("the loss and its pull follow γ", async (page) => {
  await fitted(page);
  assert.match(await text(page, "curve-text"), /^A row that is right with p = 0\.9 has the loss 0\.0011 and the pull 0\.0029; with cross-entropy its pull is 0\.1\.$/);
  const before = await page.locator("#understand-loss canvas").evaluate((canvas) => canvas.toDataURL());
  assert.equal(await page.locator("#understand-pull .dot:visible").count(), 2);
  await setSlider(page, "gamma", 0);
  await page.waitForFunction((before) => document.querySelector("#understand-loss canvas").toDataURL() !== before, before);
  assert.match(await text(page, "curve-text"), /: γ = 0 is cross-entropy\.$/);
});

onPage("one class or none: what to paint", async (page) => {
  await fitted(page);
  await page.click("#understand-clear");
  await until(page, "missing", /^Paint points of both classes, or choose a picture\.$/);
  await page.waitForFunction(() => document.getElementById("understand-field").getContext("2d").getImageData(10, 10, 1, 1).data[3] === 0);
  await stroke(page, [0.7, 0.3], [0.8, 0.3]);
  await until(page, "sides", /^Paint points of both classes: there is no common one yet\.$/);
  assert.ok(await page.locator("#understand-missing").isVisible());
  await page.check("#understand-paint-common");
  await stroke(page, [0.2, 0.8], [0.3, 0.8]);
  await until(page, "sides", /are on their side of the line/);
  assert.ok(await page.locator("#understand-missing").isHidden());
  assert.equal((await colourAt(page, 0.5, 0.5))[3], 255);
  for (const name of ["moons", "corners", "ring", "clouds"]) {
    await page.selectOption("#understand-picture", name);
    await fitted(page);
  }
});

onPage("an engine that does not start is named, and tried again with the next change", async (page) => {
  await until(page, "problem", /\S/);
  assert.ok(await page.locator("#understand-problem").isVisible());
  await page.unroute("**/worker.js");
  await setSlider(page, "gamma", 3);
  await fitted(page);
  await page.waitForFunction(() => document.getElementById("understand-problem").hidden);
}, { prepare: (page) => page.route("**/worker.js", (route) => route.fulfill({ status: 404 })), allowed: (error) => /404/.test(error) });

onPage("a change of the colour scheme is followed, and nothing moves by itself", async (page) => {
  await fitted(page);
  const [field, canvas] = [await settled(page, "field"), await settled(page, "canvas")];
  const light = await colourAt(page, 0, 1);
  await page.waitForTimeout(500);
  assert.deepEqual([await pixels(page, "field"), await pixels(page, "canvas")], [field, canvas]);
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  await page.emulateMedia({ colorScheme: "dark" });
  await changed(page, "field", field);
  await changed(page, "canvas", canvas);
  const dark = await colourAt(page, 0, 1);
  assert.ok(dark[0] + dark[1] + dark[2] < light[0] + light[1] + light[2], `${light} became ${dark}`);
}, { context: { reducedMotion: "reduce", colorScheme: "light" } });

onPage("a small screen: nothing is wider than it, the canvas stays in sight, a finger paints", async (page) => {
  await fitted(page);
  assert.ok(await page.evaluate(() => document.getElementById("understand").scrollWidth <= document.documentElement.clientWidth));
  await page.locator("#understand-gamma").scrollIntoViewIfNeeded();
  const box = await page.locator("#understand-canvas").boundingBox();
  assert.ok(box.y >= 0 && box.y + box.height < 500, `the canvas is at ${box.y}`);
  await page.touchscreen.tap(box.x + 20, box.y + 20);
  assert.deepEqual(await counts(page), [21, 400]);
  assert.equal(await page.locator("#understand-canvas").evaluate((canvas) => getComputedStyle(canvas).touchAction), "none");
  await page.setViewportSize({ width: 800, height: 780 });
  await page.waitForFunction(() => {
    const canvas = document.getElementById("understand-canvas");
    return canvas.offsetWidth > 400 && Math.abs(canvas.width - canvas.offsetWidth * devicePixelRatio) < 2;
  });
}, { context: { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } });
