/** Importing a name from another file: who has it, and the edit that brings it here. Knows no editor. */
import type { CheckedModule, Edit } from "../check";
import type { File } from "../syntax";

/** A file that something can be imported from. */
export interface Exporter {
  /** As an import of the file in question writes it. */
  readonly path: string;
  readonly names: readonly { readonly name: string; readonly kind: "op" | "net" | "const" }[];
}

/** What a file lets others import. */
export function exportsOf(file: File): Exporter["names"] {
  return file.declarations.flatMap((declaration) =>
    declaration.kind === "op" || declaration.kind === "net" || declaration.kind === "const"
      ? declaration.name.name === ""
        ? []
        : [{ name: declaration.name.name, kind: declaration.kind }]
      : [],
  );
}

/** Adds the name to an import of the same file, or a new import below the others. */
export function importEdit({ file }: { readonly file: File }, name: string, path: string): Edit {
  const imports = file.declarations.flatMap((declaration) =>
    declaration.kind === "import" ? [declaration] : [],
  );
  const same = imports.find(({ from }) => from?.value === path);
  const last = same?.names.at(-1);
  if (last !== undefined) return { start: last.end, end: last.end, newText: `, ${name}` };
  const line = `import { ${name} } from "${path}"\n`;
  const end = imports.at(-1)?.end;
  if (end !== undefined) {
    const newline = file.text.indexOf("\n", end);
    const at = newline < 0 ? file.text.length : newline + 1;
    return { start: at, end: at, newText: newline < 0 ? `\n${line.trimEnd()}` : line };
  }
  const at = afterHead(file.text);
  return { start: at, end: at, newText: `${line}${file.text.slice(at).startsWith("\n") ? "" : "\n"}` };
}

/** Behind the comment that a file begins with, if a blank line parts it from what follows. */
function afterHead(text: string): number {
  const head = /^(?:[ \t]*#[^\n]*\n)+(?=[ \t]*\n)/.exec(text);
  return head === null ? 0 : head[0].length;
}

/** The names of other files that this one does not know yet, each with where it comes from. */
export function importableNames(
  { module }: CheckedModule,
  exporters: readonly Exporter[],
): readonly { readonly name: string; readonly kind: "op" | "net" | "const"; readonly path: string }[] {
  return exporters.flatMap(({ path, names }) =>
    names.flatMap(({ name, kind }) =>
      module.declarations.has(name) || module.imports.has(name) ? [] : [{ name, kind, path }],
    ),
  );
}
