/** The ways out that diagnostics offer, and silencing a warning with a reason. Knows no editor. */
import type { CheckedModule, Diagnostic, Edit } from "../check";
import type { Span } from "../syntax";

export interface QuickFix {
  readonly title: string;
  readonly diagnostic: Diagnostic;
  readonly edits: readonly Edit[];
  /** The one to take without asking. */
  readonly preferred: boolean;
}

export function quickFixesIn({ module, diagnostics }: CheckedModule, span: Span): readonly QuickFix[] {
  const fixes: QuickFix[] = [];
  for (const diagnostic of diagnostics) {
    const { place, severity } = diagnostic;
    if (place.file !== module.id || place.end < span.start || place.start > span.end) continue;
    for (const [i, { title, edits }] of diagnostic.fixes.entries()) {
      fixes.push({ title, diagnostic, edits, preferred: i === 0 && diagnostic.fixes.length === 1 });
    }
    if (severity === "warning") fixes.push(silence(module.file.text, diagnostic));
  }
  return fixes;
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
