// Lighthouse's scores that do not depend on how fast the machine is; bench/lighthouse.mjs has the other.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serveSite } from "./browser.mjs";
import { failing, openLighthouse } from "./lighthouse.mjs";

let [lighthouse, site] = [];
before(async () => {
  [lighthouse, site] = await Promise.all([openLighthouse(), serveSite()]);
});
after(async () => {
  await lighthouse?.close();
  await site?.close();
});

const categories = ["accessibility", "best-practices", "seo"];

for (const desktop of [false, true]) {
  test(`Lighthouse scores ${desktop ? "desktop" : "mobile"} 95 and more`, async () => {
    const result = await lighthouse.run(site.url, { desktop, categories });
    for (const category of categories) {
      const { score } = result.categories[category];
      assert.ok(score >= 0.95, `${category} ${Math.round(100 * score)}: ${failing(result, category).join("; ")}`);
    }
  });
}
