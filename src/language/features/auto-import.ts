/** Who has a name that another file might import. Knows no editor. */
import type { CheckedModule } from "../check";
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
