// What survives a reload: one entry in this browser's IndexedDB. Where there is none, as in some private windows, nothing does,
// and where it does not answer, the page goes on without it.
const open = () =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open("focalfit-example", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("kept");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function run(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction("kept", mode);
      const request = work(transaction.objectStore("kept"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

const within = (milliseconds, promise) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, milliseconds))]);

/** Resolves with whether the value is kept. */
export const keep = (value) => within(5000, run("readwrite", (store) => store.put(value, "model")).then(() => true, () => false)).then(Boolean);
/** Resolves with what is kept, or nothing. */
export const kept = () => within(1000, run("readonly", (store) => store.get("model")).catch(() => undefined));
export const forget = () => run("readwrite", (store) => store.delete("model")).catch(() => undefined);
