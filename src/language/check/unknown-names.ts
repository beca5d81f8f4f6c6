/** A name that nothing here has: what may have been meant, and the edit that says so. Knows nothing of what names stand for. */
import { callableOperators } from "../../runtime/ops";
import type { Name } from "../syntax";
import { builtins } from "./builtins";
import { problems } from "./diagnostics/catalogue";
import type { Fix, Problem } from "./diagnostics/diagnostic";
import { textOf, type Elaboration } from "./elaboration";
import { foreignIdioms, libraryPrefix } from "./foreign-names";
import type { Frame } from "./frame";
import { importEdit } from "./import-edit";
import { nearestName, standardLibraryId } from "./module";
import { isInStandardLibrary } from "./standard-names";

export function reportUnknownName(e: Elaboration, frame: Frame, name: Name): void {
  const { problem, fixes } = meant(frame, name);
  const { start, end } = name;
  e.report(frame, problem, { start, end }, { fixes });
}

/** As `torch.nn.functional.`, and what comes after it. */
const longestPrefix = 40;

function meant(
  frame: Frame,
  { name, start, end }: Name,
): { readonly problem: Problem; readonly fixes: readonly Fix[] } {
  const fix = (title: string, newText: string): Fix[] => [{ title, edits: [{ start, end, newText }] }];
  const prefix = libraryPrefix(textOf(frame, { start, end: start + longestPrefix }));
  if (prefix?.startsWith(`${name}.`) === true) {
    const edits = [{ start, end: start + prefix.length, newText: "" }];
    return { problem: problems.libraryPrefix(prefix), fixes: [{ title: `Remove \`${prefix}\``, edits }] };
  }
  const idiom = foreignIdioms.get(name);
  if (idiom !== undefined) return { problem: problems.foreignIdiom(name, idiom), fixes: [] };
  const transposed = name.endsWith("ᵀ") ? `${name.slice(0, -1)}.T` : undefined;
  if (transposed !== undefined)
    return {
      problem: problems.unknownName(name, transposed),
      fixes: fix(`Write \`${transposed}\``, transposed),
    };
  const local = [...frame.scope.names()].filter((known) => !known.startsWith(" "));
  const instance = local.find((known) => {
    const value = frame.scope.lookup(known)?.value;
    return value?.kind === "instance" && value.scope.own(name) !== undefined;
  });
  if (instance !== undefined) {
    const member = `${instance}.${name}`;
    return { problem: problems.nameOfInstance(name, instance), fixes: fix(`Write \`${member}\``, member) };
  }
  if (isInStandardLibrary(name)) {
    const title = `Import \`${name}\` from "${standardLibraryId}"`;
    const edits = [importEdit(frame.module, name, standardLibraryId)];
    return { problem: problems.notImported(name), fixes: [{ title, edits }] };
  }
  const nearest = nearestName(name, [
    ...local,
    ...frame.module.declarations.keys(),
    ...frame.module.imports.keys(),
    ...callableOperators.keys(),
    ...builtins.keys(),
  ]);
  const fixes = nearest === undefined ? [] : fix(`Rename to \`${nearest}\``, nearest);
  return { problem: problems.unknownName(name, nearest), fixes };
}
