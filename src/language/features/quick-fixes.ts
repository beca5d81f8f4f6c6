/** The ways out that diagnostics offer, and silencing a warning with a reason. Knows no editor. */
import { importEdit, type CheckedModule, type Diagnostic, type Edit } from "../check";
import type { File, Span } from "../syntax";
import type { Exporter } from "./auto-import";
import { foreignFixes } from "./foreign-fixes";
import { unusedFixes } from "./unused-fixes";

export interface QuickFix {
  readonly title: string;
  readonly diagnostic: Diagnostic;
  readonly edits: readonly Edit[];
  /** The one to take without asking. */
  readonly preferred: boolean;
}

/** The code of a name that nothing here defines. */
const unknownName = "NN201";

/** `exporters` are the files that an unknown name may be imported from. */
export function quickFixesIn(
  checked: CheckedModule,
  span: Span,
  exporters: readonly Exporter[] = [],
): readonly QuickFix[] {
  const { module, diagnostics } = checked;
  const fixes: QuickFix[] = [];
  for (const diagnostic of diagnostics) {
    const { place, severity } = diagnostic;
    if (place.file !== module.id || place.end < span.start || place.start > span.end) continue;
    const foreign =
      severity === "error" ? foreignFixes(checked, diagnostic) : unusedFixes(checked, diagnostic);
    const all = [...foreign, ...diagnostic.fixes];
    const sure =
      all.length === 1 || (severity === "error" && foreign.length === 1 && diagnostic.fixes.length > 0);
    for (const [i, { title, edits }] of all.entries())
      fixes.push({ title, diagnostic, edits, preferred: i === 0 && sure });
    if (diagnostic.code === unknownName) fixes.push(...imports(module.file, diagnostic, exporters));
    if (severity === "warning") fixes.push(silence(module.file.text, diagnostic));
  }
  return fixes;
}

function imports(file: File, diagnostic: Diagnostic, exporters: readonly Exporter[]): readonly QuickFix[] {
  const { start, end } = diagnostic.place;
  const name = file.text.slice(start, end);
  const having = exporters.filter(({ names }) => names.some((each) => each.name === name));
  const known = new Set(diagnostic.fixes.map(({ title }) => title));
  return having
    .map(({ path }) => ({
      title: `Import \`${name}\` from "${path}"`,
      diagnostic,
      edits: [importEdit({ file }, name, path)],
      preferred: having.length === 1,
    }))
    .filter(({ title }) => !known.has(title));
}

function silence(text: string, diagnostic: Diagnostic): QuickFix {
  const newline = text.indexOf("\n", diagnostic.place.start);
  const lineEnd = newline < 0 ? text.length : newline;
  const end = text[lineEnd - 1] === "\r" ? lineEnd - 1 : lineEnd;
  const newText = ` # ok ${diagnostic.code}: this is meant`;
  return {
    title: `Silence ${diagnostic.code} here, with a reason`,
    diagnostic,
    edits: [{ start: end, end, newText }],
    preferred: false,
  };
}
