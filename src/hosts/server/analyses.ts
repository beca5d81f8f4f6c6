/**
 * Owns the checked form of each file, made again when its text or an imported one has changed. Knows nothing of LSP
 * or of where texts come from.
 */
import { checkModule, ModuleLoader, type CheckedModule } from "../../language/check";
import type { File } from "../../language/syntax";
import { standardLibraryId, type Sources } from "./sources";

interface Analysis {
  readonly checked: CheckedModule;
  /** Every text that was looked up on the way, as it was. */
  readonly inputs: ReadonlyMap<string, string | undefined>;
}

/** An import chain longer than this is given up on, so that a hostile file system cannot keep the server reading. */
const longestChain = 100;

export class Analyses {
  readonly #sources: Sources;
  readonly #loader: ModuleLoader;
  readonly #analyses = new Map<string, Analysis>();
  #lookedUp = new Map<string, string | undefined>();

  constructor(sources: Sources) {
    this.#sources = sources;
    this.#loader = new ModuleLoader((from, path) => {
      const id = sources.idOf(from, path);
      if (id === undefined) return undefined;
      const text = sources.text(id);
      this.#lookedUp.set(id, text);
      return text === undefined ? undefined : { id, text };
    });
  }

  /** The tree alone, at once. */
  tree(id: string): File | undefined {
    const text = this.#sources.text(id);
    if (text === undefined) return undefined;
    this.#lookedUp = new Map(); // what is looked up now belongs to no analysis
    return this.#loader.load(id, text).file;
  }

  /** Checked, with every import read first. */
  async of(id: string): Promise<CheckedModule | undefined> {
    for (let depth = 0; depth < longestChain; depth++) {
      const checked = this.#now(id);
      if (!(await this.#sources.readWanted())) return checked;
    }
    return this.#now(id);
  }

  /** Whether the file, as last checked, depends on another. */
  dependsOn(id: string, other: string): boolean {
    return this.#analyses.get(id)?.inputs.has(other) === true;
  }

  /** The file and everything it imports, checked as they are now. */
  async closure(id: string): Promise<ReadonlyMap<string, string> | undefined> {
    if ((await this.of(id)) === undefined) return undefined;
    const texts = new Map<string, string>();
    for (const [input, text] of this.#analyses.get(id)?.inputs ?? []) {
      if (text !== undefined && input !== standardLibraryId) texts.set(input, text);
    }
    return texts;
  }

  forget(id: string): void {
    this.#analyses.delete(id);
  }

  #now(id: string): CheckedModule | undefined {
    const known = this.#analyses.get(id);
    if (known !== undefined && this.#isCurrent(known)) return known.checked;
    const text = this.#sources.text(id);
    if (text === undefined) return undefined;
    this.#lookedUp = new Map([[id, text]]);
    const checked = checkModule(this.#loader.load(id, text));
    this.#analyses.set(id, { checked, inputs: this.#lookedUp });
    return checked;
  }

  #isCurrent({ inputs }: Analysis): boolean {
    for (const [id, text] of inputs) if (this.#sources.text(id) !== text) return false;
    return true;
  }
}
