// The entry point focalfit/federated: many browsers train one model, and no row leaves its own.
import { slices } from "./input/slices.js";
import { aborted, badOption, FocalfitError } from "./input/errors.js";
import type { Label } from "./input/labels.js";
import { describe, type MatrixInput } from "./input/matrix.js";
import type { ModelDocument } from "./model/model.js";
import { checkOptions } from "./training/options.js";
import { derivatives, statistics } from "./federated/derivatives.js";
import { local } from "./federated/local.js";
import { readRows } from "./federated/rows.js";
import { pointOf, type RoundDocument } from "./federated/round.js";
import { ask, pause } from "./federated/service.js";

export type { MatrixInput } from "./input/matrix.js";
export type { Label } from "./input/labels.js";
export type { ModelDocument } from "./model/model.js";

/** Options of {@link join}. */
export interface JoinOptions<L extends Label = Label> {
  /** The member's, which the owner gave out: see {@link Federation.invite}. */
  token: string;
  /** The member's own rows, complete, in the federation's columns. They stay here. */
  X: MatrixInput;
  /** A label per row, of the federation's two classes. A member may have rows of one class only. */
  y: ArrayLike<L>;
  /** Aborting it leaves the federation, whose rounds go on without: `join` rejects with `ABORTED`. */
  signal?: AbortSignal | undefined;
  /** Called when a round begins, and when this member's part of it is done. */
  onProgress?: ((progress: FederationProgress) => void) | undefined;
}

/** Where a federation is. */
export interface FederationProgress {
  /** From 0 on. */
  round: number;
  /** `"statistics"` counts and sums; `"derivatives"` (exact mode); `"local"` steps (averaging mode); `"done"`. */
  kind: "statistics" | "derivatives" | "local" | "done";
  /** Whether this member's part of the round was taken. */
  sent: boolean;
}

/** What members of a federation end with. */
export interface Joined {
  /** The model, for `FocalClassifier.fromJSON` or `focalfit/predict`. */
  model: ModelDocument;
  /** How many rounds it took. */
  rounds: number;
  /** Why it ended: in averaging mode at its last round, in exact mode most often before, `"stalled"` at the limit of rounding. */
  status: "converged" | "stalled" | "maxRounds";
}

/**
 * Takes part in a federation until its model is done. In each round the member computes sums over its own rows, which are all
 * that leaves: in exact mode counts, sums and squares by class, then loss, gradient and Hessian, of which the model comes out as
 * if all rows were in one place. A round that this member missed is lost to it; the next one counts.
 *
 * Rejects with `BAD_INPUT`, `SHAPE_MISMATCH`, `NOT_FINITE`, `UNKNOWN_LABEL` for rows that do not fit the federation, with
 * `SERVICE_FAILED` where the service refuses or cannot be reached in several tries, and with `ABORTED`.
 */
export async function join<L extends Label>(url: string, options: JoinOptions<L>): Promise<Joined> {
  checkOptions(options, ["token", "X", "y", "signal", "onProgress"]);
  const { token, X, y, signal, onProgress } = options;
  checkAddress(url, token);
  const inSlices = slices(() => {
    if (signal?.aborted) throw aborted(signal, undefined, "The federation was left.");
  });
  let own: Awaited<ReturnType<typeof readRows>> | undefined;
  for (let round = -1; ; ) {
    const answer = await ask(`${url}/round?after=${round}`, { token, signal });
    if (answer.status === 204) {
      await pause(answer.after || 1, signal);
      continue;
    }
    const next = answer.content as RoundDocument;
    const { kind } = next;
    round = next.round;
    onProgress?.({ round, kind, sent: false });
    if (kind === "done") {
      const { content } = await ask(`${url}/model`, { token, signal });
      return { model: content as ModelDocument, rounds: round, status: next.status! };
    }
    own ??= await readRows(X, y, next.columns, next.classes, inSlices);
    const update = kind === "statistics" ? await statistics(own, next.mean, inSlices) : kind === "derivatives" ? await derivatives(own, pointOf(next), inSlices) : await local(own, pointOf(next), next.l2, next.averaging!, inSlices);
    const sent = await send(`${url}/rounds/${round}/update`, next.ticket, update, signal);
    onProgress?.({ round, kind, sent });
  }
}

/** Sends an update; false where the round was closed before it came. */
async function send(url: string, token: string, body: Float64Array, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await ask(url, { method: "PUT", token, body, signal });
    return true;
  } catch (error) {
    if (error instanceof FocalfitError && error.status === 409) return false;
    throw error;
  }
}

/** Options of {@link createFederation}. */
export interface FederationOptions {
  /** The owner's, a secret of the service. */
  token: string;
  /** How many columns every member's rows have. */
  columns: number;
  /** The two labels, the positive one last. */
  classes: readonly [Label, Label];
  /** Focusing parameter γ ≥ 0. Default 2. */
  gamma?: number | undefined;
  /** `"balanced"`, by the counts of all members, or a weight of the positive class. Default: none. */
  classWeight?: "balanced" | number | undefined;
  /** As for `FocalClassifier`, of all rows. Default 1e-4. */
  l2?: number | undefined;
  /** `"exact"`, for up to 256 columns, the default there unless `averaging` is given; or `"averaging"`. */
  mode?: "exact" | "averaging" | undefined;
  /** No sum of fewer members is ever used or shown. A whole number ≥ 2. Default 3. */
  minimumClients?: number | undefined;
  /** A round is closed when so many updates are there. Default: that of all who were invited. */
  quorum?: number | undefined;
  /** After so many seconds a round is closed with the members that it has, if they are enough. Default 300. */
  roundSeconds?: number | undefined;
  /** Default 50, in averaging mode 100. */
  maxRounds?: number | undefined;
  /** Exact mode has converged where ‖∇J‖∞ ≤ tolerance · max(1, ‖∇J(0)‖∞). Default 1e-9. */
  tolerance?: number | undefined;
  /** How members' steps become one: not in exact mode. */
  averaging?: AveragingOptions | undefined;
  signal?: AbortSignal | undefined;
}

