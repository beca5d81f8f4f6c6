/** Which names can be written at a place: those of the body around it, of the file, and the builtins. Knows no editor. */
import { builtins, type CheckedModule, type DefinedName, type Value } from "../check";
import { callableOperators } from "../../runtime/ops";
import type { Declaration, Net, Op, Run } from "../syntax";
import type { NameRole } from "./names";

export interface NameInScope {
  readonly name: string;
  readonly role: NameRole;
  readonly value: Value | undefined;
}

/** The op, net or run around an offset; an unclosed one reaches to the next declaration. */
export function declarationAround(checked: CheckedModule, offset: number): Op | Net | Run | undefined {
  let found: Declaration | undefined;
  for (const declaration of checked.module.file.declarations) {
    if (declaration.start > offset) break;
    found = declaration;
  }
  if (found === undefined || found.kind === "import" || found.kind === "const") return undefined;
  const closed = checked.module.file.text[found.end - 1] === "}";
  return closed && offset >= found.end ? undefined : found;
}

/** Earlier names of the body; in a rule all of them. Local before declared or imported before builtin. */
export function namesInScope(
  checked: CheckedModule,
  offset: number,
  inRule: boolean,
): readonly NameInScope[] {
  const names = new Map<string, NameInScope>();
  const add = (entry: NameInScope): void => {
    if (!names.has(entry.name)) names.set(entry.name, entry);
  };
  for (const defined of localNames(checked, offset, inRule)) add(defined);
  const { declarations, imports } = checked.module;
  for (const declaration of declarations.values()) {
    if (declaration.kind === "import" || declaration.kind === "run") continue;
    add({ name: declaration.name.name, role: declaration.kind, value: undefined });
  }
  for (const [name, imported] of imports) {
    if (imported !== undefined) add({ name, role: imported.declaration.kind, value: undefined });
  }
  for (const name of [...callableOperators.keys(), ...builtins.keys()])
    add({ name, role: "builtin", value: undefined });
  return [...names.values()];
}

function localNames(checked: CheckedModule, offset: number, inRule: boolean): readonly DefinedName[] {
  const around = declarationAround(checked, offset);
  if (around === undefined) return [];
  const { module, facts } = checked;
  const lineStart = module.file.text.lastIndexOf("\n", offset - 1) + 1;
  return [...facts.of(around).definitions.values()].filter(({ place, role }) => {
    if (place.file !== module.id || place.start < around.start || place.start >= around.end) return false;
    if (role === "argument") return place.start >= lineStart && place.start < offset;
    return inRule || place.start < lineStart || (place.start < offset && role !== "value");
  });
}
