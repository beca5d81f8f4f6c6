/** What the standard library has, for names that nobody imported. */
import { standardLibrary } from "../std";
import { parse } from "../syntax";

let known: ReadonlySet<string> | undefined;

/** Whether `import { name } from "std"` would find it. The library is read where that is first asked. */
export function isInStandardLibrary(name: string): boolean {
  known ??= new Set(
    parse(standardLibrary()).declarations.flatMap((declaration) =>
      declaration.kind === "import" || declaration.kind === "run" ? [] : [declaration.name.name],
    ),
  );
  return known.has(name);
}
