/** A spec that needs no other file: imported declarations written into it, data drawn. */
import type { CheckPlan, Importable, Module, NamedNode, RunRecord } from "../../language/check";
import { children, type Edit, type Expression, type Visit } from "../../language/syntax";
import { rootOf } from "../trials";
import { removal } from "./reductions";

/** The text with what it imports from other files written out; imports from "std", and those that would clash, stay. */
export function withoutImports(module: Module): string {
  const { file } = module;
  const texts: string[] = [];
  const edits: Edit[] = [];
  const taken = new Map<string, Importable | undefined>();
  for (const [name] of module.declarations) taken.set(name, undefined);
  for (const declaration of file.declarations) {
    if (declaration.kind !== "import" || declaration.from?.value === "std") continue;
    const found = declaration.names.map(({ imported, local }) => {
      const target = module.imports.get(local.name);
      return local.name === imported.name && target?.module.id !== "std" ? target : undefined;
    });
    const gathered = new Map<string, { readonly module: Module; readonly declaration: Importable }>();
    const isWhole = found.every(
      (each) => each !== undefined && gather(each.module, each.declaration, gathered),
    );
    if (!isWhole || [...gathered.keys()].some((name) => taken.has(name))) continue;
    const inOrder = [...gathered].sort(([, a], [, b]) => a.declaration.start - b.declaration.start);
    for (const [name, { module: from, declaration: each }] of inOrder) {
      taken.set(name, each);
      texts.push(from.file.text.slice(each.start, each.end));
    }
    edits.push(removal(file, declaration));
  }
  let text = file.text;
  for (const { start, end } of edits.toReversed()) text = text.slice(0, start) + text.slice(end);
  return [...texts, text].join("\n\n");
}

/** What a declaration needs of its own file, itself last; false where it needs imports of its own. */
function gather(
  module: Module,
  declaration: Importable,
  found: Map<string, { readonly module: Module; readonly declaration: Importable }>,
): boolean {
  const { name } = declaration.name;
  const known = found.get(name);
  if (known !== undefined) return known.module === module;
  found.set(name, { module, declaration });
  for (const used of namesIn(declaration)) {
    if (used === name) continue;
    if (module.imports.has(used)) return false;
    const needed = module.declarations.get(used);
    if (needed === undefined || needed.kind === "run" || needed.kind === "import") continue;
    if (!gather(module, needed, found)) return false;
  }
  return true;
}

function namesIn(declaration: Importable | Expression): Set<string> {
  const names = new Set<string>();
  // The kind is the node's own, which the compiler cannot follow through the union.
  const visits = [{ kind: declaration.kind, node: declaration } as Visit];
  for (let visit = visits.pop(); visit !== undefined; visit = visits.pop()) {
    if (visit.kind === "name") names.add(visit.node.name);
    visits.push(...children(visit));
  }
  return names;
}

/** Versions in which one value of the run is drawn instead of made: what it was made of is needed no more. */
export function* withDraws(module: Module, { named, run, checks }: RunRecord): Generator<Edit[]> {
  const compared = new Set(checks.flatMap(comparedNames));
  for (const statement of run?.body.statements ?? []) {
    if (statement.kind !== "assignment" || statement.constant || statement.target.indices.length > 0)
      continue;
    const { value, target } = statement;
    if (
      value.kind === "list" ||
      /^(?:randn|rand|randint)\(/u.test(module.file.text.slice(value.start, value.end))
    )
      continue;
    const made = named.find(({ owner, place }) => owner === undefined && place.start === target.start);
    // What a check compares is what is wrong: drawn, it would be nothing but different.
    if (compared.has(target.name.name) && made !== undefined && isComputed(made)) continue;
    const drawn = made && drawOf(made);
    if (drawn !== undefined) yield [{ start: value.start, end: value.end, newText: drawn }];
  }
}

function comparedNames({ condition }: CheckPlan): string[] {
  return condition.kind === "comparison" ? condition.expressions.flatMap((side) => [...namesIn(side)]) : [];
}

function isComputed({ value }: NamedNode): boolean {
  return (rootOf(value)?.inputs.length ?? 0) > 0;
}

function drawOf({ value }: NamedNode): string | undefined {
  const node = rootOf(value);
  if (node === undefined) return undefined;
  const shape = `[${node.shape.join(", ")}]`;
  if (node.dtype === "int") return `randint(2, ${shape})`;
  return node.dtype === "bool" ? undefined : `randn(${shape})`;
}
