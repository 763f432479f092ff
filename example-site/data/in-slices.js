/**
 * Runs a generator for a few milliseconds at a time, so that the page stays responsive, and resolves with what it returns.
 * `onProgress` gets what it yields; when `signal` is aborted, it ends and rejects with the signal's reason.
 */
export async function inSlices(steps, { onProgress, signal, milliseconds = 6 } = {}) {
  for (;;) {
    signal?.throwIfAborted();
    const end = performance.now() + milliseconds;
    let step;
    do {
      step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    onProgress?.(step.value);
    await new Promise(later);
  }
}

/** Runs `run` in a later task, without the wait of a nested setTimeout, which of a hidden page is a second. */
function later(run) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(0);
}
