import type { EngineHandle } from "./engine.js";
import { FocalfitError } from "../input/errors.js";
import type { TableRecipe } from "../model/recipe.js";

/**
 * Rows that an engine holds: uploaded once, used by many fits. Made by {@link Engine.dataset}. It lives as long as its
 * engine; when that is lost, so are the rows (`ENGINE_LOST`), and they have to be uploaded again.
 */
export class Dataset {
  /** Rows uploaded. */
  readonly rows: number;
  /** Columns uploaded. */
  readonly columns: number;
  /** The labels given with the rows, which `fit` takes when it is given none. */
  readonly y: ArrayLike<unknown> | undefined;
  /** What fills missing cells. */
  readonly impute: "mean" | "median" | undefined;
  /** Of rows of a table how they came about, and what was decided about its columns. */
  readonly table: TableRecipe | undefined;
  readonly notes: readonly string[];
  /** Not part of the package's interface. */
  readonly engine: EngineHandle;
  #id: number;
  #life: object;
  #gone = false;

  /** Not part of the package's interface: see {@link Engine.dataset}. */
  constructor(engine: EngineHandle, id: number, life: object, about: { rows: number; columns: number; y: ArrayLike<unknown> | undefined; impute: "mean" | "median" | undefined; table: TableRecipe | undefined; notes: readonly string[] }) {
    this.engine = engine;
    this.#id = id;
    this.#life = life;
    this.rows = about.rows;
    this.columns = about.columns;
    this.y = about.y;
    this.impute = about.impute;
    this.table = about.table;
    this.notes = about.notes;
  }

  /** Its number in `engine`. Not part of the package's interface. @throws `ENGINE_LOST`, `BAD_INPUT` */
  numberIn(engine: EngineHandle): number {
    if (engine !== this.engine) throw new FocalfitError("BAD_INPUT", "The dataset is of another engine: make it with the classifier's.");
    if (this.#gone) throw new FocalfitError("BAD_INPUT", "The dataset was disposed of: make another.");
    if (engine.life !== this.#life) throw new FocalfitError("ENGINE_LOST", "The dataset went with its engine: upload it again with engine.dataset.");
    return this.#id;
  }

  /** Frees the engine's memory of it. */
  async dispose(): Promise<void> {
    if (this.#gone) return;
    this.#gone = true;
    if (this.engine.life === this.#life) await this.engine.call("free", { dataset: this.#id }).catch(() => {});
  }

  /** {@link Dataset.dispose}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}
