// Lighthouse's scores of the page in the system's Chromium, mobile and desktop, with what does not pass:
// node bench/lighthouse.mjs [runs], after `make site`. Performance depends on the machine and on what else it does: each
// number is the median of some runs, with the least and the most.
import { loadavg } from "node:os";
import { serveSite } from "../test/browser.mjs";
import { failing, openLighthouse } from "../test/lighthouse.mjs";

const runs = Number(process.argv[2] ?? 3);
const site = await serveSite();
const of = (list, digits = 0) => {
  const sorted = list.toSorted((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].map((v) => v.toFixed(digits));
  return least === most ? median : `${median} (${least}–${most})`;
};
const metrics = { FCP: "first-contentful-paint", LCP: "largest-contentful-paint", TBT: "total-blocking-time", CLS: "cumulative-layout-shift", SI: "speed-index" };

for (const desktop of [false, true]) {
  const results = [];
  for (let run = 0; run < runs; run++) {
    const lighthouse = await openLighthouse();
    results.push(await lighthouse.run(site.url, { desktop }));
    await lighthouse.close();
  }
  console.log(`\n${desktop ? "desktop" : "mobile"}, load average ${loadavg().map((v) => v.toFixed(1)).join(" ")}`);
  for (const category of Object.keys(results[0].categories)) {
    console.log(`  ${category}: ${of(results.map(({ categories }) => 100 * categories[category].score))}`);
    for (const line of failing(results.at(-1), category)) console.log(`    ${line}`);
  }
  console.log(`  ${Object.entries(metrics).map(([name, id]) => `${name} ${of(results.map(({ audits }) => audits[id].numericValue), id === "cumulative-layout-shift" ? 3 : 0)}`).join(", ")}`);
}
await site.close();
