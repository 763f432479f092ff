// Visits to the page, one after the other: ?browser=…&visit=… says which is next, and each tells the server how its cases went.
import { tell } from "/browser/cases.js";
import { equal } from "./visitor.js";

const usual = "#data=snow&class=snow&draw=1&gamma=2&weight=balanced&l2=-4";
/** The address that each begins with; one without goes on where the visit before has ended. */
const visits = {
  "train": "",
  "understand": usual,
  "judge": usual,
  "explain": usual,
  "takeaway": usual,
  "kept": undefined,
  "kept-without-address": "",
  "forgotten": "",
  "link": "#data=snow&class=drizzle&draw=3&gamma=1.5&weight=none&l2=-2",
  "senseless-link": "#data=snow&class=hail&draw=-1&gamma=99&weight=x&l2=%",
};

const query = new URLSearchParams(location.search);
const visit = query.get("visit");
const { default: cases } = await import(`./${visit}.js`);
await tell({ ...cases, "nothing goes wrong": () => equal(wrong, []) });

const names = Object.keys(visits);
const next = names[names.indexOf(visit) + 1];
query.set("visit", next ?? "saved");
if (next) {
  history.replaceState(null, "", `${location.pathname}?${query}${visits[next] ?? location.hash}`);
  location.reload();
} else {
  location.href = `saved/?${query}`;
}
