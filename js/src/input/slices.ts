/** How long work on the calling thread may go on before it lets other events in, milliseconds. */
const sliceLength = 8;

/** Runs `run` in a later macrotask, without the 4 ms a browser's nested setTimeout waits. */
export function later(run: () => void): void {
  if (typeof setImmediate === "function") {
    setImmediate(run);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(0);
}

/** `work(from, to)` for all of 0 … count, `step` at a time, giving way to other events every few milliseconds. */
export type InSlices = (count: number, step: number, work: (from: number, to: number) => void) => Promise<void>;

/** Slices that share one clock. `check` runs after each pause, and may throw to end the work. */
export function slices(check?: () => void): InSlices {
  let deadline = performance.now() + sliceLength;
  return async (count, step, work) => {
    for (let from = 0; from < count; from += step) {
      if (performance.now() >= deadline) {
        await new Promise<void>(later);
        check?.();
        deadline = performance.now() + sliceLength;
      }
      work(from, Math.min(count, from + step));
    }
  };
}
