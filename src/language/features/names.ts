/**
 * Every name in a checked file with what it means: where it is defined, or which builtin it is. Definition, references,
 * rename, highlights, tokens and hover all read this one list. Knows no editor.
 */
import type {
  BindingRole,
  CheckedModule,
  DefinedName,
  Definition,
  Facts,
  Module,
  Place,
  Value,
} from "../check";
import {
  normalizedName,
  visitOf,
  walkFrom,
  type Declaration,
  type Identifier,
  type Import,
  type Span,
} from "../syntax";
import { calleeOf, definitionOfArgument } from "./callees";

export type NameRole = BindingRole | "op" | "net" | "run" | "const" | "builtin";

/** A name as it stands in the file. */
export interface NameUse {
  readonly name: string;
  readonly span: Span;
  readonly role: NameRole;
  /** Where it is defined; undefined for builtins. Members of one family share one symbol. */
  readonly symbol: Place | undefined;
  /** It is being defined here. */
  readonly defines: boolean;
  readonly value: Value | undefined;
}

const known = new WeakMap<CheckedModule, Map<Declaration, readonly NameUse[]>>();

/** The names of the module's own file, in the order of the text. */
export function namesOf(checked: CheckedModule): readonly NameUse[] {
  return checked.module.file.declarations.flatMap((declaration) => namesIn(checked, declaration));
}

/** Those in one declaration. */
export function namesIn(checked: CheckedModule, declaration: Declaration): readonly NameUse[] {
  const ofFile = known.get(checked) ?? new Map<Declaration, readonly NameUse[]>();
  known.set(checked, ofFile);
  let names = ofFile.get(declaration);
  if (names === undefined) {
    names = collect(checked, declaration);
    ofFile.set(declaration, names);
  }
  return names;
}

/** Those in the declarations that a span touches. */
export function namesNear(checked: CheckedModule, span: Span): readonly NameUse[] {
  return checked.module.file.declarations.flatMap((declaration) =>
    declaration.start <= span.end && span.start <= declaration.end ? namesIn(checked, declaration) : [],
  );
}

/** The uses of a symbol in one file. Looks only where its name, or another that it was imported by, is written. */
export function usesOfSymbol(checked: CheckedModule, symbol: Place, name: string): readonly NameUse[] {
  const { module } = checked;
  const owner = symbol.file === module.id ? checked.facts.declarationAt(symbol.start) : undefined;
  const isLocal = owner?.kind === "run" && symbol.start !== owner.name.start;
  const written = new Set([normalizedName(name)]);
  for (const [local, imported] of module.imports) {
    if (imported === undefined) continue;
    const { start, end } = imported.declaration.name;
    if (sameSymbol(symbol, { file: imported.module.id, start, end })) written.add(local);
  }
  const names = [...written];
  return (isLocal ? [owner] : module.file.declarations).flatMap((declaration) => {
    const text = normalizedName(module.file.text.slice(declaration.start, declaration.end));
    if (!names.some((each) => text.includes(each))) return [];
    return namesIn(checked, declaration).filter((use) => sameSymbol(use.symbol, symbol));
  });
}

/** The name at an offset; the one that ends there where none begins. */
export function nameAt(checked: CheckedModule, offset: number): NameUse | undefined {
  const around = checked.module.file.declarations.find(({ start, end }) => start <= offset && offset <= end);
  const names = around === undefined ? [] : namesIn(checked, around);
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle]?.span.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const found = names[low - 1];
  return found !== undefined && offset <= found.span.end ? found : undefined;
}

export function sameSymbol(a: Place | undefined, b: Place | undefined): boolean {
  return a !== undefined && b !== undefined && a.file === b.file && a.start === b.start;
}

