// Ways to use the page as a visitor does.

/** The element with an id, or a selector's. */
export function $(what) {
  const found = document.getElementById(what) ?? document.querySelector(what);
  if (!found) throw new Error(`there is no ${what}`);
  return found;
}
export const text = (id) => $(id).textContent;
export const number = (id) => Number(text(id).replaceAll(",", ""));
/** Texts by their ids. */
export const texts = (...ids) => Object.fromEntries(ids.map((id) => [id, text(id)]));
export const cells = (body) => Array.from($(body).rows, (row) => Array.from(row.cells, (cell) => cell.textContent));
export const shown = (what) => $(what).checkVisibility();

export function check(holds, what) {
  if (!holds) throw new Error(what);
}
export function equal(actual, expected, what = "it") {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value));
  check(a === b, `${what} is ${a}, not ${b}`);
}
export function match(string, pattern) {
  const found = pattern.exec(string);
  check(found, `“${string}” is not ${pattern}`);
  return found;
}

export const pause = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds));
/** Waits until something holds; `what` says what is the case instead. */
export async function until(holds, what) {
  for (let tries = 0; !holds(); tries++) {
    check(tries < 1000, what());
    await pause(20);
  }
}
export const untilText = (id, pattern) => until(() => pattern.test(text(id)), () => `#${id} says “${text(id)}”, not ${pattern}`);
export const untilStatus = (pattern) => untilText("status", pattern);
export const ready = () => untilStatus(/^(Ready: press Train|This is the model of your last visit)\.$/);

/** Where the pointer meets an element, in the middle of its first line, once it is scrolled to where nothing is above it. */
export function reach(element) {
  const name = element.id || element.outerHTML.slice(0, 80);
  check(!element.matches(":disabled"), `${name} is disabled`);
  let hit;
  for (const block of ["center", "end", "start"]) {
    element.scrollIntoView({ block, behavior: "instant" });
    const [box] = element.getClientRects();
    check(box, `${name} is not shown`);
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    hit = document.elementFromPoint(x, y);
    if (hit && (element.contains(hit) || hit.closest("label")?.contains(element))) return { hit, x, y };
  }
  throw new Error(`above ${name} is ${hit?.outerHTML.slice(0, 80)}`);
}
export function click(what) {
  const element = $(what);
  reach(element);
  element.click();
}
/** Gives a control a value. */
export function set(id, value) {
  const control = $(id);
  reach(control);
  control.focus();
  control.value = value;
  equal(control.value, String(value), id);
  for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, { bubbles: true }));
}
export function press(key, more = {}) {
  for (const kind of ["keydown", "keyup"]) document.activeElement.dispatchEvent(new KeyboardEvent(kind, { key, bubbles: true, cancelable: true, ...more }));
}

export async function train() {
  click("train");
  await untilStatus(/^Trained in /);
}
export async function chooseSource(source) {
  click(`#sources input[value=${source}]`);
  await untilStatus(/^Ready: press Train\.$/);
}
export const confusion = () => Object.fromEntries(["tp", "fn", "fp", "tn"].map((id) => [id, number(id)]));

export const csv = (name, lines) => new File([Array.isArray(lines) ? lines.join("\n") : lines], name, { type: "text/csv" });
export function transferOf(file) {
  const data = new DataTransfer();
  data.items.add(file);
  return data;
}
export function chooseFile(file) {
  const input = $("file");
  reach(input);
  input.files = transferOf(file).files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

const dataOf = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
/** How many pixels of a canvas are of a kind, of which red, green, blue and alpha tell. */
export function pixels(canvas, kind) {
  const data = dataOf(canvas);
  let count = 0;
  for (let i = 0; i < data.length; i += 4) if (kind(data[i], data[i + 1], data[i + 2], data[i + 3])) count++;
  return count;
}
const isAccent = (r, _g, b, alpha) => alpha > 0 && b > r + 60;
/** How many pixels of a chart are of the accent's colour. */
export const drawn = (chart) => pixels($(`#${chart} canvas`), isAccent);
/** Whether a chart's dot is on its line of the accent's colour. */
export function dotOnLine(chart) {
  const canvas = $(`#${chart} canvas`);
  const [outer, dot] = [canvas, $(`#${chart} .dot`)].map((element) => element.getBoundingClientRect());
  const scale = canvas.width / outer.width;
  const [x, y] = [dot.left + dot.width / 2 - outer.left, dot.top + dot.height / 2 - outer.top];
  const { data } = canvas.getContext("2d").getImageData(scale * (x - 4), scale * (y - 4), scale * 8, scale * 8);
  for (let i = 0; i < data.length; i += 4) if (isAccent(...data.subarray(i, i + 4))) return true;
  return false;
}
/** A number for what is on a canvas. */
export function picture(id) {
  let hash = 0;
  for (const value of new Uint32Array(dataOf($(id)).buffer)) hash = (Math.imul(hash, 31) + value) | 0;
  return hash;
}
/** What is on a canvas once it is no longer `before`. */
export async function changed(id, before) {
  await until(() => picture(id) !== before, () => `the canvas ${id} stays as it is`);
  return picture(id);
}
/** What is on a canvas once it stays. */
export async function settled(id) {
  let before = picture(id);
  for (let same = 0; same < 4; ) {
    await pause(60);
    const now = picture(id);
    same = now === before ? same + 1 : 0;
    before = now;
  }
  return before;
}
