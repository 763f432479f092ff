// What the commands can be told, and how they are asked for help.
import { parseArgs } from "node:util";
import { VERSION } from "../engine/protocol.js";
import { FocalfitError, reason } from "../input/errors.js";
import { checkKnown } from "../input/known.js";

/** The command was given what it does not know. */
export class UsageError extends Error {}

interface Option {
  /** What stands for its value in the help; none for a flag. */
  value?: string;
  short?: string;
  help: string;
}

const reading: Record<string, Option> = {
  label: { value: "COLUMN", help: "the column of the labels" },
  positive: { value: "LABEL", help: "the class to be found; default: the rarer of two" },
  ignore: { value: "COLUMN,…", help: "columns to leave out" },
  delimiter: { value: "CHARACTER", help: "what is between two fields; default: found" },
  decimal: { value: ".|,", help: "what is before a number's fraction; default ." },
  "drop-unlabelled": { help: "leave rows without a label out; default: an error" },
};
const fitting: Record<string, Option> = {
  loss: { value: "focal|asymmetric|poly1", help: "default focal" },
  gamma: { value: "NUMBER", help: "the focusing parameter; default 2" },
  "class-weight": { value: "none|balanced|LABEL=WEIGHT,…", help: "default balanced" },
  l2: { value: "NUMBER", help: "default 1e-4" },
  l1: { value: "NUMBER", help: "default 0" },
  seed: { value: "NUMBER", help: "of every random choice; default 0" },
};
const ending: Record<string, Option> = {
  out: { value: "FILE", short: "o", help: "where to write; - is standard output" },
  json: { help: "one JSON document on standard output, for programs" },
  quiet: { short: "q", help: "no progress, notes or summary" },
  help: { short: "h", help: "this text" },
};
const thresholds: Record<string, Option> = {
  maximize: { value: "WHAT", help: "tune the threshold: f1, mcc, balancedAccuracy, gMean, fBeta=2, recallAtPrecision=0.9, precisionAtRecall=0.9, cost=FALSE_ALARM:MISS" },
  calibrate: { value: "temperature|platt|isotonic", help: "correct probabilities on rows held out" },
};
const judging: Record<string, Option> = { report: { value: "FILE", help: "a page of figures, HTML" } };
const testing: Record<string, Option> = { "test-fraction": { value: "NUMBER", help: "the share of rows to judge by, 0 for none; default 0.25" } };

/** The commands: what they take besides options, what they do, and their options. */
export const commands: Record<string, { takes: string; does: string; options: Record<string, Option> }> = {
  train: { takes: "[data.csv]", does: "fits a classifier to a CSV file", options: { ...reading, ...fitting, ...thresholds, ...testing, ...judging, ...ending } },
  tune: {
    takes: "[data.csv]", does: "cross-validates settings and fits the best",
    options: { ...reading, ...fitting, grid: { value: "l2=1e-4,1e-3 gamma=0,2", help: "values to try, as one argument; default l2=1e-5,1e-4,1e-3,1e-2 gamma=0,2" }, folds: { value: "NUMBER", help: "default 5" }, metric: { value: "NAME", help: "default averagePrecision" }, ...ending },
  },
  evaluate: { takes: "model.json [data.csv]", does: "judges a model by rows with labels", options: { label: reading.label!, delimiter: reading.delimiter!, decimal: reading.decimal!, "drop-unlabelled": reading["drop-unlabelled"]!, ...judging, ...ending } },
  predict: { takes: "model.json [data.csv]", does: "writes a label and probabilities for each row, as CSV", options: { delimiter: reading.delimiter!, decimal: reading.decimal!, ...ending } },
};

/** What a command was told. */
export interface Arguments {
  files: string[];
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** A number, or undefined where none is given. */
  number(name: string): number | undefined;
}

export function parse(command: string, args: string[]): Arguments {
  asked({ [command]: true }, Object.keys(commands), "command");
  const { options } = commands[command]!;
  const { tokens, values, positionals } = parseArgs({
    args, strict: false, tokens: true, allowPositionals: true,
    options: Object.fromEntries(Object.entries(options).map(([name, { value, short }]) => [name, { type: value ? "string" : "boolean", ...(short && { short }) }] as const)),
  });
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    asked({ [token.name]: true }, Object.keys(options), `option of focalfit ${command},`);
    const { value } = options[token.name]!;
    if (value && (token.value === undefined || token.value === "")) throw new UsageError(`--${token.name} needs a value: --${token.name} ${value}`);
    if (!value && token.value !== undefined) throw new UsageError(`--${token.name} takes no value.`);
  }
  const text = (name: string) => values[name] as string | undefined;
  return {
    files: positionals,
    text,
    flag: (name) => values[name] === true,
    number(name) {
      const given = text(name);
      if (given === undefined) return undefined;
      const value = Number(given);
      if (given.trim() === "" || !Number.isFinite(value)) throw new UsageError(`--${name} is "${given}": it must be a number.`);
      return value;
    },
  };
}

function asked(given: object, known: string[], kind: string): void {
  try {
    checkKnown(given, known, kind);
  } catch (error) {
    if (!(error instanceof FocalfitError)) throw error;
    throw new UsageError(`${reason(error)} See focalfit --help.`);
  }
}

export const versionText = (): string => `${VERSION}\n`;

/** The help of a command, or of all. */
export function usage(command?: string): string {
  if (!command) {
    const list = Object.entries(commands).map(([name, { takes, does }]) => `  focalfit ${`${name} ${takes}`.padEnd(30)} ${does}`);
    return `focalfit ${VERSION} trains small classifiers on imbalanced data.\n\n${list.join("\n")}\n\nA file that is left out, or -, is standard input. focalfit COMMAND --help lists a command's options.\n\n  focalfit train data.csv --label snow --positive snow --out model.json\n`;
  }
  const { takes, does, options } = commands[command]!;
  const list = Object.entries(options).map(([name, { value, short, help }]) => `  ${`${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`.padEnd(34)} ${help}`);
  return `focalfit ${command} ${takes}: ${does}.\n\n${list.join("\n")}\n`;
}
