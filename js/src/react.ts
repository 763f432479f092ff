"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import { FocalfitError, reason } from "./input/errors.js";
import type { MatrixInput } from "./input/matrix.js";
import type { Dataset } from "./engine/dataset.js";
import type { Label } from "./input/labels.js";
import { FocalClassifier, type FitOptions } from "./training/classifier.js";
import type { ClassifierOptions } from "./training/options.js";
import type { FitProgress, FitReport } from "./training/report.js";

/** What {@link useClassifier} knows at a render. */
export interface ClassifierState<L extends Label | number[] = Label> {
  /** `"fitting"` while a fit runs, else `"ready"` with a fitted classifier, `"error"` after a fit that failed, or `"idle"`. */
  status: "idle" | "fitting" | "ready" | "error";
  /** The last classifier that was fitted or loaded; while another fit runs it still predicts. */
  classifier: FocalClassifier<L> | null;
  /** Of the fit that runs; of a fit that has ended its last one. */
  progress: FitProgress | null;
  /** Of the last fit that ended well. */
  report: FitReport | null;
  /** Why the last fit failed; null after one that was aborted. */
  error: FocalfitError | null;
}

/** What {@link useClassifier} returns. The functions are the same at every render. */
export interface ClassifierHook<L extends Label | number[] = Label> extends ClassifierState<L> {
  /**
   * Fits a new classifier, and aborts the fit that runs, if one does. It never rejects: what went wrong is `error`.
   *
   * @param X as for {@link FocalClassifier.fit}
   * @param y as for {@link FocalClassifier.fit}
   * @param options as for {@link FocalClassifier.fit}
   * @returns the report; undefined after a failure, an abort, an unmount or when a later fit took its place
   */
  fit(X: MatrixInput | Dataset, y?: ArrayLike<L> | MatrixInput, options?: FitOptions): Promise<FitReport | undefined>;
  /** Ends the fit that runs. The classifier stays as it was. */
  abort(): void;
  /**
   * Takes a document that {@link FocalClassifier.toJSON} made, after JSON.parse, in place of a fit.
   *
   * @throws `BAD_MODEL`
   */
  load(json: unknown): void;
}

const idle = { status: "idle", classifier: null, progress: null, report: null, error: null } as const;

/**
 * A classifier as the state of a component. What runs is aborted when the component unmounts; rendering on a server starts
 * nothing.
 *
 * @param options of the classifiers that are fitted, as at the last render. An engine of its own is yours to dispose of.
 *
 * @example
 * ```jsx
 * import { useClassifier } from "focalfit/react";
 *
 * export function Train({ X, y }) {
 *   const { status, progress, report, error, fit, abort } = useClassifier({ classWeight: "balanced" });
 *   if (status === "fitting") return <><progress value={progress?.fraction ?? 0} /><button onClick={abort}>Stop</button></>;
 *   return <>
 *     <button onClick={() => fit(X, y)}>Train</button>
 *     {error ? <p role="alert">{error.message}</p> : report && <p>{report.iterations} iterations</p>}
 *   </>;
 * }
 * ```
 */
export function useClassifier<L extends Label | number[] = Label>(options: ClassifierOptions<L & Label> = {}): ClassifierHook<L> {
  const [state, setState] = useState<ClassifierState<L>>(idle);
  const latest = useRef(options);
  /** The fit whose outcome is wanted. */
  const running = useRef<AbortController | null>(null);

  useEffect(() => {
    latest.current = options;
  });

  useEffect(() => () => {
    running.current?.abort();
    running.current = null;
  }, []);

  const fit = useCallback<ClassifierHook<L>["fit"]>(async (X, y, fitOptions = {}) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    const wanted = () => running.current === controller;
    const { signal, onProgress } = fitOptions;
    const abort = () => controller.abort(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort);
    setState((before) => ({ ...before, status: "fitting", progress: null, error: null }));
    try {
      const classifier = new FocalClassifier<L>(latest.current);
      const report = await classifier.fit(X, y, {
        ...fitOptions,
        signal: controller.signal,
        onProgress(progress) {
          if (wanted()) setState((before) => ({ ...before, progress }));
          onProgress?.(progress);
        },
      });
      if (!wanted()) return undefined;
      setState((before) => ({ ...before, status: "ready", classifier, report }));
      return report;
    } catch (thrown) {
      if (!wanted()) return undefined;
      const error = thrown instanceof FocalfitError ? thrown : new FocalfitError("BAD_INPUT", `The fit could not begin: ${reason(thrown)}.`, { cause: thrown });
      setState((before) => (error.code === "ABORTED"
        ? { ...before, status: before.classifier ? "ready" : "idle", progress: null }
        : { ...before, status: "error", error }));
      return undefined;
    } finally {
      signal?.removeEventListener("abort", abort);
      if (wanted()) running.current = null;
    }
  }, []);

  const abort = useCallback(() => running.current?.abort(), []);

  const load = useCallback((json: unknown) => {
    const { engine } = latest.current;
    const classifier = FocalClassifier.fromJSON<L>(json, { engine });
    running.current?.abort();
    running.current = null;
    setState({ ...idle, status: "ready", classifier });
  }, []);

  return { ...state, fit, abort, load };
}
