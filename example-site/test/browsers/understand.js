// Part 2: painting, and what the controls do to the surface.
import { $, changed, check, click, equal, match, picture, pixels, press, reach, set, settled, shown, text, until, untilText } from "./visitor.js";

const id = (name) => `understand-${name}`;
const sides = (pattern) => untilText(id("sides"), pattern);
const fitted = () => sides(/^\d+ of 20 rare points and \d+ of 400 common ones are on their side/);
const counts = () => match(text(id("counts")), /^([\d,]+) rare points?, ([\d,]+) common ones?\./).slice(1).map(Number);
const field = () => settled(id("field"));
const otherField = (before) => changed(id("field"), before);
/** Red, green, blue and alpha of the field at a share of its width and height. */
const colourAt = (x, y) => {
  const canvas = $(id("field"));
  return [...canvas.getContext("2d").getImageData(Math.round(x * (canvas.width - 1)), Math.round(y * (canvas.height - 1)), 1, 1).data];
};

/** A stroke of a pointer through places in shares of the canvas's width and height. */
function stroke(...places) {
  const { hit } = reach($(id("canvas")));
  const box = hit.getBoundingClientRect();
  const send = (kind, [x, y], buttons) =>
    hit.dispatchEvent(new PointerEvent(kind, { bubbles: true, cancelable: true, pointerId: 1, pointerType: "mouse", isPrimary: true, button: kind === "pointermove" ? -1 : 0, buttons, clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
  send("pointerdown", places[0], 1);
  for (const [i, [x, y]] of places.slice(1).entries()) {
    const [fromX, fromY] = places[i];
    for (let step = 1; step <= 8; step++) send("pointermove", [fromX + ((x - fromX) * step) / 8, fromY + ((y - fromY) * step) / 8], 1);
  }
  send("pointerup", places.at(-1), 0);
}

export default {
  async "the line, and the colours of both sides"() {
    await until(() => !$(id("controls")).disabled, () => "the controls stay disabled");
    $("understand").scrollIntoView({ behavior: "instant" });
    await sides(/^2 of 20 rare points and 397 of 400 common ones are on their side of the line\.$/);
    await field();
    const [left, right] = [colourAt(0, 0.9), colourAt(1, 0)];
    check(left[2] > left[0] + 40 && right[0] > right[2] + 40, `the common side is ${left}, the rare one ${right}`);
    const canvas = $(id("canvas"));
    check(Math.abs(canvas.width - canvas.offsetWidth * Math.max(devicePixelRatio, 1)) < 2, `${canvas.width} pixels for ${canvas.offsetWidth}`);
    return { left, right, counts: counts() };
  },
  async "painting with a pointer, and erasing"() {
    const [before, points] = [await field(), await settled(id("points"))];
    stroke([0.1, 0.1], [0.1, 0.6]);
    const [rare, common] = counts();
    check(rare >= 28 && rare <= 45 && common === 400, text(id("counts")));
    await otherField(before);
    await changed(id("points"), points);
    click(`#${id("paint-common")}`);
    stroke([0.8, 0.8], [0.9, 0.8]);
    const [sameRare, moreCommon] = counts();
    check(sameRare === rare && moreCommon > 405, text(id("counts")));
    const painted = await field();
    click(`#${id("erase")}`);
    stroke([0.1, 0.1], [0.1, 0.6]);
    const [left, rest] = counts();
    check(left === 20 && rest > moreCommon - 20 && rest <= moreCommon, text(id("counts")));
    await otherField(painted);
    // A pointer that is not down paints nothing.
    const { hit, x, y } = reach($(id("canvas")));
    hit.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, isPrimary: true, clientX: x, clientY: y }));
    equal(counts(), [left, rest]);
  },
  async "painting by keyboard"() {
    set(id("picture"), "clouds");
    click(id("paint-rare"));
    await fitted();
    const surface = await field();
    $(id("canvas")).focus();
    equal(document.activeElement.id, id("canvas"));
    const bare = await settled(id("canvas"));
    press("ArrowLeft", { shiftKey: true });
    press("ArrowUp");
    const cross = await changed(id("canvas"), bare);
    await untilText(id("spoken"), /^Crosshair at -0\.25, 0\.05\. \d+ of 20 rare points/);
    press(" ");
    equal(counts(), [21, 400]);
    press("ArrowLeft", { shiftKey: true });
    press("Enter");
    equal(counts(), [22, 400]);
    await otherField(surface);
    await changed(id("canvas"), cross);
    await sides(/of 22 rare points/);
    await field();
    const painted = text(id("sides"));
    press("Delete");
    const [rare, common] = counts();
    check(rare === 21 && common < 400, text(id("counts")));
    return { painted, left: counts() };
  },
  async "every control moves the surface, the threshold only the line"() {
    set(id("picture"), "moons");
    set(id("picture"), "clouds");
    await fitted();
    const said = [];
    let surface = await field();
    const move = async (name, value, shows) => {
      set(id(name), value);
      if (shows) equal(text(id(`${name}-value`)), shows, name);
      await otherField(surface);
      surface = await field();
      said.push(`${name} ${value}: ${text(id("sides"))}`);
    };
    await move("gamma", 4.5, "4.5");
    await move("weight", 1, "10");
    await move("l2", -1, "0.1");
    click(id("balanced"));
    await untilText(id("threshold-value"), /^0\.048$/);
    equal(text(id("weight-value")), "20");
    check($(id("weight")).disabled, "the weight is not disabled");
    surface = await field();
    click(id("fourier"));
    surface = await otherField(surface);
    check(shown(id("features")), "the features' settings are hidden");
    surface = await field();
    await move("l2", -5);
    await move("components", 20, "20");
    await move("bandwidth", -0.8, "0.16");

    const line = await settled(id("canvas"));
    set(id("threshold"), 2);
    equal(text(id("threshold-value")), "0.88");
    check(!$(id("own")).checked, "the threshold is still the model's");
    await changed(id("canvas"), line);
    equal(await field(), surface, "the field");
    said.push(text(id("sides")));
    click(id("own"));
    equal(text(id("threshold-value")), "0.048");
    await until(() => picture(id("canvas")) === line, () => "the line does not go back");
    return said;
  },
  async "what the buttons say is so"() {
    const said = {};
    for (const [name, found] of [["Focal loss alone", /^3 of 20/], ["Balanced weights", /^16 of 20 rare points and 327 of 400/], ["A lower threshold", /^1[5-8] of 20 rare points and 3[12]\d of 400/], ["A ring", /^13 of 20 rare points and 212 of 400/], ["Fourier features", /^20 of 20 rare points and (39\d|400) of 400/]]) {
      const button = [...document.querySelectorAll("#understand-tries button")].find(({ textContent }) => textContent === name);
      reach(button);
      button.click();
      await sides(found);
      equal(document.querySelectorAll("#understand-tries [aria-pressed=true]").length, 1, "buttons that are pressed");
      await field();
      said[name] = text(id("sides"));
    }
    const [inside, outside] = [colourAt(0.5, 0.5), colourAt(0.5, 0.15)];
    check(inside[0] > inside[2] && outside[2] > outside[0], `${inside} in the ring of ${outside}`);
    return { said, inside, outside };
  },
  async "the loss and its pull follow γ"() {
    for (const chart of ["loss", "pull"]) {
      const canvas = $(`#${id(chart)} canvas`);
      await until(() => pixels(canvas, (_r, _g, _b, alpha) => alpha > 200) > 500, () => `the ${chart} is not drawn`);
      equal(document.querySelectorAll(`#${id(chart)} .dot:not([hidden])`).length, 2, "dots");
    }
    const before = $(`#${id("loss")} canvas`).toDataURL();
    set(id("gamma"), 0);
    await until(() => $(`#${id("loss")} canvas`).toDataURL() !== before, () => "the curve stays");
    await untilText(id("curve-text"), /: γ = 0 is cross-entropy\.$/);
  },
  async "one class, or none"() {
    click(id("clear"));
    await untilText(id("missing"), /^Paint points of both classes, or choose a picture\.$/);
    await until(() => colourAt(0.1, 0.1)[3] === 0, () => "the field stays");
    stroke([0.7, 0.3], [0.8, 0.3]);
    await sides(/^Paint points of both classes: there is no common one yet\.$/);
    click(id("paint-common"));
    stroke([0.2, 0.8], [0.3, 0.8]);
    await sides(/are on their side of the line/);
    check(!shown(id("missing")), "what is missing stays");
    await until(() => colourAt(0.5, 0.5)[3] === 255, () => "there is no field");
  },
};
