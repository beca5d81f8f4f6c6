/** Going to definitions, finding uses, renaming: over the names of checked files. Knows no editor. */
import type { CheckedModule, Module, Place } from "../check";
import { normalizedName, reservedWords, tokenize, type Span } from "../syntax";
import { nameAt, namesOf, sameSymbol, usesOfSymbol, type NameUse } from "./names";

/** Where the name at an offset is defined, and the name's own span; an import's path means the file itself. */
export function definitionAt(
  checked: CheckedModule,
  offset: number,
): { readonly origin: Span; readonly place: Place } | undefined {
  const { module } = checked;
  const use = nameAt(checked, offset);
  if (use?.symbol !== undefined) return { origin: use.span, place: use.symbol };
  for (const declaration of module.file.declarations) {
    if (declaration.kind !== "import" || declaration.from === undefined) continue;
    const { from } = declaration;
    if (offset < from.start || offset > from.end) continue;
    const [first] = declaration.names;
    const target = first && module.imports.get(first.local.name)?.module;
    return target && { origin: from, place: { file: target.id, start: 0, end: 0 } };
  }
  return undefined;
}

export interface Use extends Place {
  readonly defines: boolean;
}

/** Every use in the given files of what the name at an offset means, its definitions among them. */
export function usesAt(
  checked: CheckedModule,
  offset: number,
  everywhere: Iterable<CheckedModule>,
): readonly Use[] {
  const found = nameAt(checked, offset);
  if (found === undefined) return [];
  const uses = new Map<string, Use>();
  const modules = [...everywhere];
  const { symbol } = found;
  const declared = symbol && modules.find(({ module }) => module.id === symbol.file)?.module.file.text;
  const name = declared === undefined ? found.name : nameStarting(declared, symbol?.start ?? 0);
  for (const each of modules) {
    const meant =
      symbol === undefined
        ? namesOf(each).filter((use) => use.role === "builtin" && use.name === found.name)
        : usesOfSymbol(each, symbol, name);
    for (const use of meant) {
      const { start, end } = use.span;
      uses.set(`${each.module.id}:${String(start)}`, {
        file: each.module.id,
        start,
        end,
        defines: use.defines,
      });
    }
  }
  return [...uses.values()];
}

function nameStarting(text: string, start: number): string {
  return /^[\p{L}\p{M}\p{N}_'₀-₉]*/u.exec(text.slice(start, start + 200))?.[0] ?? "";
}

/** The uses in the same file: what the editor highlights. */
export function highlightsAt(checked: CheckedModule, offset: number): readonly Use[] {
  return usesAt(checked, offset, [checked]);
}

export type Renaming =
  | { readonly kind: "edits"; readonly edits: readonly (Place & { readonly newText: string })[] }
  | { readonly kind: "refused"; readonly reason: string };

/** What can be renamed at an offset, or why nothing can. */
export function renameableAt(checked: CheckedModule, offset: number): NameUse | { readonly reason: string } {
  const use = nameAt(checked, offset);
  if (use === undefined) return { reason: "There is no name here." };
  if (use.symbol === undefined) return { reason: `\`${use.name}\` is built in and cannot be renamed.` };
  if (use.symbol.file === "std") {
    return { reason: `\`${use.name}\` belongs to the standard library and cannot be renamed.` };
  }
  return use;
}

/** The edits that rename what stands at an offset in all the given files. An alias keeps the name behind `as`. */
export function rename(
  checked: CheckedModule,
  offset: number,
  newName: string,
  everywhere: Iterable<CheckedModule>,
): Renaming {
  const found = renameableAt(checked, offset);
  if ("reason" in found) return { kind: "refused", reason: found.reason };
  const refusal = refuseName(newName);
  if (refusal !== undefined) return { kind: "refused", reason: refusal };
  const modules = [...everywhere];
  const clash = clashOf(found, newName, modules);
  if (clash !== undefined) return { kind: "refused", reason: clash };
  const edits = usesAt(checked, offset, modules)
    .filter((use) => nameIn(modules, use) === found.name)
    .map(({ file, start, end }) => ({ file, start, end, newText: newName }));
  return { kind: "edits", edits };
}

function refuseName(name: string): string | undefined {
  const tokens = tokenize(name).filter(({ kind }) => kind !== "end");
  const [only] = tokens;
  if (tokens.length !== 1 || only?.kind !== "name") return `\`${name}\` is not a name.`;
  if (reservedWords.has(name)) return `\`${name}\` is a reserved word.`;
  if (name === "T") return "No node is named `T`: `.T` is the transpose.";
  return undefined;
}

/** A name of the same container, or of the file, that the new one would collide with. */
function clashOf(found: NameUse, newName: string, modules: readonly CheckedModule[]): string | undefined {
  const wanted = normalizedName(newName);
  for (const { module, facts } of modules) {
    if (module.id !== found.symbol?.file) continue;
    const declared = module.declarations.get(wanted);
    const isDeclaration = ["op", "net", "run", "const"].includes(found.role);
    if (isDeclaration && (declared !== undefined || module.imports.has(wanted))) {
      return `\`${newName}\` is already declared in this file.`;
    }
    const { definitions } = facts.at(found.symbol.start);
    const scope = [...definitions.values()].find(({ place }) => sameSymbol(place, found.symbol))?.scope;
    if (scope?.own(wanted) !== undefined) return `\`${newName}\` is already defined here.`;
  }
  return undefined;
}

function nameIn(modules: readonly CheckedModule[], { file, start, end }: Place): string {
  const text = modules.find(({ module }) => module.id === file)?.module.file.text ?? "";
  return normalizedName(text.slice(start, end));
}

/** The module of a file among those that a module imports, itself included. */
export function moduleOf(module: Module, file: string): Module | undefined {
  const seen = new Set<Module>();
  const search = (candidate: Module): Module | undefined => {
    if (candidate.id === file) return candidate;
    if (seen.has(candidate)) return undefined;
    seen.add(candidate);
    for (const imported of candidate.imports.values()) {
      const found = imported && search(imported.module);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(module);
}
