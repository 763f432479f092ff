// CSV, at once or in pieces, to records of text. The grammar is Papa Parse's; files, streams and encodings are read here.
import { FocalfitError, reason } from "./errors.js";
import Papa from "./papaparse.js";

/** Where CSV may come from: text; a File or any Blob; a stream of bytes or text, of the web's kind or Node's. */
export type CSVSource = string | Blob | ReadableStream<Uint8Array | string> | AsyncIterable<Uint8Array | string>;

/** How CSV is written. */
export interface CSVFormat {
  /** What is between two fields. Default: the one of `,` tab `|` `;` that the first lines speak for. */
  delimiter?: string | undefined;
  /** What the bytes are, for TextDecoder. Default: `"utf-8"`, or UTF-16 where the first two bytes say so. */
  encoding?: string | undefined;
  /** What is before a number's fraction: `"."` or `","`. Default `"."`. */
  decimal?: "." | "," | undefined;
}

/** Pieces to parse at once: some milliseconds. */
const pieceLength = 1 << 16;

/** Longer than any honest record: a quotation mark that is never closed swallows the rest of the file. */
const longestRecord = 1 << 20;

/** Calls `use` with the fields of each record, and `pause` after each piece, with how many characters there have been. */
export async function readCSV(source: CSVSource, { delimiter, encoding, decimal }: CSVFormat, use: (fields: string[]) => void, pause: (characters: number) => Promise<void>): Promise<void> {
  /** What is not parsed yet, and how much of it is new. */
  let rest = "";
  let fresh = 0;
  let characters = 0;
  let records = 0;
  let parser: { parse(text: string, baseIndex: number, ignoreLastRow: boolean): { data: string[][]; errors: { code: string; row: number }[]; meta: { cursor: number } } } | undefined;
  const parse = (last: boolean) => {
    let text = rest;
    fresh = 0;
    if (!parser) {
      text = text.replace(/^\ufeff/, "");
      const { meta } = Papa.parse(text, { preview: 10, skipEmptyLines: "greedy", ...(delimiter !== undefined && { delimiter }) });
      parser = new Papa.Parser({ delimiter: meta.delimiter, newline: meta.linebreak });
    }
    const { data, errors, meta } = parser.parse(text, 0, !last);
    // What is cut off may look wrong.
    const wrong = errors.find(({ row }) => last || row < data.length);
    if (wrong) {
      const row = records + wrong.row - 1;
      throw new FocalfitError("BAD_INPUT", `${row < 0 ? "The header" : `Row ${row}`} has a quotation mark that ${wrong.code === "MissingQuotes" ? "is never closed" : "is closed in the middle of a field"}: quote whole fields, and write a mark within as two.`, { row: Math.max(row, 0) });
    }
    for (const fields of data) use(decimal === "," ? fields.map((field) => field.replace(/^(\s*[+-]?\d*),(\d+\s*)$/, "$1.$2")) : fields);
    records += data.length;
    rest = text.slice(meta.cursor);
    if (!last && rest.length > longestRecord) {
      throw new FocalfitError("BAD_INPUT", `Row ${Math.max(records - 1, 0)} goes on for over a million characters: see that its quotation marks are closed, and that this is CSV.`, { row: Math.max(records - 1, 0) });
    }
  };
  for await (const text of texts(source, encoding)) {
    for (let from = 0; from < text.length; from += pieceLength) {
      const piece = text.slice(from, from + pieceLength);
      if (piece.includes("\0")) throw new FocalfitError("BAD_INPUT", "This is no text: give CSV, saved as text from a spreadsheet.");
      rest += piece;
      fresh += piece.length;
      characters += piece.length;
      if (fresh >= pieceLength) {
        parse(false);
        await pause(characters);
      }
    }
  }
  parse(true);
}

/** The text of a source in pieces. */
async function* texts(source: CSVSource, encoding: string | undefined): AsyncGenerator<string> {
  if (typeof source === "string") return yield source;
  let decoder: TextDecoder | undefined;
  try {
    for await (const chunk of chunks("stream" in source ? source.stream() : source)) {
      if (typeof chunk === "string") yield chunk;
      else if (!ArrayBuffer.isView(chunk)) throw new FocalfitError("BAD_INPUT", "The stream gives neither text nor bytes: give one of strings or of Uint8Array.");
      else yield (decoder ??= new TextDecoder(encoding ?? encodingOf(chunk), { fatal: true })).decode(chunk, { stream: true });
    }
    if (decoder) yield decoder.decode();
  } catch (cause) {
    if (cause instanceof FocalfitError) throw cause;
    if (cause instanceof RangeError) throw new FocalfitError("BAD_OPTION", `encoding "${encoding}" is not known here: it must be one that TextDecoder takes.`, { option: "encoding", cause });
    if (decoder && cause instanceof TypeError) throw new FocalfitError("BAD_INPUT", `The bytes are not ${decoder.encoding}: save the file as UTF-8, or set encoding, say to "windows-1252".`, { cause });
    throw new FocalfitError("BAD_INPUT", `The source could not be read (${reason(cause)}).`, { cause });
  }
}

/** What a stream gives; not every browser can iterate over its own. */
async function* chunks(stream: ReadableStream<Uint8Array | string> | AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array | string> {
  if (!("getReader" in stream)) return yield* stream;
  const reader = stream.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function encodingOf([first, second]: Uint8Array): string {
  return first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
