/** The edit that imports a name. Knows nothing of who has it. */
import type { File } from "../syntax";
import type { Edit } from "./diagnostics/diagnostic";

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
  return { start: at, end: at, newText: `${line}${/^\r?\n/.test(file.text.slice(at)) ? "" : "\n"}` };
}

/** Behind the comment that a file begins with, if a blank line parts it from what follows. */
function afterHead(text: string): number {
  const head = /^(?:[ \t]*#[^\n]*\n)+(?=[ \t]*\r?\n)/.exec(text);
  return head === null ? 0 : head[0].length;
}
