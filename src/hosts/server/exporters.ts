/**
 * Owns what can be imported into a file: the standard library's names and those of the other files that the client knows.
 * Answers at once from what is known, and looks for the rest meanwhile.
 */
import { canonicalUri, exportsOf, relativePath, type Exporter } from "../../language/features";
import type { Analyses } from "./analyses";
import { standardLibraryId, type Sources } from "./sources";

/** More files than this are not offered: nobody finds a name among them. */
const mostFiles = 300;

export class Exporters {
  readonly #sources: Sources;
  readonly #analyses: Analyses;
  readonly #listFiles: () => Promise<readonly string[]>;
  readonly #known = new Map<string, { readonly text: string; readonly names: Exporter["names"] }>();
  #files: readonly string[] = [];
  #listed = false;

  constructor(sources: Sources, analyses: Analyses, listFiles: () => Promise<readonly string[]>) {
    this.#sources = sources;
    this.#analyses = analyses;
    this.#listFiles = listFiles;
  }

  /** The files known now, as imports of the file `id` would write them. */
  for(id: string): readonly Exporter[] {
    if (!this.#listed) {
      this.#listed = true;
      void this.#list();
    }
    const from = canonicalUri(id);
    const others = this.#files.flatMap((file): Exporter[] => {
      const path = file === from ? undefined : relativePath(from, file);
      const names = path === undefined ? [] : this.#namesOf(file);
      return path === undefined || names.length === 0 ? [] : [{ path, names }];
    });
    return [{ path: standardLibraryId, names: this.#namesOf(standardLibraryId) }, ...others];
  }

  /** Files came or went. */
  forget(): void {
    this.#listed = false;
  }

  async #list(): Promise<void> {
    this.#files = (await this.#listFiles()).slice(0, mostFiles);
    for (const file of this.#files) this.#sources.text(file);
    await this.#sources.readWanted();
  }

  #namesOf(id: string): Exporter["names"] {
    const text = this.#sources.text(id);
    if (text === undefined) return [];
    let known = this.#known.get(id);
    if (known?.text !== text) {
      const file = this.#analyses.tree(id);
      known = { text, names: file === undefined ? [] : exportsOf(file) };
      this.#known.set(id, known);
    }
    return known.names;
  }
}
