// The Go program and the messages to and from it: on whatever thread, for worker.ts and for engines in place.
import { FocalfitError, reason } from "../input/errors.js";
import { fitFinisher, fitRequest, foldRequest, learnFinisher, learnRequest } from "./fit.js";
import { lossRequest } from "./loss-request.js";
import { runProgram, type Program } from "./program.js";
import { buffersOf, VERSION, type Calls, type FromEngine, type Start, type ToEngine, type WireError } from "../engine/protocol.js";
import type { FitProgress } from "../training/report.js";

/** The engine's end of the protocol. */
export interface Host {
  receive(message: ToEngine): void;
  /** Stops what runs; nothing is sent any more. */
  close(): void;
}

/** A host that answers with `send`. */
export function createHost(send: (message: FromEngine, transfer?: ArrayBuffer[]) => void): Host {
  let program: Program | undefined;
  let closed = false;
  /** The calls that run, and of these the ones to stop. */
  const running = new Set<number>();
  const stopped = new Set<number>();

  const answer: typeof send = (message, transfer) => {
    if (!closed) send(message, transfer);
  };

  /** The Go program is gone: whatever it printed says why. */
  const lost = (why: string) => {
    if (closed) return;
    const memory = /out of memory/.test(why);
    const error: WireError = memory
      ? { code: "OUT_OF_MEMORY", message: "The engine ran out of memory: fit fewer rows or columns. The next call starts a new engine." }
      : { code: "ENGINE_LOST", message: `The engine's program ended (${why}): call again, which starts a new one.` };
    if (program || memory) answer({ type: "lost", error });
    else answer({ type: "failed", error: { code: "ENGINE_FAILED", message: `The engine's program ended before it was ready (${why}): see that the binary is focalfit's, of version ${VERSION}.` } });
    closed = true;
  };

  const start = async (message: Start) => {
    try {
      const api = await runProgram(message, lost);
      if (typeof message.simd === "boolean" && message.simd !== api.simd) {
        throw new FocalfitError("ENGINE_FAILED", `simd is ${message.simd}, but the binary given computes ${api.simd ? "with" : "without"} SIMD: leave simd out, or give the other binary.`);
      }
      program = api;
      answer({ type: "ready", version: VERSION, simd: api.simd });
    } catch (error) {
      const { code, message } = error instanceof FocalfitError ? error : { code: "ENGINE_FAILED" as const, message: `The engine did not start: ${reason(error)}.` };
      answer({ type: "failed", error: { code, message } });
      closed = true;
    }
  };

  const call = (message: ToEngine & { type: "call" }, program: Program) => {
    const { id } = message;
    running.add(id);
    const settle = (error: WireError | null, outcome?: Calls[keyof Calls]["outcome"]) => {
      running.delete(id);
      stopped.delete(id);
      if (outcome) answer({ type: "done", id, outcome }, buffersOf(outcome));
      else answer({ type: "error", id, error: plainError(error) });
    };
    const done = (error: WireError | null, result: Calls[keyof Calls]["outcome"] | null) => settle(error, result ?? undefined);
    const stop = { stopped: () => stopped.has(id) };
    try {
      switch (message.method) {
        case "loss":
          return program.loss(lossRequest(message.call), done);
        case "fit": {
          const told = (progress: FitProgress) => answer({ type: "progress", id, progress });
          const finish = fitFinisher(message.call, program.simd);
          return program.fit(fitRequest(message.call, told, stop.stopped), (error, result) => settle(error, result ? finish(result) : undefined));
        }
        case "upload":
          return program.upload(message.call, (error) => settle(error, error ? undefined : { data: message.call.data }));
        case "uploadSparse":
          return program.uploadSparse({ ...message.call, ...stop }, (error) => settle(error, error ? undefined : { dataset: message.call.dataset }));
        case "free":
          return program.free(message.call, done);
        case "logits":
          return program.logits({ ...message.call, ...stop }, done);
        case "learn": {
          const finish = learnFinisher(message.call);
          return program.learn(learnRequest(message.call), (error, result) => settle(error, result ? finish(result) : undefined));
        }
        case "judge":
          return program.judge(message.call, done);
        case "threshold":
          return program.threshold(message.call, done);
        case "calibrate":
          return program.calibrate(message.call, done);
        case "fold":
          return program.fold({ ...foldRequest(message.call), ...stop }, done);
      }
    } catch (error) {
      if (error instanceof FocalfitError) settle(error);
      else lost(reason(error));
    }
  };

  return {
    receive(message) {
      if (message.type === "start") void start(message);
      else if (message.type === "call") call(message, program!);
      else if (running.has(message.id)) stopped.add(message.id);
    },
    close() {
      closed = true;
      for (const id of running) stopped.add(id);
    },
  };
}

/** What can be cloned of the program's error. */
function plainError(error: WireError | null): WireError {
  const { code = "ENGINE_FAILED", message = "The engine gave no reason.", row, column, option } = error ?? {};
  return {
    code, message,
    ...(row !== undefined && { row }),
    ...(column !== undefined && { column }),
    ...(option !== undefined && { option }),
  };
}
