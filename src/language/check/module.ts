/** Files as modules: their declarations, imports resolved to other modules. Knows nothing of shapes. */
import {
  editDistance,
  parse,
  type Declaration,
  type File,
  type ImportedName,
  type Net,
  type Op,
  type ConstDeclaration,
  type Run,
} from "../syntax";
import { foreignNames } from "./foreign-names";

/** The id of the standard library as a module. */
export const standardLibraryId = "std";

/** What can be named across a file: an op, a net or a constant. */
export type Importable = Op | Net | ConstDeclaration;

export interface Module {
  /** A path or uri; "std" for the standard library. */
  readonly id: string;
  readonly file: File;
  /** The declarations by name, the first of each. Runs among them. */
  readonly declarations: ReadonlyMap<string, Declaration>;
  /** What each local name was imported as; undefined where the import failed. */
  readonly imports: ReadonlyMap<
    string,
    { readonly module: Module; readonly declaration: Importable } | undefined
  >;
  /** What was imported from "std" and is not declared there, by local name: builtins, where they are some. */
  readonly standardNames: ReadonlyMap<string, string>;
  readonly importProblems: readonly ImportProblem[];
  /** The modules that imports of this one lead back to. */
  readonly cycles: readonly string[];
}

export type ImportProblem =
  | {
      readonly kind: "not-found" | "cycle";
      readonly path: string;
      readonly start: number;
      readonly end: number;
    }
  | {
      readonly kind: "missing-name";
      readonly path: string;
      readonly name: string;
      /** What has the name there without being importable. */
      readonly holder: "run" | "import" | undefined;
      readonly nearest: string | undefined;
      readonly start: number;
      readonly end: number;
    };

/** Gives the id and text that an import means, or undefined where it cannot be read. */
export type Resolve = (
  from: string,
  path: string,
) => { readonly id: string; readonly text: string } | undefined;

/** Loads modules. Each text is parsed once; linking is made anew at every load, so that changed imports are seen. */
export class ModuleLoader {
  readonly #files = new Map<string, File>();
  readonly #resolve: Resolve;

  constructor(resolve: Resolve) {
    this.#resolve = resolve;
  }

  load(id: string, text: string): Module {
    return this.#load(id, text, new Map());
  }

  /** `linked` holds the modules of this load; undefined marks one that is being linked, so that a cycle shows. */
  #load(id: string, text: string, linked: Map<string, Module | undefined>): Module {
    let file = this.#files.get(id);
    if (file?.text !== text) {
      file = parse(text);
      this.#files.set(id, file);
    }
    linked.set(id, undefined);
    const module = this.#link(id, file, linked);
    linked.set(id, module);
    return module;
  }

  #link(id: string, file: File, linked: Map<string, Module | undefined>): Module {
    const declarations = new Map<string, Declaration>();
    for (const declaration of file.declarations) {
      if (declaration.kind !== "import" && !declarations.has(declaration.name.name)) {
        declarations.set(declaration.name.name, declaration);
      }
    }
    const imports = new Map<string, { module: Module; declaration: Importable } | undefined>();
    const standardNames = new Map<string, string>();
    const importProblems: ImportProblem[] = [];
    const cycles: string[] = [];
    for (const declaration of file.declarations) {
      if (declaration.kind !== "import" || declaration.from === undefined) continue;
      const { value: path, start, end } = declaration.from;
      const found = this.#resolve(id, path);
      const cyclic = found !== undefined && linked.has(found.id) && linked.get(found.id) === undefined;
      if (found !== undefined && cyclic) cycles.push(found.id);
      const target =
        found === undefined || cyclic
          ? undefined
          : (linked.get(found.id) ?? this.#load(found.id, found.text, linked));
      if (target === undefined)
        importProblems.push({ kind: cyclic ? "cycle" : "not-found", path, start, end });
      // Every file of a cycle shows it at its own import: the file in hand is one that leads back to itself.
      else if (importsOf(target).has(id)) importProblems.push({ kind: "cycle", path, start, end });
      for (const name of declaration.names) {
        const declared = target && importable(target, name);
        imports.set(
          name.local.name,
          target === undefined || declared === undefined
            ? undefined
            : { module: target, declaration: declared },
        );
        if (target !== undefined && declared === undefined) {
          if (target.id === standardLibraryId) standardNames.set(name.local.name, name.imported.name);
          const nearest = nearestName(name.imported.name, exportedNames(target));
          importProblems.push({
            kind: "missing-name",
            path,
            name: name.imported.name,
            holder: holderOf(target, name.imported.name),
            nearest,
            start: name.imported.start,
            end: name.imported.end,
          });
        }
      }
    }
    return { id, file, declarations, imports, standardNames, importProblems, cycles };
  }
}

/** What a module means to import, in itself and below: cut imports of a cycle among them. */
function importsOf(module: Module): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<Module>();
  const stack = [module];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const id of next.cycles) found.add(id);
    for (const imported of next.imports.values()) if (imported !== undefined) stack.push(imported.module);
  }
  return found;
}

function importable(target: Module, name: ImportedName): Importable | undefined {
  const declaration = target.declarations.get(name.imported.name);
  return declaration !== undefined && isImportable(declaration) ? declaration : undefined;
}

function holderOf(target: Module, name: string): "run" | "import" | undefined {
  if (target.declarations.get(name)?.kind === "run") return "run";
  return target.imports.has(name) ? "import" : undefined;
}

function isImportable(declaration: Declaration): declaration is Importable {
  return declaration.kind === "op" || declaration.kind === "net" || declaration.kind === "const";
}

/** The names that other files may import. */
export function exportedNames(module: Module): string[] {
  return [...module.declarations.values()].filter(isImportable).map(({ name }) => name.name);
}

export function runsOf(module: Module): Run[] {
  return [...module.declarations.values()].filter((declaration) => declaration.kind === "run");
}

/** The candidate that other libraries call so, or the closest within a small edit distance. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  const meant = foreignNames.get(name);
  // A name of one letter is near to nothing but its other case.
  let bestDistance = Math.min(name.length, Math.max(1, Math.floor(name.length / 3)) + 1);
  for (const candidate of candidates) {
    if (candidate === meant) return meant;
    if (candidate === name || Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = candidate.toLowerCase() === name.toLowerCase() ? 0 : editDistance(name, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
