// Cross-validation, the search for settings, and splits. Loaded when first needed.
import { FocalClassifier } from "./classifier.js";
import { Dataset } from "../engine/dataset.js";
import { sharedEngine, type EngineHandle } from "../engine/engine.js";
import { aborted, badOption, FocalfitError } from "../input/errors.js";
import { checkKnown } from "../input/known.js";
import { checkLength, checkSampleWeight, encodeLabels, showLabel, type Label } from "../input/labels.js";
import type { Scores } from "./judge.js";
import { describe, openMatrix, typedArrayName, type CSRMatrix, type DenseMatrix, type MatrixInput } from "../input/matrix.js";
import { checkClassifierOptions, checkEngine, checkOptions, choice, flag, number, type ClassifierOptions } from "./options.js";
import { scoreNames, type MatrixCall, type SettingCall } from "../engine/protocol.js";
import type { CrossValidateOptions, CrossValidation, SplitOptions, Split, TuneOptions, Tuning } from "./validation.js";
import { slices } from "../input/slices.js";
import { settingCall } from "./train.js";
import { discard, imputeOf, openUpload, tableOf } from "../engine/upload.js";

const whole = (least: number) => [(value: number) => Number.isSafeInteger(value) && value >= least, `must be a whole number ≥ ${least}`] as const;

/** See crossValidate in index.ts. */
export async function crossValidate<L extends Label>(X: MatrixInput | Dataset, y: ArrayLike<L> | undefined, options: CrossValidateOptions<L>): Promise<CrossValidation> {
  checkOptions(options, ["options", "folds", "seed", "sampleWeight", "signal", "onProgress", "parallel"]);
  const given = options.options ?? {};
  const [result] = await search(X, y, options, [given as ClassifierOptions]);
  return result!;
}

/** See tune in index.ts. */
export async function tune<L extends Label>(X: MatrixInput | Dataset, y: ArrayLike<L> | undefined, options: TuneOptions<L>): Promise<Tuning<L>> {
  checkOptions(options, ["options", "grid", "ranges", "trials", "folds", "metric", "parallel", "seed", "sampleWeight", "signal", "onProgress"]);
  const metric = choice(options, "metric", scoreNames) ?? "averagePrecision";
  const base = (options.options ?? {}) as ClassifierOptions;
  const settings = settingsOf(options);
  const results = await search(X, y, options, settings.map((setting) => ({ ...base, ...setting })));
  const sign = metric === "logLoss" || metric === "brier" || metric === "ece" ? -1 : 1;
  let at = 0;
  results.forEach(({ mean }, index) => {
    if (sign * mean[metric] > sign * results[at]!.mean[metric]) at = index;
  });
  const engine = engineOf(base, X);
  const classifier = new FocalClassifier<L>({ ...base, ...settings[at], ...(engine && { engine }) } as ClassifierOptions<L>);
  const { sampleWeight, signal } = options as TuneOptions<L>;
  const report = await classifier.fit(X, y, { sampleWeight, signal });
  const entries = results.map((result, index) => ({ options: settings[index] as Partial<ClassifierOptions<L>>, ...result }));
  return { best: { ...entries[at]!, score: entries[at]!.mean[metric] }, results: entries, classifier, report };
}

/** The engine that was asked for, or the one that holds the rows. */
function engineOf({ engine }: ClassifierOptions, X: unknown): EngineHandle | undefined {
  return (engine as EngineHandle | undefined) ?? (X instanceof Dataset ? X.engine : undefined);
}

