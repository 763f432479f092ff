// Peers in turn: A B C A B C …, each only after its results were found right.
import { summarise } from "./statistics.mjs";

/**
 * Opens, checks and measures peers. A peer is { name, open }, and open gives
 *   check()           throws when its results are wrong
 *   sample()          one measurement, of any kind
 *   summary(samples)  fastest, median and quartiles of them; default: samples are numbers
 *   note, close()     what else there is to say; frees
 * One that cannot be opened or is wrong has `error` in place of `summary`.
 */
export async function compare(peers, { rounds, log = () => {} }) {
  const entries = [];
  try {
    for (const { name, open } of peers) {
      const entry = { name, samples: [] };
      entries.push(entry);
      await guarded(entry, async () => {
        entry.peer = await open();
        entry.note = entry.peer.note ?? "";
        await entry.peer.check?.();
        await entry.peer.sample();
      });
      log(`${name}: ${entry.error ?? "right"}`);
    }
    for (let round = 0; round < rounds; round++) {
      for (const entry of entries) {
        if (!entry.error) await guarded(entry, async () => entry.samples.push(await entry.peer.sample()));
      }
    }
    return entries.map(({ name, note, error, samples, peer }) => ({
      name, note, samples,
      ...(error ? { error } : { summary: (peer.summary ?? summarise)(samples) }),
    }));
  } finally {
    for (const { peer } of entries) await peer?.close?.();
  }
}

async function guarded(entry, work) {
  try {
    await work();
  } catch (error) {
    entry.error = String(error?.message ?? error).split("\n")[0];
  }
}

/** How many calls last about `milliseconds`, by a warm call. */
export async function callsFor(milliseconds, call) {
  await call();
  const start = performance.now();
  await call();
  return Math.max(1, Math.ceil(milliseconds / Math.max(0.01, performance.now() - start)));
}

/** A sample of a pass: seconds a call, over as many calls as last about `milliseconds`. */
export async function timedCalls(call, milliseconds = 15) {
  const calls = await callsFor(milliseconds, call);
  return async () => {
    const start = performance.now();
    for (let c = 0; c < calls; c++) {
      const wait = call();
      if (wait instanceof Promise) await wait;
    }
    return (performance.now() - start) / 1000 / calls;
  };
}

/** The entry of a name. */
export const entryOf = (entries, name) => entries.find((e) => e.name === name && e.summary);

/** How many times slower than another, by the same statistic; undefined where one is missing. */
export function ratio(a, b, statistic = "median") {
  return a?.summary && b?.summary ? a.summary[statistic] / b.summary[statistic] : undefined;
}
