// How the page feels: widths, keyboard, names, reloads, links.
import assert from "node:assert/strict";
import { chooseFile, chooseSource, codeOf, compare, csv, machines, nextFrame, onPage, ready, reloadKept, setSlider, text, train, until, untilStatus } from "./page.mjs";

for (const width of [360, 768, 1280, 3840]) {
  onPage(`nothing is wider than the page at ${width} px`, async (page) => {
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(await overflow(), 0);
    await ready(page);
    await train(page);
    await compare(page);
    await page.click("#columns-summary");
    assert.equal(await overflow(), 0);
    await page.selectOption("#positive", "*");
    await ready(page);
    await train(page);
    await compare(page);
    assert.equal(await overflow(), 0);
    await page.check("#sources input[value=file]");
    assert.equal(await overflow(), 0);
  }, { width });
}

onPage("a model and its settings survive a reload", async (page) => {
  await ready(page);
  await chooseSource(page, "cancer");
  await setSlider(page, "gamma", 3.5);
  await page.selectOption("#weight", "number");
  await page.fill("#weight-number", "7");
  await train(page);
  const shown = async () => nextFrame(page).then(() => Promise.all(["headline", "pr-text", "roc-text", "reliability-text", "fact-rows", "fact-time", "coefficients", "contributions", "row-text", "code"].map((id) => text(page, id))));
  await until(page, "row-text", /^It is/);
  const before = await shown();
  await reloadKept(page);
  await untilStatus(page, /^This is the model of your last visit\.$/);
  await until(page, "row-text", /^It is/);
  assert.deepEqual(await shown(), before);
  assert.equal(await page.inputValue("#gamma"), "3.5");
  assert.equal(await page.inputValue("#weight"), "number");
  assert.equal(await page.inputValue("#weight-number"), "7");
  await train(page);
  assert.equal((await shown())[0], before[0]);
  // Without an address the settings come back with the model.
  await page.evaluate(() => history.replaceState(null, "", location.pathname));
  await reloadKept(page);
  await untilStatus(page, /^This is the model of your last visit\.$/);
  assert.equal(await page.inputValue("#gamma"), "3.5");
  await page.click("#forget");
  await until(page, "headline", /^Nothing is trained yet/);
  await page.reload();
  await ready(page);
  assert.ok(await page.locator("#judged").isHidden());
});

onPage("the model of a file survives, and its rows do not", async (page) => {
  await ready(page);
  await chooseFile(page, machines());
  await ready(page);
  await train(page);
  const headline = await text(page, "headline");
  await reloadKept(page);
  await untilStatus(page, /^The model of machines\.csv is kept\. To train again, choose the file again\.$/);
  assert.equal(await text(page, "headline"), headline);
  assert.match(await text(page, "row-text"), /choose the file again/);
  await setSlider(page, "threshold", 0);
  assert.equal(await text(page, "fn"), "0");
  await page.setInputFiles("#file", machines());
  await until(page, "rows", /^599 rows/);
  await train(page);
  assert.equal(await text(page, "headline"), headline);
});

onPage("a link holds the settings", async (page) => {
  await ready(page);
  assert.match(await text(page, "rows"), /^1,460 days: 1,022 \(36 drizzle\).*draw\u00a03/);
  for (const [id, value] of [["gamma", "1.5"], ["weight", "none"], ["l2", "-2"], ["positive", "drizzle"]]) assert.equal(await page.inputValue(`#${id}`), value, id);
  await page.selectOption("#positive", "fog");
  await ready(page);
  await page.selectOption("#weight", "number");
  await setSlider(page, "gamma", 0);
  assert.equal(new URL(page.url()).hash, "#data=snow&class=fog&draw=3&gamma=0&weight=10&l2=-2");
}, { hash: "#data=snow&class=drizzle&draw=3&gamma=1.5&weight=none&l2=-2" });

