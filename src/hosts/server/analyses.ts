/**
 * Owns the checked form of each file, made again when its text or an imported one has changed. Knows nothing of LSP
 * or of where texts come from.
 */
import { makeCheckingLibrary } from "../../engine";
import {
  CheckMemory,
  checkModule,
  ModuleLoader,
  type CheckedModule,
  type DataAnswer,
  type DataContents,
  type Library,
  type Outside,
} from "../../language/check";
import type { File } from "../../language/syntax";
import type { DataHeaders } from "./data-headers";
import { standardLibraryId, type Sources } from "./sources";

interface Analysis {
  readonly checked: CheckedModule;
  /** Every text that was looked up on the way, as it was. */
  readonly inputs: ReadonlyMap<string, string | undefined>;
  /** Every data file that was asked for, by the key of its header, and the answer that there was. */
  readonly data: AskedData;
}

type AskedData = ReadonlyMap<string, DataAnswer<DataContents> | undefined>;

/** An import chain longer than this is given up on, so that a hostile file system cannot keep the server reading. */
const longestChain = 100;

export class Analyses {
  readonly #sources: Sources;
  readonly #loader: ModuleLoader;
  readonly #analyses = new Map<string, Analysis>();
  /** Of each file what is used again when it is checked again. */
  readonly #memories = new Map<string, CheckMemory>();
  #lookedUp = new Map<string, string | undefined>();
  readonly #headers: DataHeaders;
  readonly #library: Library;
  #askedFor = new Map<string, DataAnswer<DataContents> | undefined>();

  constructor(sources: Sources, headers: DataHeaders) {
    this.#sources = sources;
    this.#headers = headers;
    this.#library = makeCheckingLibrary((request) => {
      const { key, answer } = headers.look(request);
      this.#askedFor.set(key, answer);
      return answer ?? "later";
    });
    this.#loader = new ModuleLoader((from, path) => {
      const id = sources.idOf(from, path);
      if (id === undefined) return undefined;
      const text = sources.text(id);
      this.#lookedUp.set(id, text);
      return text === undefined ? undefined : { id, text };
    });
  }

  /** What files are checked with: optimizers, and the headers of data files. */
  get library(): Library {
    return this.#library;
  }

  /** The tree alone, at once. */
  tree(id: string): File | undefined {
    const text = this.#sources.text(id);
    if (text === undefined) return undefined;
    this.#lookedUp = new Map(); // what is looked up now belongs to no analysis
    return this.#loader.load(id, text).file;
  }

  /** Checked, with every import read first, and with the headers of data files as far as they come soon. */
  async of(id: string): Promise<CheckedModule | undefined> {
    for (let depth = 0; depth < longestChain; depth++) {
      const checked = this.#now(id);
      if (!(await this.#sources.readWanted()) && !(await this.#headers.settle())) return checked;
    }
    return this.#now(id);
  }

  /** Whether the file, as last checked, depends on another. */
  dependsOn(id: string, other: string): boolean {
    return this.#analyses.get(id)?.inputs.has(other) === true;
  }

  /** Whether the file, as last checked, asked for that data. */
  usesData(id: string, key: string): boolean {
    return this.#analyses.get(id)?.data.has(key) === true;
  }

  /** The uris of the data files that the file, as last checked, reads. */
  dataFilesOf(id: string): readonly string[] {
    const uris = [...(this.#analyses.get(id)?.data.keys() ?? [])].map(
      (key) => this.#headers.uriOf(key) ?? "",
    );
    return [...new Set(uris)].filter((uri) => uri !== "");
  }

  /** The keys of all data that files ask for, as last checked. */
  dataInUse(): ReadonlySet<string> {
    return new Set([...this.#analyses.values()].flatMap(({ data }) => [...data.keys()]));
  }

  /** The ids of all files that others import, as last checked, whether they are there or not. */
  importsInUse(): readonly string[] {
    const imports = [...this.#analyses].flatMap(([id, { inputs }]) =>
      [...inputs.keys()].filter((input) => input !== id && input !== standardLibraryId),
    );
    return [...new Set(imports)];
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
    this.#memories.delete(id);
  }

  #now(id: string): CheckedModule | undefined {
    const known = this.#analyses.get(id);
    if (known !== undefined && this.#isCurrent(known)) return known.checked;
    const text = this.#sources.text(id);
    if (text === undefined) return undefined;
    this.#lookedUp = new Map([[id, text]]);
    this.#askedFor = new Map();
    const memory = this.#memories.get(id) ?? new CheckMemory(this.#outside);
    this.#memories.set(id, memory);
    const checked = checkModule(this.#loader.load(id, text), { library: this.#library, memory });
    this.#analyses.set(id, { checked, inputs: this.#lookedUp, data: this.#askedFor });
    return checked;
  }

  /** Data files are all that checking asks for besides the texts. */
  readonly #outside: Outside = {
    watch: (work) => {
      const before = this.#askedFor;
      const asked = new Map<string, DataAnswer<DataContents> | undefined>();
      this.#askedFor = asked;
      try {
        return { result: work(), holds: () => this.#askAgain(asked) };
      } finally {
        this.#askedFor = before;
        for (const [key, answer] of asked) before.set(key, answer);
      }
    },
  };

  #askAgain(asked: AskedData): boolean {
    for (const [key, answer] of asked) {
      if (this.#headers.lookAgain(key) !== answer) return false;
      this.#askedFor.set(key, answer);
    }
    return true;
  }

  #isCurrent({ inputs, data }: Analysis): boolean {
    for (const [id, text] of inputs) if (this.#sources.text(id) !== text) return false;
    for (const [key, answer] of data) if (this.#headers.known(key) !== answer) return false;
    return true;
  }
}
