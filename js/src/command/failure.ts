// What ends a command before its work is done, and how messages of the library are said in flags.

/** The call itself is wrong: exit code 2. */
export class UsageError extends Error {}

/** The work cannot be done with this data or this file: exit code 1. */
export class Failure extends Error {}

/** The flag of an option of the library. */
export function flagOf(option: string): string {
  return `--${option === "positiveClass" ? "positive" : option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

const optionNames = /(?<![\w"])(?:classWeight|gammaPositive|gammaNegative|labelSmoothing|maxIterations|maxCategories|positiveClass|testFraction|unlabelled)\b(?:: "(\w+)")?/g;

/** A sentence of the library with its options as flags. */
export function inFlags(sentence: string): string {
  return sentence
    .replace(optionNames, (match, value?: string) => flagOf(match.split(":")[0]!) + (value ? ` ${value}` : ""))
    .replace(/kinds: \{ ("(?:[^"\\]|\\.)*"): "category" \}/g, (_, name: string) => `--kind ${shellWord(JSON.parse(name) as string)}=category`)
    .replace("set encoding, say to \"windows-1252\"", "set --encoding, say to windows-1252")
    .replace('set decimal: ","', "set --decimal ,")
    .replace("add it to blanks", "add it to --blanks")
    .replace("move threshold", "set its threshold by --maximize");
}

/** A name as one types it in a shell. */
function shellWord(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
