// The parts of the page as pictures, compared with those in pictures/. Where a change is meant, `npm run pictures` takes
// them anew: look at each of them before it is committed.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { openBrowser, serveSite } from "./browser.mjs";
import { chooseSource, compare, ready, train, until } from "./page.mjs";
import { decode, differences, encode } from "./png.mjs";

const folder = fileURLToPath(new URL("pictures/", import.meta.url));
const update = process.env.UPDATE === "1";
/** How many of a picture's blocks may differ, and by how many pixels its height. */
const [mostBlocks, mostPixels] = [4, 2];

let [browser, site, written] = [];
before(async () => {
  [browser, site] = await Promise.all([openBrowser({ environment: { FONTCONFIG_FILE: join(folder, "fonts.conf") } }), serveSite()]);
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/** Takes out what is another each time, and lays what sticks to the window back into the page. */
const still = (page) =>
  page.evaluate(() => {
    const style = new CSSStyleSheet();
    style.replaceSync("nav, .actions, .view, .easel { position: static !important; }");
    document.adoptedStyleSheets = [style];
    const set = (id, text) => (document.getElementById(id).textContent = text);
    if (document.getElementById("fact-time").textContent !== "–") {
      set("fact-time", "10 ms of 100 ms");
      set("fact-speed", "10 million");
    }
    set("understand-time", "Fitted in 10 ms.");
    set("code", document.getElementById("code").textContent.replace(/127\.0\.0\.1:\d+/, "127.0.0.1"));
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });

/** What is wrong with a picture; undefined for nothing. */
async function check(page, selector, name) {
  await still(page);
  const picture = decode(await page.locator(selector).screenshot({ animations: "disabled" }));
  const file = join(folder, `${name}.png`);
  if (update) return void writeFileSync(file, encode(picture));
  const fault = () => {
    if (!existsSync(file)) return "is not there";
    const expected = decode(readFileSync(file));
    if (picture.width !== expected.width || Math.abs(picture.height - expected.height) > mostPixels) return `was ${expected.width} × ${expected.height} and is ${picture.width} × ${picture.height}`;
    const blocks = differences(picture, expected);
    return blocks.length > mostBlocks ? `differs in ${blocks.length} places, first at ${blocks[0].join(", ")}` : undefined;
  };
  const what = fault();
  if (!what) return;
  written ??= mkdtempSync(join(tmpdir(), "focalfit-pictures-"));
  writeFileSync(join(written, `${name}.png`), encode(picture));
  return `${name}.png ${what}: see ${join(written, `${name}.png`)}`;
}

/** Waits until the playground's field has been the same for a while. */
const settled = (page) =>
  page.evaluate(async () => {
    const field = document.getElementById("understand-field");
    for (let [same, before] = [0, ""]; same < 5; ) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const now = field.toDataURL();
      same = now === before ? same + 1 : 0;
      before = now;
    }
  });

const skip = process.platform !== "linux" && "the fonts are set by fontconfig";
for (const width of [390, 1280]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`pictures at ${width} px, ${colorScheme}`, { skip }, async () => {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion: "reduce" });
      try {
        const page = await context.newPage();
        const faults = [];
        const see = async (selector, name) => faults.push(await check(page, selector, `${name}-${width}-${colorScheme}`));
        await page.goto(site.url);
        await ready(page);
        await train(page);
        await compare(page);
        await until(page, "row-text", /^It is/);
        await page.locator("#kept").waitFor();
        await page.locator("#understand").scrollIntoViewIfNeeded();
        await page.getByRole("button", { name: "Focal loss alone" }).click();
        await until(page, "understand-sides", /^3 of 20 rare points/);
        await settled(page);
        for (const [part, name] of [["train-part", "train"], ["understand", "understand"], ["judge", "judge"], ["explain", "explain"], ["takeaway", "takeaway"]]) await see(`#${part}`, name);
        await chooseSource(page, "digits");
        await train(page);
        await see("#mistaken-part", "digits");
        assert.deepEqual(faults.filter(Boolean), []);
      } finally {
        await context.close();
      }
    });
  }
}
