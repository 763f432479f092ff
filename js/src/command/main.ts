// The program: what was asked for, with its exit code.
import { FocalfitError } from "../index.js";
import { VERSION } from "../engine/protocol.js";
import { Failure, flagOf, inFlags, UsageError } from "./failure.js";
import { discardPending, print } from "./files.js";
import { plain, ProgressLine } from "./terminal.js";
import { parse, type Call } from "./usage.js";

/** What a command has besides its call. */
export interface Run {
  signal: AbortSignal;
  progress: ProgressLine;
}

type Work = (call: Call, run: Run) => Promise<void>;

const works: { readonly [command: string]: () => Promise<Work> } = {
  train: async () => (await import("./train.js")).train,
  tune: async () => (await import("./tune.js")).tune,
  predict: async () => (await import("./predict.js")).predict,
  evaluate: async () => (await import("./evaluate.js")).evaluate,
};

/** What the shell makes of a signal. */
const signals = { SIGINT: 130, SIGTERM: 143 } as const;

/** Does what the arguments say; sets the exit code. */
export async function main(args: readonly string[]): Promise<void> {
  const controller = new AbortController();
  let progress: ProgressLine | undefined;
  const end = (code: number): never => {
    progress?.clear();
    discardPending();
    process.exit(code);
  };
  // Who reads no further has seen enough.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") end(0);
      throw error;
    });
  }
  const stopped = new Promise<number>((resolve) => {
    for (const [name, code] of Object.entries(signals)) {
      process.on(name, () => {
        // The second time there is no waiting.
        if (controller.signal.aborted) end(code);
        controller.abort();
        resolve(code);
      });
    }
  });
  try {
    const call = parse(args, VERSION);
    if ("print" in call) return await print(call.print);
    progress = new ProgressLine(process.stderr, !call.json && !call.quiet);
    const work = await works[call.command]!();
    const code = await Promise.race([work(call, { signal: controller.signal, progress }).then(() => 0), stopped]);
    progress.clear();
    if (code !== 0) end(code);
  } catch (error) {
    progress?.clear();
    discardPending();
    if (controller.signal.aborted) end(await stopped);
    process.stderr.write(`focalfit: ${plain(sentenceOf(error))}\n`);
    end(isUsage(error) ? 2 : 1);
  }
}

/** Options that are wrong only in view of the data. */
const ofTheData = ["label", "ignore", "kinds", "positiveClass"];

function isUsage(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof FocalfitError && error.code === "BAD_OPTION" && !ofTheData.includes(error.option ?? ""));
}

function sentenceOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof Failure) return error.message;
  if (!(error instanceof Error)) return String(error);
  const { option } = error as Partial<FocalfitError>;
  const sentence = option && error.message.startsWith(`${option} `) ? flagOf(option) + error.message.slice(option.length).replace(/^ is the string /, " is ") : error.message;
  return inFlags(sentence || error.name);
}