/** What is to be tried: every combination of a grid, or draws from ranges. */
function settingsOf({ grid, ranges, trials, seed }: TuneOptions<Label>): Partial<ClassifierOptions>[] {
  if ((grid === undefined) === (ranges === undefined)) throw badOption("grid", "Give grid, lists of values by option, or ranges, [low, high] by option: one of them.");
  const lists = Object.entries((grid ?? ranges) as Record<string, unknown>);
  if (lists.length === 0) throw badOption(grid ? "grid" : "ranges", `${grid ? "grid" : "ranges"} is empty: name at least one option.`);
  if (grid) {
    if (trials !== undefined) throw badOption("trials", "trials is for ranges: a grid tries every combination.");
    return lists.reduce<Partial<ClassifierOptions>[]>((settings, [option, values]) => {
      if (!Array.isArray(values) || values.length === 0) throw badOption("grid", `grid.${option} is ${describe(values)}: it must be an array of values.`);
      return settings.flatMap((setting) => values.map((value: unknown) => ({ ...setting, [option]: value })));
    }, [{}]);
  }
  const random = uniform(number({ seed }, "seed", 0, ...whole(0)));
  const count = number({ trials }, "trials", 20, ...whole(1));
  for (const [option, range] of lists) {
    checkKnown({ [option]: range }, ["gamma", "gammaPositive", "gammaNegative", "clip", "epsilon", "labelSmoothing", "alpha", "l2", "l1"], "option with a range");
    if (!Array.isArray(range) || range.length !== 2 || !range.every(Number.isFinite) || !(range[0] <= range[1])) throw badOption("ranges", `ranges.${option} is ${describe(range)}: it must be [low, high].`);
    if ((option === "l2" || option === "l1") && !(range[0] > 0)) throw badOption("ranges", `ranges.${option} must begin above 0: it is drawn by its logarithm.`);
  }
  return Array.from({ length: count }, () =>
    Object.fromEntries(lists.map(([option, range]) => {
      const [low, high] = range as [number, number];
      const at = random();
      return [option, option === "l2" || option === "l1" ? low * (high / low) ** at : low + (high - low) * at];
    })));
}

interface SearchOptions {
  folds?: number | undefined;
  seed?: number | undefined;
  sampleWeight?: ArrayLike<number> | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: { fraction: number; done: number; total: number }) => void) | undefined;
  parallel?: "auto" | number | undefined;
}

/**
 * Cross-validates settings. A task is a fold and a group of settings, a path that is fitted from the model before (see
 * groupsOf); the groups do not depend on how many engines share the tasks, so that the results do not either.
 */
