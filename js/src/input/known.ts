import { FocalfitError } from "./errors.js";

/** Throws BAD_OPTION for a field of `object` that is not in `known`, naming the nearest one that is. */
export function checkKnown(object: object, known: readonly string[], kind = "option"): void {
  for (const name of Object.keys(object)) {
    if (known.includes(name)) continue;
    const near = nearest(name, known);
    throw new FocalfitError("BAD_OPTION", `Unknown ${kind} "${name}"${near ? `: did you mean "${near}"?` : ": leave it out."}`, { option: name });
  }
}

/** The known name that `name` is probably meant to be: up to a third of it mistyped, or its letters left out. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.replace(/[-_\s]/g, "").toLowerCase();
  const given = plain(name);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(given.length / 3)) + 1;
  for (const candidate of known) {
    const other = plain(candidate);
    const distance = abbreviates(given, other) ? 1 : editDistance(given, other);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Whether `short` is `long` with letters left out after the first, such as "cols" for "columns". */
function abbreviates(short: string, long: string): boolean {
  if (short.length < 3 || short[0] !== long[0]) return false;
  let at = -1;
  return [...short].every((letter) => (at = long.indexOf(letter, at + 1)) >= 0);
}

/** How many letters must be inserted, deleted, replaced or swapped with the next to make `b` of `a`. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const [above, row] = [rows[i - 1]!, [i]];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
