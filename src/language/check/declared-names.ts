/** Names declared in the file or imported: ops, nets, runs and constants. */
import type { ConstDeclaration, Declaration, Name } from "../syntax";
import { problems } from "./diagnostics/catalogue";
import type { Place } from "./diagnostics/diagnostic";
import { placeOf, type Elaboration } from "./elaboration";
import { cyclePath, type Frame } from "./frame";
import type { Module } from "./module";
import { Scope } from "./scope";
import { unknown, type Value } from "./value";

/** What a name declared in the file or imported means; undefined where it is neither. */
export function resolveNamed(e: Elaboration, frame: Frame, expression: Name): Value | undefined {
  const { name } = expression;
  const declared = frame.module.declarations.get(name);
  if (declared !== undefined) return meaning(e, frame, expression, declared, frame.module);
  if (!frame.module.imports.has(name)) return undefined;
  const imported = frame.module.imports.get(name);
  return imported === undefined
    ? unknown
    : meaning(e, frame, expression, imported.declaration, imported.module);
}

function meaning(e: Elaboration, frame: Frame, use: Name, declaration: Declaration, module: Module): Value {
  if (declaration.kind === "import") return unknown;
  const { start, end } = declaration.name;
  const place: Place = { file: module.id, start, end };
  e.facts.refer({
    name: use.name,
    place: placeOf(frame, use),
    definition: { kind: "declaration", declaration: declaration.kind, place },
  });
  switch (declaration.kind) {
    case "op":
      return { kind: "op", declaration, module };
    case "net":
      return { kind: "net", declaration, module };
    case "const":
      return constantValue(e, frame, declaration, module, use);
    case "run":
      e.report(frame, problems.expected("a value", `the run \`${declaration.name.name}\``), use);
      return unknown;
  }
}

/** A file-level constant: its expression sees the other declarations of its file. */
export function constantValue(
  e: Elaboration,
  frame: Frame,
  declaration: ConstDeclaration,
  module: Module,
  use: { readonly start: number; readonly end: number },
): Value {
  const key = `const ${module.id} ${declaration.name.name}`;
  if (frame.calls.includes(key)) {
    e.report(frame, problems.constantCycle(cyclePath(frame, key)), use);
    return unknown;
  }
  const inner: Frame = {
    ...frame,
    kind: "file",
    module,
    scope: new Scope(undefined),
    silent: frame.silent || frame.kind !== "file",
    calls: [...frame.calls, key],
    owner: undefined,
    layer: undefined,
    machine: undefined,
    expectedShape: undefined,
  };
  return e.evaluate(inner, declaration.value);
}
