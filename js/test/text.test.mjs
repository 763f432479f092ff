import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createEngine, FocalClassifier } from "focalfit";
import { hashText, hashTextSync } from "focalfit/text";

const { texts, cases } = JSON.parse(readFileSync(new URL("testdata/text.json", import.meta.url), "utf8"));
const names = { ngram_range: "ngramRange", n_features: "columns", alternate_sign: "alternateSign", strip_accents: "stripAccents", stop_words: "stopWords" };

for (const { options, entries, sha256, rows } of cases) {
  test(`a thousand texts are hashed as by scikit-learn: ${JSON.stringify(options)}`, async () => {
    const own = Object.fromEntries(Object.entries(options).map(([name, value]) => [names[name] ?? name, value ?? false]));
    const X = await hashText(texts, own);
    assert.equal(X.rows, 1000);
    for (const [row, [indices, values]] of Object.entries(rows)) {
      const [from, to] = X.indptr.subarray(Number(row), Number(row) + 2);
      assert.deepEqual([...X.indices.subarray(from, to)], indices, `columns of ${JSON.stringify(texts[row])}`);
      assert.deepEqual([...X.values.subarray(from, to)], values, `values of ${JSON.stringify(texts[row])}`);
    }
    assert.equal(X.indices.length, entries);
    const hash = createHash("sha256");
    for (const part of [X.indptr, X.indices, X.values]) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    assert.equal(hash.digest("hex"), sha256);
  });
}

test("at once is in slices, and the empty list is in order", async () => {
  assert.deepEqual(hashTextSync(texts.slice(0, 50)), await hashText(texts.slice(0, 50)));
  assert.deepEqual(await hashText([]), { rows: 0, columns: 262144, indptr: Int32Array.of(0), indices: new Int32Array(), values: new Float64Array() });
});

test("hashed texts are learnt from", async () => {
  const engine = createEngine();
  const train = Array.from({ length: 400 }, (_, i) => `${i % 8 ? "see you at the meeting" : "win free money now"} number ${i % 37}`);
  const y = train.map((_, i) => (i % 8 ? "ham" : "spam"));
  const classifier = new FocalClassifier({ engine, classWeight: "balanced", positiveClass: "spam" });
  await classifier.fit(await hashText(train, { columns: 4096 }), y);
  assert.deepEqual(await classifier.predict(hashTextSync(["free money", "the meeting at noon"], { columns: 4096 })), ["spam", "ham"]);
  await engine.dispose();
});

test("what is no text, and what no option", async () => {
  await assert.rejects(hashText(["a", null]), { code: "BAD_INPUT", row: 1 });
  await assert.rejects(hashText(["a", "b", "half \ud83d"]), { code: "BAD_INPUT", row: 2 });
  await assert.rejects(hashText("abc"), { code: "BAD_INPUT" });
  for (const options of [{ analyser: "word" }, { analyzer: "words" }, { ngramRange: [2, 1] }, { ngramRange: 2 }, { columns: 0 }, { columns: 2 ** 31 }, { norm: "max" }, { stripAccents: true }, { stopWords: "the" }, { analyzer: "char", stopWords: ["a"] }, { binary: 1 }]) {
    await assert.rejects(hashText(["a"], options), { code: "BAD_OPTION" }, JSON.stringify(options));
  }
});
