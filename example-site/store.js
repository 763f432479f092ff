// What survives a reload: one entry in this browser's IndexedDB. Where there is none, as in some private windows, nothing does.
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

export const keep = (value) => run("readwrite", (store) => store.put(value, "model")).catch(() => undefined);
export const kept = () => run("readonly", (store) => store.get("model")).catch(() => undefined);
export const forget = () => run("readwrite", (store) => store.delete("model")).catch(() => undefined);