onPage("that a file is to be chosen survives a reload", async (page) => {
  await ready(page);
  await page.check("#sources input[value=file]");
  await untilStatus(page, /^Choose a CSV file/);
  await page.reload();
  await untilStatus(page, /^Choose a CSV file/);
  assert.ok(await page.locator("#sources input[value=file]").isChecked());
});

onPage("a link that makes no sense does no harm", async (page) => {
  await ready(page);
  assert.equal(await page.inputValue("#positive"), "snow");
  assert.equal(await page.inputValue("#gamma"), "2");
}, { hash: "#data=snow&class=hail&draw=-1&gamma=99&weight=x&l2=%" });

onPage("the keyboard is enough", async (page) => {
  await ready(page);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await page.focus("#sources input[value=snow]");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "positive");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.inputValue("#positive"), "drizzle");
  await ready(page);
  await page.focus("#gamma");
  await page.keyboard.press("End");
  assert.equal(await text(page, "gamma-value"), "5");
  await page.keyboard.press("Enter");
  await untilStatus(page, /^Trained in /);
  await page.focus("#train");
  await page.keyboard.press("Enter");
  await untilStatus(page, /^Trained in /);
  assert.equal(await page.evaluate(() => document.activeElement.id), "train");
  // Everything that can be used is on the way of the Tab key.
  const usable = await page.locator("a[href], button, input, select, summary, [tabindex='0']").evaluateAll((all) =>
    all.filter((e) => e.checkVisibility() && !e.disabled && !(e.type === "radio" && !e.checked) && !e.matches(":focus")).length);
  const reached = new Set();
  await page.evaluate(() => document.activeElement.blur());
  for (let i = 0; i < usable + 5; i++) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => [...document.querySelectorAll("*")].indexOf(document.activeElement)));
  }
  assert.ok(reached.size >= usable, `${reached.size} of ${usable}`);
});

onPage("every control has a name", async (page) => {
  await ready(page);
  const nameless = await page.locator("input, select, button, progress, [role=img], [role=region]").evaluateAll((all) =>
    all.filter((e) => !(e.labels?.length || e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.textContent.trim())).map((e) => e.id));
  assert.deepEqual(nameless, []);
});

onPage("nothing is asked of anyone else, and no cookie is set", async (page, site) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.reload();
  await ready(page);
  for (const source of ["cancer", "digits", "transactions", "snow"]) await chooseSource(page, source);
  await train(page);
  assert.ok(asked.length > 10);
  assert.deepEqual(asked.filter((url) => !url.startsWith(site.url) && !url.startsWith("blob:")), []);
  assert.deepEqual(await page.context().cookies(), []);
});

onPage("an address that is changed is followed, and going to a part leaves the settings in it", async (page) => {
  await ready(page);
  await train(page);
  await page.evaluate(() => (location.hash = "#data=snow&class=snow&draw=1&gamma=0.5&weight=none&l2=-2&threshold=0.1"));
  await untilStatus(page, /^These are the settings of the address: press Train\.$/);
  assert.deepEqual([await page.inputValue("#gamma"), await page.inputValue("#weight"), await page.inputValue("#threshold-number")], ["0.5", "none", "0.1"]);
  await page.evaluate(() => (location.hash = "#data=cancer&class=benign&draw=2&gamma=1"));
  await until(page, "rows", /^569 samples.*benign.*draw\u00a02/);
  assert.ok(await page.locator("#judged").isHidden());
  await page.goBack();
  await until(page, "rows", /^1,460 days/);
  assert.equal(await page.inputValue("#gamma"), "0.5");

  const { hash } = new URL(page.url());
  const before = await page.evaluate(() => history.length);
  await page.click("nav a[href='#judge']");
  await page.waitForFunction(() => Math.abs(document.getElementById("judge").getBoundingClientRect().top) < 200);
  await page.waitForFunction((address) => location.hash === address, hash);
  assert.equal(await page.evaluate(() => history.length), before);
  // The Tab key goes on from there.
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.matches("#judge *")));
});