async function search(X: MatrixInput | Dataset, y: ArrayLike<unknown> | undefined, options: SearchOptions, settings: ClassifierOptions[]): Promise<CrossValidation[]> {
  const folds = number(options as Record<string, unknown>, "folds", 5, ...whole(2));
  const seed = number(options as Record<string, unknown>, "seed", 0, ...whole(0));
  const { signal, onProgress, sampleWeight } = options;
  if (onProgress !== undefined && typeof onProgress !== "function") throw badOption("onProgress", `onProgress is ${describe(onProgress)}: it must be a function.`);
  if (signal !== undefined && typeof signal?.addEventListener !== "function") throw badOption("signal", `signal is ${describe(signal)}: it must be an AbortSignal.`);
  if (signal?.aborted) throw aborted(signal);
  const checked = settings.map((setting) => checkClassifierOptions(setting));
  checkEngine(settings[0]!.engine);
  if (checked.some(({ multiLabel }) => multiLabel)) throw badOption("multiLabel", "Several labels cannot be cross-validated at once: do it for each label by itself.");
  if (checked.some(({ solver }) => solver === "ftrl")) throw badOption("solver", 'solver "ftrl" learns by partialFit and cannot be cross-validated: leave solver out.');
  const held = X instanceof Dataset;
  const impute = imputeOf(checked[0]!, X);
  if (checked.some((setting) => setting.impute !== checked[0]!.impute)) throw badOption("impute", "impute must be the same for all settings: give it in options.");

  const stop = new AbortController();
  const abort = () => stop.abort(signal!.reason);
  signal?.addEventListener("abort", abort);
  const inSlices = slices(() => {
    if (stop.signal.aborted) throw aborted(stop.signal);
  });
  const first = engineOf(settings[0]!, X) ?? sharedEngine();
  const extra: EngineHandle[] = [];
  const uploads: { engine: EngineHandle; matrix: MatrixCall }[] = [];
  try {
    const data = openUpload(X, impute !== undefined);
    const { rows, columns } = data;
    const labels = y ?? (held ? X.y : undefined);
    checkLength(labels, rows, "y");
    const { classes, indices } = await encodeLabels(labels, inSlices);
    const counts = classes.map(() => 0);
    indices.forEach((index) => counts[index]!++);
    const rare = counts.findIndex((count) => count < folds);
    if (rare >= 0) throw new FocalfitError("BAD_INPUT", `Class ${showLabel(classes[rare]!)} has ${counts[rare]} rows for ${folds} folds: every fold needs one; set folds to at most ${counts[rare]}, or add rows.`);
    const weights = sampleWeight === undefined ? null : await checkSampleWeight(sampleWeight, rows, inSlices);
    const calls = checked.map((setting) => settingCall(setting, classes, columns));
    const groups = groupsOf(calls);
    const tasks = groups.flatMap((group) => Array.from({ length: folds }, (_, fold) => ({ group, fold })));

    const engines = [first];
    const count = workers(options.parallel, tasks.length, data.cells * settings.length);
    if (held && count > 1) throw badOption("parallel", "A dataset is with one engine: leave parallel out.");
    for (let more = count - 1; more > 0; more--) {
      const engine = first.another();
      if (!engine) break;
      extra.push(engine);
      engines.push(engine);
    }
    const scores = calls.map(() => [] as Float64Array[]);
    let [next, done] = [0, 0];
    await Promise.all(engines.map(async (engine) => {
      const matrix = await data.send(engine, impute ?? null, inSlices, stop.signal);
      uploads.push({ engine, matrix });
      while (next < tasks.length) {
        const { group, fold } = tasks[next++]!;
        const outcome = await engine.call("fold", {
          matrix: { ...matrix, once: false },
          impute: impute ?? null,
          labels: indices.slice(),
          sampleWeight: weights && weights.slice(),
          folds, seed, fold,
          settings: group.map((index) => calls[index]!),
        }, { signal: stop.signal });
        group.forEach((index, position) => (scores[index]![fold] = outcome.scores.slice(position * scoreNames.length, (position + 1) * scoreNames.length)));
        done++;
        if (!stop.signal.aborted) onProgress?.({ fraction: done / tasks.length, done, total: tasks.length });
      }
    })).catch((error: unknown) => {
      stop.abort(error);
      throw error;
    });
    if (signal?.aborted) throw aborted(signal);
    return scores.map(summary);
  } catch (error) {
    if (signal?.aborted) throw aborted(signal);
    throw error;
  } finally {
    signal?.removeEventListener("abort", abort);
    for (const { engine, matrix } of uploads) discard(engine, matrix);
    for (const engine of extra) void engine.dispose();
  }
}

/**
 * The indices of settings by path: those that differ in l2 only, from the largest, or, where all have one l2, those that
 * differ in γ only, one for all classes, from the smallest.
 */
