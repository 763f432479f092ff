// CSV, at once or in pieces, to records of text. The grammar is Papa Parse's; files, streams and encodings are read here.
import { aborted, FocalfitError, reason } from "../input/errors.js";
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
export async function readCSV(source: CSVSource, { delimiter, encoding, decimal }: CSVFormat, signal: AbortSignal | undefined, use: (fields: string[]) => void, pause: (characters: number) => Promise<void>): Promise<void> {
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
      // With \n alone the \r before it is white space, and files of both kinds of lines are read.
      parser = new Papa.Parser({ delimiter: meta.delimiter, newline: meta.linebreak === "\r\n" ? "\n" : meta.linebreak });
    }
    const { data, errors, meta } = parser.parse(text, 0, !last);
    // What is cut off may look wrong.
    const wrong = errors.find(({ row }) => last || row < data.length);
    if (wrong) {
      const row = records + data.slice(0, wrong.row).filter(isRecord).length - 1;
      throw new FocalfitError("BAD_INPUT", `${row < 0 ? "The header" : `Row ${row}`} has a quotation mark that ${wrong.code === "MissingQuotes" ? "is never closed" : "is closed in the middle of a field"}: quote whole fields, and write a mark within as two.`, { row: Math.max(row, 0) });
    }
    for (const fields of data) use(decimal === "," ? fields.map(withPoint) : fields);
    records += data.filter(isRecord).length;
    rest = text.slice(meta.cursor);
    if (!last && rest.length > longestRecord) {
      throw new FocalfitError("BAD_INPUT", `Row ${Math.max(records - 1, 0)} goes on for over a million characters: see that its quotation marks are closed, and that this is CSV.`, { row: Math.max(records - 1, 0) });
    }
  };
  for await (const text of texts(source, encoding, signal)) {
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

/** Whether there is anything in a record; blank lines are no rows. */
function isRecord(fields: readonly string[]): boolean {
  return fields.some((field) => field.trim() !== "");
}

/** A number with a comma before its fraction, perhaps with points between thousands, as others are written. */
function withPoint(field: string): string {
  return /^\s*[+-]?(\d{1,3}(\.\d{3})+|\d*)(,\d+)?\s*$/.test(field) ? field.replaceAll(".", "").replace(",", ".") : field;
}

/** The text of a source in pieces. */
async function* texts(source: CSVSource, encoding: string | undefined, signal: AbortSignal | undefined): AsyncGenerator<string> {
  if (typeof source === "string") return yield source;
  let decoder: TextDecoder | undefined;
  const decode = (bytes?: Uint8Array) => {
    try {
      decoder ??= new TextDecoder(encoding ?? encodingOf(bytes!), { fatal: true });
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw decoder
        ? new FocalfitError("BAD_INPUT", `The bytes are not ${decoder.encoding}: save the file as UTF-8, or set encoding, say to "windows-1252".`, { cause })
        : new FocalfitError("BAD_OPTION", `encoding "${encoding}" is not known here: it must be one that TextDecoder takes.`, { option: "encoding", cause });
    }
  };
  try {
    for await (const chunk of chunks("stream" in source ? source.stream() : source, signal)) {
      if (typeof chunk === "string") yield chunk;
      else if (!ArrayBuffer.isView(chunk)) throw new FocalfitError("BAD_INPUT", "The stream gives neither text nor bytes: give one of strings or of Uint8Array.");
      else if (chunk.length > 0) yield decode(chunk);
    }
    if (decoder) yield decode();
  } catch (cause) {
    if (cause instanceof FocalfitError) throw cause;
    throw new FocalfitError("BAD_INPUT", `The source could not be read (${reason(cause)}).`, { cause });
  }
}

/** What a stream gives, until the signal; not every browser can iterate over its own streams. */
async function* chunks(stream: ReadableStream<Uint8Array | string> | AsyncIterable<Uint8Array | string>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array | string> {
  const reader = "getReader" in stream ? stream.getReader() : undefined;
  const iterator = reader ? undefined : (stream as AsyncIterable<Uint8Array | string>)[Symbol.asyncIterator]();
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => (stop = () => reject(aborted(signal!, undefined, "The reading was aborted."))));
  stopped.catch(() => {});
  signal?.addEventListener("abort", stop);
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader ? reader.read() : iterator!.next(), stopped]);
      if (done) return;
      yield value as Uint8Array | string;
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    // Not waited for: what hangs does not answer.
    void (reader ? reader.cancel() : iterator!.return?.())?.catch(() => {});
  }
}

function encodingOf([first, second]: Uint8Array): string {
  return first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
