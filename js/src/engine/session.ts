// The start of an engine and what it says. Loaded with the first call that needs one.
import { ownAddress, workerAddress } from "../files.js";
import { watchPolicy } from "../platform/policy.js";
import type { Session, Settings } from "./engine.js";
import { FocalfitError, reason } from "../input/errors.js";
import { connect } from "./link.js";
import { fromWire, VERSION, type FromEngine } from "./protocol.js";

/** Starts an engine for `session`. */
export async function open({ worker, address, module, simd }: Settings, session: Session): Promise<void> {
  let ready = false;
  const receive = (message: FromEngine) => {
    if (session.over) return;
    switch (message.type) {
      case "ready":
        if (message.version !== VERSION) {
          return session.end(new FocalfitError("ENGINE_FAILED", `The worker's script is of focalfit ${message.version}, this is ${VERSION}: serve both from the same version.`));
        }
        ready = true;
        policy.stop();
        session.link!.hold(false);
        return session.ready(message.simd);
      case "failed":
      case "lost":
        return session.end(fromWire(message.error));
      case "progress":
        return session.pending.get(message.id)?.progress?.(message.progress);
      case "done":
        return session.pending.get(message.id)?.settle(null, message.outcome);
      case "error":
        return session.pending.get(message.id)?.settle(fromWire(message.error));
    }
  };
  const policy = watchPolicy();
  const died = async (what: string) => {
    if (ready) return session.end(new FocalfitError("ENGINE_LOST", `The engine's worker died (${what}): call again, which starts a new one.`));
    const own = worker === undefined && workerAddress();
    const advice = (await policy.blocked()) ?? (own
      ? `see that ${own} is served as JavaScript, or give createEngine a worker`
      : "see that the worker's script, focalfit/worker.js, is served as JavaScript from the page's origin, give createEngine a worker, or import focalfit/inline");
    policy.stop();
    session.end(new FocalfitError("ENGINE_FAILED", `The engine's worker did not start (${what}): ${advice}.`));
  };
  try {
    const link = await connect(worker, receive, (what) => void died(what));
    session.link = { ...link, close: () => (policy.stop(), link.close()) };
    if (session.over) return session.link.close();
    // A worker of the caller's may have its binary beside it.
    link.post({ type: "start", version: VERSION, simd, address: address ?? (worker === undefined && !module ? ownAddress() : null), module });
  } catch (cause) {
    if (cause instanceof FocalfitError) throw cause;
    await died(reason(cause));
  }
}