function groupsOf(calls: readonly SettingCall[]): number[][] {
  const along = calls.every(({ l2 }) => l2 === calls[0]!.l2) ? "gamma" : "l2";
  const groups = new Map<string, number[]>();
  calls.forEach(({ l2, gamma, ...rest }, index) => {
    const free = along === "gamma" && gamma.every((value) => value === gamma[0]);
    const key = JSON.stringify([rest, free || gamma]);
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  const order = (a: number, b: number) => (along === "l2" ? calls[b]!.l2 - calls[a]!.l2 : calls[a]!.gamma[0]! - calls[b]!.gamma[0]!) || a - b;
  return [...groups.values()].map((group) => group.sort(order));
}

/** How many engines to share the tasks. */
function workers(parallel: unknown = "auto", tasks: number, cells: number): number {
  if (parallel === "auto") {
    // A worker's start costs as much as a fit of some million cells.
    const cores = typeof navigator === "object" ? (navigator.hardwareConcurrency ?? 2) : 2;
    return cells < 2e6 ? 1 : Math.min(tasks, Math.max(1, cores), 8);
  }
  return Math.min(tasks, number({ parallel }, "parallel", 1, ...whole(1)));
}

function summary(folds: Float64Array[]): CrossValidation {
  const of = (value: (at: number) => number) => Object.fromEntries(scoreNames.map((name, at) => [name, value(at)])) as unknown as Scores;
  const mean = (at: number) => folds.reduce((sum, fold) => sum + fold[at]!, 0) / folds.length;
  return {
    folds: folds.map((fold) => of((at) => fold[at]!)),
    mean: of(mean),
    standardDeviation: of((at) => Math.sqrt(folds.reduce((sum, fold) => sum + (fold[at]! - mean(at)) ** 2, 0) / folds.length)),
  };
}

/** See split in index.ts. */
export async function split<L>(X: MatrixInput, y: ArrayLike<L>, options: SplitOptions): Promise<Split<L>> {
  checkOptions(options, ["testFraction", "stratify", "seed"]);
  const fraction = number(options, "testFraction", 0.25, (value) => value > 0 && value < 1, "must lie between 0 and 1");
  const stratify = flag(options, "stratify", true);
  const random = uniform(number(options, "seed", 0, ...whole(0)));
  if ((X as unknown) instanceof Dataset) throw new FocalfitError("BAD_INPUT", "X is a dataset: split the rows first.");
  const reader = openMatrix(X, "X", true);
  const { rows, columns } = reader;
  checkLength(y, rows, "y");
  const inSlices = slices();
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  await inSlices(rows - 1, 4096, (from, to) => {
    for (let last = rows - 1 - from; last > rows - 1 - to; last--) {
      const other = Math.floor(random() * (last + 1));
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
  });
  const parts = new Map<unknown, number[]>();
  await inSlices(rows, 4096, (from, to) => {
    for (const row of order.subarray(from, to)) {
      const key = stratify ? y[row] : 0;
      if (parts.has(key)) parts.get(key)!.push(row);
      else parts.set(key, [row]);
    }
  });
  const tested = new Uint8Array(rows);
  for (const part of parts.values()) {
    const last = Math.round(part.length * fraction);
    await inSlices(last, 4096, (from, to) => part.slice(from, to).forEach((row) => (tested[row] = 1)));
  }
  const take = async (test: number) => {
    const chosen: number[] = [];
    await inSlices(rows, 4096, (from, to) => {
      for (let row = from; row < to; row++) if (tested[row] === test) chosen.push(row);
    });
    if (chosen.length === 0) throw new FocalfitError("BAD_INPUT", `${rows} rows cannot be split so that both parts have some: change testFraction, or add rows.`);
    const labels = Array.from(chosen, (row) => y[row]!);
    if (Array.isArray(X)) return { X: chosen.map((row) => (X as readonly ArrayLike<number>[])[row]!), y: labels, rows: chosen };
    if (reader.sparse) return { X: sparseRows(reader.sparse, chosen), y: labels, rows: chosen };
    const source = reader.dense!;
    const data = typedArrayName(source) === "Float32Array" ? new Float32Array(chosen.length * columns) : new Float64Array(chosen.length * columns);
    await inSlices(chosen.length, Math.max(1, Math.floor(65536 / columns)), (from, to) => {
      for (let at = from; at < to; at++) data.set(source.subarray(chosen[at]! * columns, (chosen[at]! + 1) * columns), at * columns);
    });
    const { table, notes } = tableOf(X);
    return { X: { data, rows: chosen.length, columns, ...(table && { table, notes }) } as DenseMatrix, y: labels, rows: chosen };
  };
  return { train: await take(0), test: await take(1) };
}

function sparseRows({ columns, indptr, indices, values }: CSRMatrix, chosen: number[]): CSRMatrix {
  const starts = new Int32Array(chosen.length + 1);
  chosen.forEach((row, at) => (starts[at + 1] = starts[at]! + indptr[row + 1]! - indptr[row]!));
  const total = starts[chosen.length]!;
  const own = { rows: chosen.length, columns, indptr: starts, indices: new Int32Array(total), values: typedArrayName(values) === "Float32Array" ? new Float32Array(total) : new Float64Array(total) };
  chosen.forEach((row, at) => {
    for (let from = indptr[row]!, to = starts[at]!; to < starts[at + 1]!; from++, to++) {
      own.indices[to] = indices[from]!;
      own.values[to] = values[from]!;
    }
  });
  return own;
}

/** Numbers in [0, 1) that a seed determines: mulberry32. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 4294967296;
  };
}
