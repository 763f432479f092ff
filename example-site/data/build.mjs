// The page's data: what is changed in each set is said in README.md.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const linesOf = (path) => readFileSync(here(path), "utf8").trimEnd().split(/\r?\n/);

/** Writes the page's tables, and the programs that make the payments, to `folder`. */
export function writeData(folder) {
  mkdirSync(folder, { recursive: true });
  const write = (name, lines) => writeFileSync(`${folder}/${name}`, `${lines.join("\n")}\n`);
  write("seattle-snow.csv", seattleSnow(linesOf("../node_modules/vega-datasets/data/seattle-weather.csv")));
  write("breast-cancer.csv", relabelled(linesOf("../../linear/testdata/breast_cancer.csv"), "diagnosis", { 0: "benign", 1: "malignant" }));
  write("digits.csv", relabelled(linesOf("../../linear/testdata/digits.csv"), "digit"));
  for (const file of ["transactions.js", "in-slices.js"]) cpSync(here(file), `${folder}/${file}`);
}

/** A row for each day but the first: its date, the readings of the day before, its weather. */
function seattleSnow([header, ...days]) {
  const [first, ...readings] = header.split(",");
  if (first !== "date" || readings.at(-1) !== "weather") throw new Error(`seattle-weather.csv has the columns ${header}`);
  return [
    ["date", ...readings.map((name) => `${name}_before`), "weather"].join(","),
    ...days.slice(1).map((day, row) => {
      const [date, weather] = [day.split(",")[0], day.split(",").at(-1)];
      const [before, ...values] = days[row].split(",");
      if (Date.parse(date) - Date.parse(before) !== 86400e3) throw new Error(`seattle-weather.csv goes from ${before} to ${date}`);
      return [date, ...values, weather].join(",");
    }),
  ];
}

/** A table whose last column, `label`, has another name, and other values where `values` has them. */
function relabelled([header, ...rows], name, values = {}) {
  if (!header.endsWith(",label")) throw new Error(`the last column of ${header.slice(0, 60)}… is not "label"`);
  return [header.replace(/label$/, name), ...rows.map((row) => row.replace(/[^,]*$/, (value) => values[value] ?? value))];
}
