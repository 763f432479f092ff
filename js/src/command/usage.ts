// From the arguments to a call: which command, with which flags and files. What is wrong is said with the nearest that is right.
import { parseArgs } from "node:util";
import { nearest } from "../input/known.js";
import { commands, type Command, type Flag } from "./flags.js";
import { UsageError } from "./failure.js";
import { cut } from "./terminal.js";

/** A call that is right as far as it can be told without its files. */
export interface Call {
  command: string;
  files: string[];
  /** The values of flags, each given once. */
  text: { [flag: string]: string | undefined };
  /** Those that may be given more than once. */
  list: { [flag: string]: string[] | undefined };
  json: boolean;
  quiet: boolean;
}

/** What there is to do: a call, or a text to print. */
export type Parsed = Call | { print: string };

/** Reads the arguments behind the program's name. */
export function parse(args: readonly string[], version: string): Parsed {
  const [first, ...rest] = args;
  if (first === undefined) throw new UsageError(`Name a command: ${Object.keys(commands).join(", ")}. See focalfit --help.`);
  if (first === "--help" || first === "-h") return { print: overview() };
  if (first === "--version") return { print: `${version}\n` };
  const command = Object.hasOwn(commands, first) ? commands[first]! : undefined;
  if (!command) {
    const flag = first.startsWith("-");
    const near = nearest(first, flag ? ["--help", "--version"] : Object.keys(commands));
    throw new UsageError(`Unknown ${flag ? "option" : "command"} "${cut(first, 60)}"${near ? `: did you mean "${near}"?` : flag ? ": begin with a command. See focalfit --help." : ". See focalfit --help."}`);
  }
  return parseCommand(first, command, rest);
}

function parseCommand(name: string, command: Command, given: string[]): Parsed {
  // A flag with an optional value: parseArgs takes one or none.
  const args = given.map((arg) => (arg === "--calibrate" && "calibrate" in command.flags ? "--calibrate=temperature" : arg === "-h" ? "--help" : arg));
  const options = Object.fromEntries(Object.entries(command.flags).map(([flag, { value, many }]) => [flag, { type: value ? "string" as const : "boolean" as const, ...(many && { multiple: true }) }]));
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  const see = `See focalfit ${name} --help.`;
  if (tokens.some((token) => token.kind === "option" && token.name === "help")) return { print: helpOf(name, command) };
  const grid = new Set<number>();
  const seen = new Set<string>();
  /** Where the next word would still belong to --grid. */
  let gridAt = -1;
  for (const token of tokens) {
    if (token.kind === "positional" && token.index === gridAt && /^[\w-]+=/.test(token.value)) {
      grid.add(token.index);
      gridAt++;
    }
    if (token.kind !== "option") continue;
    const flag = Object.hasOwn(command.flags, token.name) ? command.flags[token.name] : undefined;
    if (!flag) {
      const near = nearest(token.name, Object.keys(command.flags));
      throw new UsageError(`Unknown option "${cut(token.rawName, 60)}"${near ? `: did you mean "--${near}"?` : `. ${see}`}`);
    }
    if (!flag.value && token.value !== undefined) throw new UsageError(`--${token.name} is on or off: give it no value.`);
    if (flag.value && (token.value === undefined || token.value === "")) throw new UsageError(`--${token.name} needs a value: --${token.name} ${flag.value}.`);
    if (flag.value && !token.inlineValue && token.value!.length > 1 && token.value!.startsWith("-")) throw new UsageError(`--${token.name} needs a value; one that begins with "-" is written --${token.name}=${cut(token.value!, 40)}.`);
    if (!flag.many && seen.has(token.name)) throw new UsageError(`--${token.name} is given twice: give it once.`);
    seen.add(token.name);
    if (token.name === "grid") gridAt = token.index + (token.inlineValue ? 1 : 2);
  }
  const { values } = parseArgs({ args, options, strict: true, allowPositionals: true });
  const words = tokens.flatMap((token) => (token.kind === "positional" ? [token] : []));
  const files = words.filter(({ index }) => !grid.has(index)).map(({ value }) => value);
  if (files.length > command.files.length) throw new UsageError(`"${cut(files[command.files.length]!, 60)}" is one file too many: ${name} takes ${command.files.join(" and ")}. ${see}`);
  if (files.length < command.files.length - 1) throw new UsageError(`Name ${command.files[files.length]}. ${see}`);
  for (const need of command.needs) {
    if (!seen.has(need)) throw new UsageError(`--${need} is missing: --${need} ${command.flags[need]!.value}, ${command.flags[need]!.help}.`);
  }
  if (files.filter((file) => file === "-").length > 1) throw new UsageError("Both files are -: standard input can be one of them.");
  const call: Call = { command: name, files: [...files, "-"].slice(0, command.files.length), text: {}, list: {}, json: values.json === true, quiet: values.quiet === true };
  if (files.length < command.files.length && files.includes("-")) throw new UsageError(`Name ${command.files.at(-1)}: standard input is ${command.files[0]}.`);
  for (const [flag, value] of Object.entries(values)) {
    if (typeof value === "string") call.text[flag] = value;
    else if (Array.isArray(value)) call.list[flag] = value.map(String);
  }
  const more = words.filter(({ index }) => grid.has(index)).map(({ value }) => value);
  if (call.list.grid) call.list.grid.push(...more);
  return call;
}

function overview(): string {
  return [
    "Train small classifiers on imbalanced data.",
    "",
    "  focalfit <command> [options]",
    "",
    ...listed(Object.entries(commands).map(([name, { does }]) => [name, does])),
    "",
    ...wrapped("focalfit <command> --help lists its options; --version prints the version. A file that is - or left out is standard input. The exit code is 0 when the work is done, 1 when it failed, 2 when the call is wrong, 130 when it was interrupted.", 80),
    "",
  ].join("\n");
}

function helpOf(name: string, { does, usage, flags, example }: Command): string {
  const left = (flag: string, { value }: Flag) => `--${flag}${value ? (value.startsWith("[") ? value : ` ${value}`) : ""}`;
  return [
    ...wrapped(`focalfit ${name} ${usage}`, 76).map((line, at) => (at ? `    ${line}` : line)),
    "",
    ...wrapped(`${does[0]!.toUpperCase()}${does.slice(1)}.`, 80),
    "",
    ...listed(Object.entries(flags).map(([flag, entry]) => [left(flag, entry), entry.help])),
    "",
    `Example: ${example}`,
    "",
  ].join("\n");
}

/** Names with what is said of them, in 80 columns. */
function listed(rows: readonly (readonly [name: string, says: string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.flatMap(([name, says]) => wrapped(says, 76 - width).map((line, at) => `  ${(at ? "" : name).padEnd(width)}  ${line}`));
}

function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line !== "" && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