onPage("a link holds a threshold, for the first model", async (page) => {
  await ready(page);
  await train(page);
  assert.equal(await page.inputValue("#threshold-number"), "0.15");
  assert.match(await codeOf(page), /classifier\.threshold = 0\.15;/);
  await page.fill("#miss", "7");
  await train(page);
  assert.equal(await page.inputValue("#threshold-number"), "0.0176");
  assert.equal(new URL(page.url()).hash, "#data=snow&class=snow&draw=1&gamma=2&weight=balanced&l2=-4&miss=7");
  await page.fill("#threshold-number", "0.3");
  await page.selectOption("#positive", "fog");
  await ready(page);
  assert.doesNotMatch(page.url(), /threshold/);
}, { hash: "#data=snow&class=snow&threshold=0.15" });

onPage("a link to a file holds its column, class and draw", async (page) => {
  await untilStatus(page, /^Choose a CSV file/);
  await page.setInputFiles("#file", machines());
  await ready(page);
  assert.deepEqual([await page.inputValue("#label"), await page.inputValue("#positive")], ["note", "y"]);
  assert.match(await text(page, "rows"), /draw\u00a03/);
}, { hash: "#data=file&label=note&class=y&draw=3&gamma=1" });

onPage("a file that is chosen again brings the rows of the model that was kept", async (page) => {
  await ready(page);
  await chooseFile(page, machines());
  await ready(page);
  await page.selectOption("#label", "note");
  await ready(page);
  await train(page);
  const headline = await text(page, "headline");
  await setSlider(page, "gamma", 1);
  await reloadKept(page);
  await untilStatus(page, /^The model of machines\.csv is kept/);
  await page.setInputFiles("#file", machines());
  await untilStatus(page, /^This is the model of your last visit, of other settings than these\.$/);
  assert.equal(await text(page, "headline"), headline);
  assert.match(await text(page, "row-text"), /^It is/);
  // Another file with these columns is none of its.
  await reloadKept(page);
  await untilStatus(page, /^The model of machines\.csv is kept/);
  const { name, buffer } = machines();
  await page.setInputFiles("#file", { name, mimeType: "text/csv", buffer: Buffer.from(buffer.toString().replaceAll(";x", ";z")) });
  await ready(page);
  assert.ok(await page.locator("#judged").isHidden());
});

onPage("what a miss costs may be changed while a model is trained, and a model forgotten", async (page) => {
  await ready(page);
  await chooseSource(page, "transactions");
  await train(page);
  assert.match(await page.evaluate(() => {
    document.getElementById("train").click();
    const miss = document.getElementById("miss");
    miss.value = 77;
    miss.dispatchEvent(new Event("input", { bubbles: true }));
    return document.getElementById("status").textContent;
  }), /^Training/);
  await untilStatus(page, /^Trained in/);
  assert.equal(await page.inputValue("#miss"), "77");
  await page.evaluate(() => {
    document.getElementById("train").click();
    document.getElementById("forget").click();
  });
  await page.waitForTimeout(1000);
  await ready(page);
  assert.ok(await page.locator("#judged").isHidden());
});

for (const width of [360, 1280]) {
  onPage(`names of hundreds of letters make nothing wider than the page at ${width} px`, async (page) => {
    await ready(page);
    const long = (letter) => letter.repeat(400);
    await chooseFile(page, csv(`${"f".repeat(200)}.csv`, [`${long("a")},b,y`, ...Array.from({ length: 200 }, (_, i) => `${i % 7},${i % 11},${i % 10 ? `${long("y")}${i % 3}` : long("x")}`)]));
    await ready(page);
    for (const positive of [long("x"), "*"]) {
      await page.selectOption("#positive", positive);
      await ready(page);
      await train(page);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 0);
    }
  }, { width });
}
