import { cellsOf, type RecipeColumn } from "./recipe.js";

const shapes = { number: [], category: ["categories"], date: ["periods"] };

/** Checks a recipe of unknown origin, and returns how many columns it makes. `bad` makes the error of what is wrong with it. */
export function checkRecipe(table: unknown, bad: (what: string) => Error): number {
  const check = (fine: unknown, place: string) => {
    if (!fine) throw bad(`${place} is not as it must be`);
  };
  const fields = (object: unknown, names: readonly string[], place: string) => {
    check(Object(object) === object, place);
    for (const name in object as object) check(names.includes(name), `${place}.${name}`);
    return object as Record<string, unknown>;
  };
  const texts = (list: unknown, place: string, others = false) =>
    check(Array.isArray(list) && Array.from(list).every((text, at) => typeof text === "string" || (others && text === null && at === list.length - 1)), place);

  const { columns, ignored, blanks, impute } = fields(table, ["columns", "ignored", "blanks", "impute"], "table");
  texts(ignored, "table.ignored");
  texts(blanks, "table.blanks");
  check(["mean", "median"].includes(impute as string), "table.impute");
  check(Array.isArray(columns), "table.columns");
  return Array.from(columns as unknown[]).reduce<number>((made, column, at) => {
    const place = `table.columns[${at}]`;
    const kind = (column as RecipeColumn | null)?.kind;
    check(Object.hasOwn(shapes, String(kind)), place);
    const { name, categories, periods, missing = true } = fields(column, ["name", "kind", "missing", ...shapes[kind!]], place);
    check(typeof name === "string" && missing === true, place);
    if (kind === "category") texts(categories, `${place}.categories`, true);
    if (kind === "date") check(Array.isArray(periods) && Array.from(periods).every((period) => period === 0 || (period >= 1 && Number.isFinite(period))), `${place}.periods`);
    return made + cellsOf(column as RecipeColumn, "", [""], bad as never).length;
  }, 0);
}
