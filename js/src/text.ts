// The entry point focalfit/text: texts to sparse rows by hashing their n-grams.
import { badOption, FocalfitError } from "./input/errors.js";
import { describe, isList } from "./input/matrix.js";
import { checkOptions, choice, flag, number } from "./training/options.js";
import { slices } from "./input/slices.js";

/** Options of {@link hashText}, with scikit-learn's meanings. */
export interface TextOptions {
  /**
   * `"word"`: words of two or more letters, digits and underscores. `"char"`: characters, runs of white space being one.
   * `"char_wb"`: characters within words, a blank before and after each. Default `"word"`.
   */
  analyzer?: "word" | "char" | "char_wb" | undefined;
  /** How many words or characters make a term: from the first number to the second. Default [1, 1]. */
  ngramRange?: readonly [number, number] | undefined;
  /** How many columns, a whole number from 1 to 2³¹ − 1. More columns, fewer terms that share one. Default 2¹⁸ = 262,144. */
  columns?: number | undefined;
  /** Whether to take upper for lower case. Default true. */
  lowercase?: boolean | undefined;
  /** Whether to take accents off: `"unicode"` drops what combines, `"ascii"` all that is not ASCII then. Default: neither. */
  stripAccents?: "unicode" | "ascii" | undefined;
  /** Words to leave out, after lowercasing, for `"word"`. Default: none. */
  stopWords?: readonly string[] | undefined;
  /** Whether terms of the same column add up with a sign that their hash gives, so that on average they cancel. Default true. */
  alternateSign?: boolean | undefined;
  /** Whether what occurs counts 1, however often. Default false. */
  binary?: boolean | undefined;
  /** Whether each row is divided by its length: `"l2"`, `"l1"`, or false. Default `"l2"`. */
  norm?: "l2" | "l1" | false | undefined;
}

/** Sparse rows; a classifier takes them as they are. */
export interface TextMatrix {
  rows: number;
  columns: number;
  indptr: Int32Array;
  indices: Int32Array;
  values: Float64Array;
}

/**
 * A row for each text: column murmur3(term) mod columns counts a term. The same columns and values as scikit-learn's
 * HashingVectorizer, so that a model may be trained there and used here, or the other way. There is nothing to fit or to
 * store but the options. Works in slices, between which the page stays responsive.
 *
 * Rejects with `BAD_OPTION`; with `BAD_INPUT` and a row for what is no text, or holds half of a surrogate pair.
 *
 * @example
 * ```js
 * import { FocalClassifier } from "focalfit";
 * import { hashText, hashTextSync } from "focalfit/text";
 * const texts = Array.from({ length: 400 }, (_, i) => `${i % 8 ? "see you at the meeting" : "win free money now"} number ${i % 37}`);
 * const spam = new FocalClassifier({ classWeight: "balanced", positiveClass: "spam" });
 * await spam.fit(await hashText(texts, { ngramRange: [1, 2] }), texts.map((_, i) => (i % 8 ? "ham" : "spam")));
 * console.log(await spam.predict(hashTextSync(["free money", "the meeting at noon"], { ngramRange: [1, 2] })));   // [ 'spam', 'ham' ]
 * ```
 */
export async function hashText(texts: readonly string[], options: TextOptions = {}): Promise<TextMatrix> {
  const rows = reader(texts, options);
  await slices()(texts.length, 32, rows.read);
  return rows.matrix();
}

/** {@link hashText} at once, for a few texts. */
export function hashTextSync(texts: readonly string[], options: TextOptions = {}): TextMatrix {
  const rows = reader(texts, options);
  rows.read(0, texts.length);
  return rows.matrix();
}

function reader(texts: readonly string[], options: TextOptions) {
  const { terms, columns, alternateSign, binary, norm } = checked(options);
  if (!isList(texts)) throw new FocalfitError("BAD_INPUT", `texts is ${describe(texts)}: make it an array of strings.`);
  const indptr = new Int32Array(texts.length + 1);
  let indices = new Int32Array(1024);
  let values = new Float64Array(1024);
  let size = 0;
  return {
    read(from: number, to: number): void {
      for (let row = from; row < to; row++) {
        const text: unknown = texts[row];
        if (typeof text !== "string") throw new FocalfitError("BAD_INPUT", `Text ${row} is ${describe(text)}: make it a string, "" for none.`, { row });
        if (/\p{Surrogate}/u.test(text)) throw new FocalfitError("BAD_INPUT", `Text ${row} holds half of a surrogate pair, which no encoding has: repair it, or cut it elsewhere.`, { row });
        const counts = new Map<number, number>();
        terms(text, (hash) => {
          // |h| of the most negative number is one too large for 32 bits.
          const column = hash === -2147483648 ? (2147483648 - columns) % columns : Math.abs(hash) % columns;
          counts.set(column, (counts.get(column) ?? 0) + (alternateSign && hash < 0 ? -1 : 1));
        });
        if (size + counts.size > indices.length) {
          const length = 2 * (size + counts.size);
          const [oldIndices, oldValues] = [indices, values];
          (indices = new Int32Array(length)).set(oldIndices);
          (values = new Float64Array(length)).set(oldValues);
        }
        const start = size;
        size += counts.size;
        indices.set([...counts.keys()], start);
        indices.subarray(start, size).sort();
        let length = 0;
        for (let at = start; at < size; at++) {
          const value = (values[at] = binary ? 1 : counts.get(indices[at]!)!);
          length += norm === "l2" ? value * value : Math.abs(value);
        }
        if (norm === "l2") length = Math.sqrt(length);
        if (norm && length > 0) for (let at = start; at < size; at++) values[at]! /= length;
        indptr[row + 1] = size;
      }
    },
    matrix: (): TextMatrix => ({ rows: texts.length, columns, indptr, indices: indices.slice(0, size), values: values.slice(0, size) }),
  };
}

