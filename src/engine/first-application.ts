/** Where a file first applies an op or a net: what its hyperparameters and sizes are there. Knows nothing of numbers. */
import {
  elaborateRun,
  Elaborator,
  runsOf,
  undrawn,
  type InstanceValue,
  type Library,
  type Module,
  type Value,
} from "../language/check";
import type { Net, Op } from "../language/syntax";

interface Application {
  readonly hyperparameters: ReadonlyMap<string, Value>;
  readonly sizes: ReadonlyMap<string, Value>;
}

/** Looked for when asked, run after run, in the order of the file. */
export class FirstApplication {
  readonly #module: Module;
  readonly #library: Library;
  readonly #declaration: Op | Net;
  #found: Application | null | undefined;

  constructor(
    { module, library }: { readonly module: Module; readonly library: Library },
    declaration: Op | Net,
  ) {
    this.#module = module;
    this.#library = library;
    this.#declaration = declaration;
  }

  /** With layers not drawn yet. */
  get hyperparameters(): ReadonlyMap<string, Value> | undefined {
    const given = this.#application()?.hyperparameters;
    return given && new Map([...given].map(([name, value]) => [name, undrawn(value)]));
  }

  get sizes(): ReadonlyMap<string, Value> {
    return this.#application()?.sizes ?? new Map<string, Value>();
  }

  #application(): Application | null {
    if (this.#found !== undefined) return this.#found;
    this.#found = null;
    const declaration = this.#declaration;
    for (const run of runsOf(this.#module)) {
      const e = new Elaborator({ library: this.#library, budget: 100_000 });
      const { instances, applied } = elaborateRun(e, this.#module, run, undefined);
      if (declaration.kind === "op") {
        const hyperparameters = applied.get(declaration);
        if (hyperparameters !== undefined) this.#found = { hyperparameters, sizes: new Map() };
      } else {
        const instance = instances.find(({ layer }) => layer.net?.declaration === declaration);
        if (instance !== undefined) this.#found = applicationOf(instance);
      }
      if (this.#found !== null) break;
    }
    return this.#found;
  }
}

function applicationOf({ layer, scope }: InstanceValue): Application {
  const sizes = [...scope.bindings()].flatMap(({ name, role, value }) =>
    role === "size" ? [[name, value] as const] : [],
  );
  return { hyperparameters: layer.net?.hyperparameters ?? new Map<string, Value>(), sizes: new Map(sizes) };
}