function collect(checked: CheckedModule, declaration: Declaration): readonly NameUse[] {
  const { module } = checked;
  if (declaration.kind === "import")
    return importedNames(module, declaration).toSorted((a, b) => a.span.start - b.span.start);
  const facts = checked.facts.of(declaration);
  const isOwn = ({ file, start }: Place): boolean =>
    file === module.id && declaration.start <= start && start < declaration.end;
  const firsts = firstDefinitions(facts);
  const uses = new Map<number, NameUse>();
  const add = (use: NameUse): void => {
    if (use.name !== "" && !uses.has(use.span.start)) uses.set(use.span.start, use);
  };
  if (module.declarations.get(declaration.name.name) === declaration) {
    const symbol = placeIn(module, declaration.name);
    add({ ...spanned(declaration.name), role: declaration.kind, symbol, defines: true, value: undefined });
  }
  for (const defined of facts.definitions.values()) {
    if (!isOwn(defined.place)) continue;
    const { name, place, role, value } = defined;
    const span = { start: place.start, end: place.start + nameLength(module, place) };
    add({ name, span, role, symbol: firsts.get(keyOf(place)) ?? place, defines: true, value });
  }
  for (const { name, place, definition } of facts.references.values()) {
    if (!isOwn(place)) continue;
    add({
      name,
      span: { start: place.start, end: place.end },
      ...meaningOf(definition, firsts),
      defines: false,
    });
  }
  for (const use of namedArguments(checked, declaration, firsts)) add(use);
  return [...uses.values()].sort((a, b) => a.span.start - b.span.start);
}

function meaningOf(
  definition: Definition,
  firsts: ReadonlyMap<string, Place>,
): Pick<NameUse, "role" | "symbol" | "value"> {
  switch (definition.kind) {
    case "binding": {
      const { role, place, value } = definition;
      return { role, symbol: firsts.get(keyOf(place)) ?? place, value };
    }
    case "declaration":
      return { role: definition.declaration, symbol: definition.place, value: undefined };
    case "builtin":
      return { role: "builtin", symbol: undefined, value: undefined };
  }
}

/** For each place of a definition the first one of its name in its scope: the members of a family are one symbol. */
function firstDefinitions(facts: Facts): ReadonlyMap<string, Place> {
  const byScope = new Map<DefinedName["scope"], Map<string, DefinedName[]>>();
  for (const defined of facts.definitions.values()) {
    const names = byScope.get(defined.scope) ?? new Map<string, DefinedName[]>();
    byScope.set(defined.scope, names);
    names.set(defined.name, [...(names.get(defined.name) ?? []), defined]);
  }
  const firsts = new Map<string, Place>();
  for (const names of byScope.values()) {
    for (const group of names.values()) {
      const first = group.reduce((a, b) => (b.place.start < a.place.start ? b : a));
      for (const { place } of group) firsts.set(keyOf(place), first.place);
    }
  }
  return firsts;
}

function keyOf({ file, start }: Place): string {
  return `${file}:${String(start)}`;
}

/** A family member's place covers its index; its name does not. */
function nameLength({ file: { text } }: Module, { start, end }: Place): number {
  const bracket = text.slice(start, end).search(/[\s[]/);
  return bracket < 0 ? end - start : bracket;
}

function placeIn(module: Module, { start, end }: Span): Place {
  return { file: module.id, start, end };
}

function spanned({ name, start, end }: Identifier): { readonly name: string; readonly span: Span } {
  return { name, span: { start, end } };
}

function importedNames(module: Module, { names }: Import): readonly NameUse[] {
  const uses: NameUse[] = [];
  for (const { imported, local } of names) {
    const target = module.imports.get(local.name);
    if (target === undefined || local.name === "") continue;
    const symbol = placeIn(target.module, target.declaration.name);
    const use = { role: target.declaration.kind, symbol, defines: false, value: undefined } as const;
    uses.push({ ...spanned(imported), ...use });
    if (local !== imported) uses.push({ ...spanned(local), ...use });
  }
  return uses;
}

/** `lambda = 0.1` in a call names the callee's hyperparameter, input or parameter. */
function namedArguments(
  checked: CheckedModule,
  declaration: Declaration,
  firsts: ReadonlyMap<string, Place>,
): readonly NameUse[] {
  const uses: NameUse[] = [];
  walkFrom(visitOf(declaration), (visited) => {
    if (visited.kind !== "call" || !visited.node.arguments.some(({ path }) => path !== undefined)) return;
    const callee = calleeOf(checked, visited.node.callee);
    if (callee === undefined) return;
    for (const { path } of visited.node.arguments) {
      const found = path && definitionOfArgument(callee, path.name.name);
      if (path === undefined || found === undefined) continue;
      const place = placeIn(found.module, found.name);
      const symbol = firsts.get(keyOf(place)) ?? place;
      uses.push({ ...spanned(path.name), role: found.role, symbol, defines: false, value: undefined });
    }
  });
  return uses;
}