/** Hands the hash of each term of a text to `use`. */
type Terms = (text: string, use: (hash: number) => void) => void;

function checked(options: TextOptions): { terms: Terms; columns: number; alternateSign: boolean; binary: boolean; norm: "l2" | "l1" | false } {
  checkOptions(options, ["analyzer", "ngramRange", "columns", "lowercase", "stripAccents", "stopWords", "alternateSign", "binary", "norm"]);
  const analyzer = choice(options, "analyzer", ["word", "char", "char_wb"]) ?? "word";
  const whole = (value: number) => Number.isInteger(value) && value >= 1 && value < 2 ** 31;
  const { ngramRange = [1, 1], stopWords = [], norm } = options as TextOptions;
  if (!Array.isArray(ngramRange) || ngramRange.length !== 2 || !ngramRange.every(whole) || ngramRange[0]! > ngramRange[1]!) {
    throw badOption("ngramRange", `ngramRange is ${describe(ngramRange)}: it must be [least, most], whole numbers ≥ 1.`);
  }
  if (!Array.isArray(stopWords) || !stopWords.every((word) => typeof word === "string")) throw badOption("stopWords", `stopWords is ${describe(stopWords)}: it must be an array of strings.`);
  if (stopWords.length > 0 && analyzer !== "word") throw badOption("stopWords", 'stopWords are for analyzer "word": leave them out.');
  const accents = choice(options, "stripAccents", ["unicode", "ascii"]);
  const lowercase = flag(options, "lowercase", true);
  const prepare = (text: string) => {
    const lower = lowercase ? text.toLowerCase() : text;
    return accents === undefined ? lower : accents === "ascii" ? lower.normalize("NFKD").replace(/[^\0-\x7f]/g, "") : withoutAccents(lower);
  };
  const [least, most] = ngramRange as [number, number];
  const stops = new Set<string>(stopWords);
  const split: Record<typeof analyzer, Terms> = {
    word(text, use) {
      const words = (text.match(/[\p{L}\p{N}_]{2,}/gu) ?? []).filter((word) => !stops.has(word));
      for (let n = least; n <= Math.min(most, words.length); n++) {
        for (let at = 0; at + n <= words.length; at++) use(murmur3(n === 1 ? words[at]! : words.slice(at, at + n).join(" ")));
      }
    },
    char(text, use) {
      const characters = [...text.replace(blanks, " ")];
      for (let n = least; n <= Math.min(most, characters.length); n++) {
        for (let at = 0; at + n <= characters.length; at++) use(murmur3(characters.slice(at, at + n).join("")));
      }
    },
    char_wb(text, use) {
      for (const word of text.split(blank)) {
        if (word === "") continue;
        const characters = [..." ", ...word, " "];
        for (let n = least; n <= most; n++) {
          use(murmur3(characters.slice(0, n).join("")));
          for (let at = 1; at + n <= characters.length; at++) use(murmur3(characters.slice(at, at + n).join("")));
          if (n >= characters.length) break; // a short word counts once
        }
      }
    },
  };
  return {
    terms: (text, use) => split[analyzer](prepare(text), use),
    columns: number(options as Record<string, unknown>, "columns", 2 ** 18, whole, "must be a whole number from 1 to 2³¹ − 1"),
    alternateSign: flag(options, "alternateSign", true),
    binary: flag(options, "binary", false),
    norm: norm === false ? false : (choice(options as Record<string, unknown>, "norm", ["l2", "l1"] as const) ?? "l2"),
  };
}

// What Python takes for white space, which is not what JavaScript does.
const space = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const blank = new RegExp(space);
const blanks = new RegExp(`${space}{2,}`, "g");

const combines = new Map<string, boolean>();

/** A text without the characters that combine with the one before: those of a combining class other than 0. */
function withoutAccents(text: string): string {
  // Normalisation sorts them by class, which shows the class: 1 of U+0334, 240 of U+0345.
  const test = (mark: string) => `a${mark}\u0334`.normalize("NFD")[1] !== mark[0] || `a\u0345${mark}`.normalize("NFD")[1] !== "\u0345";
  return text.normalize("NFKD").replace(/\p{M}/gu, (mark) => {
    if (!combines.has(mark)) combines.set(mark, test(mark));
    return combines.get(mark) ? "" : mark;
  });
}

const encoder = new TextEncoder();

/** MurmurHash3 (x86, 32 bits, seed 0; Appleby 2011) of a text in UTF-8, as a signed number. */
export function murmur3(text: string): number {
  const bytes = encoder.encode(text);
  const { length } = bytes;
  const scramble = (k: number) => Math.imul((Math.imul(k, 0xcc9e2d51) << 15) | (Math.imul(k, 0xcc9e2d51) >>> 17), 0x1b873593);
  let hash = 0;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    hash ^= scramble(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  let rest = 0;
  for (let last = length - 1; last >= at; last--) rest = (rest << 8) | bytes[last]!;
  if (at < length) hash ^= scramble(rest);
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