/** How members' steps become one. */
export interface AveragingOptions {
  /** `"mean"`, weighted by rows; `"median"` of each coordinate; `"trimmed"`, the mean without a share at either end. Default `"mean"`. */
  rule?: "mean" | "median" | "trimmed" | undefined;
  /** The share at either end that `"trimmed"` leaves out, in (0, 0.5). */
  trim?: number | undefined;
  /** How many gradient steps a member takes on its own rows in the first round; later they are fewer, from the middle of the rounds on one. Default 3. */
  steps?: number | undefined;
  /** μ of the penalty (μ/2)·‖θ − θ_k‖² that keeps a member near the round's parameters. Default 0. */
  proximal?: number | undefined;
  /** β: the parameters move by v ← β·v + Δ. From 0.001 to 0.99. Default 0.9. */
  momentum?: number | undefined;
  /** The norm that a member's step is clipped to. Default 1. */
  clip?: number | undefined;
  /** σ: the sum of the clipped steps gets Gaussian noise of deviation σ · clip, a part from each member, beside each one's own. With rule `"mean"`. Default 0: none. */
  noise?: number | undefined;
}

/** A federation, as its owner has it. */
export interface Federation {
  id: string;
  /** For {@link join} and {@link advance}. */
  url: string;
  /**
   * With noise: the updates of all `rounds` are (ε, δ)-differentially private towards those who see their sums alone, other
   * members among them, if `minimumClients` members add their noise. The sums of the first round are not among them.
   */
  privacy?: { epsilon: number; delta: number; rounds: number };
  /**
   * Tokens for members, by name; each is good for its name alone, and for so many seconds (default: 30 days).
   *
   * Rejects with `BAD_OPTION`, `SERVICE_FAILED`, `ABORTED`.
   */
  invite(names: readonly string[], seconds?: number): Promise<{ [name: string]: string }>;
  /** Removes it from the service, with all that members sent; the model stays with those who have it. */
  remove(): Promise<void>;
}

/**
 * Creates a federation on the edge service at `url`, such as `https://focalfit.example`. Where it is not known whether the
 * service has done so, it rejects instead of creating another.
 *
 * Rejects with `BAD_OPTION`, `SERVICE_FAILED`, `ABORTED`.
 */
export async function createFederation(url: string, options: FederationOptions): Promise<Federation> {
  checkOptions(options, ["token", "columns", "classes", "gamma", "classWeight", "l2", "mode", "minimumClients", "quorum", "roundSeconds", "maxRounds", "tolerance", "averaging", "signal"]);
  const { token, signal, ...settings } = options;
  checkAddress(url, token);
  const base = `${url.replace(/\/$/, "")}/v1/federations`;
  const { content } = await ask(base, { method: "POST", token, body: settings, once: true, signal });
  const { id, privacy } = content as Pick<Federation, "id" | "privacy">;
  const own = `${base}/${id}`;
  return {
    id,
    url: own,
    ...(privacy && { privacy }),
    async invite(names, seconds) {
      if (!Array.isArray(names)) throw badOption("names", `names is ${describe(names)}: it must be an array of the members' names.`);
      let all: { [name: string]: string } = {};
      let from = 0;
      do {
        // The service takes a thousand at a time.
        const clients = names.slice(from, (from += 1000));
        const { content } = await ask(`${own}/clients`, { method: "POST", token, body: { clients, seconds }, signal });
        all = { ...all, ...(content as { tokens: { [name: string]: string } }).tokens };
      } while (from < names.length);
      return all;
    },
    async remove() {
      try {
        await ask(own, { method: "DELETE", token, signal });
      } catch (error) {
        // Gone already, be it by a request of which the answer was lost.
        if (!(error instanceof FocalfitError && error.status === 404)) throw error;
      }
    },
  };
}

/** Where {@link advance} left a federation. */
export interface Advanced {
  round: number;
  kind: FederationProgress["kind"];
  /** How many updates the round has. */
  updates: number;
  /** Whether this call closed the round before. */
  closed: boolean;
  status: "running" | Joined["status"];
  /** Why the federation cannot go on, if so. */
  failure?: string;
}

/**
 * Has the service look whether a federation's round can be closed, by quorum or by deadline, and close it. The service does
 * so by itself too, when the last update comes and every minute.
 *
 * Rejects with `SERVICE_FAILED`, `ABORTED`.
 */
export async function advance(url: string, options: { token: string; signal?: AbortSignal | undefined }): Promise<Advanced> {
  checkOptions(options, ["token", "signal"]);
  checkAddress(url, options.token);
  return (await ask(`${url}/advance`, { ...options, method: "POST" })).content as Advanced;
}

function checkAddress(url: unknown, token: unknown): void {
  if (typeof url !== "string" || !/^https?:\/\//.test(url)) throw badOption("url", `url is ${describe(url)}: it must be an address that begins with https://.`);
  if (typeof token !== "string" || token === "") throw badOption("token", `token is ${describe(token)}: it must be the text that the service's owner gave you.`);
}
