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
import { walk, type Identifier, type Span } from "../syntax";
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

const known = new WeakMap<CheckedModule, readonly NameUse[]>();

/** The names of the module's own file, in the order of the text. */
export function namesOf(checked: CheckedModule): readonly NameUse[] {
  let names = known.get(checked);
  if (names === undefined) {
    names = collect(checked);
    known.set(checked, names);
  }
  return names;
}

/** The name at an offset; the one that ends there where none begins. */
export function nameAt(checked: CheckedModule, offset: number): NameUse | undefined {
  const names = namesOf(checked);
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

function collect(checked: CheckedModule): readonly NameUse[] {
  const { module, facts } = checked;
  const firsts = firstDefinitions(facts);
  const uses = new Map<number, NameUse>();
  const add = (use: NameUse): void => {
    if (use.name !== "" && !uses.has(use.span.start)) uses.set(use.span.start, use);
  };
  for (const declaration of module.declarations.values()) {
    if (declaration.kind === "import") continue;
    const place = placeIn(module, declaration.name);
    add({
      ...spanned(declaration.name),
      role: declaration.kind,
      symbol: place,
      defines: true,
      value: undefined,
    });
  }
  for (const defined of facts.definitions.values()) {
    if (defined.place.file !== module.id) continue;
    const { name, place, role, value } = defined;
    const span = { start: place.start, end: place.start + nameLength(module, place) };
    add({ name, span, role, symbol: firsts.get(keyOf(place)) ?? place, defines: true, value });
  }
  for (const { name, place, definition } of facts.references.values()) {
    if (place.file !== module.id) continue;
    add({
      name,
      span: { start: place.start, end: place.end },
      ...meaningOf(definition, firsts),
      defines: false,
    });
  }
  for (const use of importedNames(module)) add(use);
  for (const use of namedArguments(checked, firsts)) add(use);
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

function importedNames(module: Module): readonly NameUse[] {
  const uses: NameUse[] = [];
  for (const declaration of module.file.declarations) {
    if (declaration.kind !== "import") continue;
    for (const { imported, local } of declaration.names) {
      const target = module.imports.get(local.name);
      if (target === undefined) continue;
      const symbol = placeIn(target.module, target.declaration.name);
      const use = { role: target.declaration.kind, symbol, defines: false, value: undefined } as const;
      uses.push({ ...spanned(imported), ...use });
      if (local !== imported) uses.push({ ...spanned(local), ...use });
    }
  }
  return uses;
}

/** `lambda = 0.1` in a call names the callee's hyperparameter, input or parameter. */
function namedArguments(checked: CheckedModule, firsts: ReadonlyMap<string, Place>): readonly NameUse[] {
  const uses: NameUse[] = [];
  walk(checked.module.file, (visited) => {
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
