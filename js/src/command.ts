#!/usr/bin/env node
// The command `focalfit`: trains, predicts, evaluates and tunes with CSV files.
import { UsageError, usage, versionText } from "./command/arguments.js";
import { run } from "./command/run.js";
import { FocalfitError, reason } from "./input/errors.js";

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
// Whoever reads may have enough, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const [name, ...rest] = process.argv.slice(2);
try {
  if (name === undefined || name === "--help" || name === "-h" || name === "help") process.stdout.write(usage());
  else if (name === "--version" || name === "-v") process.stdout.write(versionText());
  else await run(name, rest, stop.signal);
} catch (error) {
  const known = error instanceof FocalfitError || error instanceof UsageError || (error as NodeJS.ErrnoException).code !== undefined;
  if (stop.signal.aborted) process.exitCode = 130;
  else process.exitCode = error instanceof UsageError ? 2 : 1;
  if (!stop.signal.aborted) process.stderr.write(`focalfit: ${known ? reason(error) : (error as Error)?.stack ?? reason(error)}\n`);
}
