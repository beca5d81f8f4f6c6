/**
 * Owns diagnostics that do not know where in their file they stand: every position counts from the beginning of a
 * declaration, so that they can be placed again when text around it has come or gone.
 */
import type { Span } from "../syntax";
import type { Diagnostic } from "./diagnostics/diagnostic";
import type { Module } from "./module";
import type { Checkable } from "./check-memory";

export interface AnchoredDiagnostic {
  readonly diagnostic: Diagnostic;
  /** Of its place, its related places and its edits, in this order; undefined for places in other files. */
  readonly anchors: readonly (readonly [Anchor, Anchor] | undefined)[];
}

/** So far behind the beginning of the declaration of that name; undefined for the one that was checked. */
interface Anchor {
  readonly name: string | undefined;
  readonly offset: number;
}

/** Undefined where a position belongs to no declaration, or a message tells a line. */
export function anchor(
  diagnostics: readonly Diagnostic[],
  module: Module,
  declaration: Checkable,
): readonly AnchoredDiagnostic[] | undefined {
  const anchored: AnchoredDiagnostic[] = [];
  for (const diagnostic of diagnostics) {
    if (/\bline \d/.test(diagnostic.message)) return undefined;
    const anchors: (readonly [Anchor, Anchor] | undefined)[] = [];
    for (const span of spansOf(diagnostic, module.id)) {
      const start = span && anchorOf(module, declaration, span.start);
      const end = span && anchorOf(module, declaration, span.end);
      if (span !== undefined && (start === undefined || end === undefined)) return undefined;
      anchors.push(start === undefined || end === undefined ? undefined : [start, end]);
    }
    anchored.push({ diagnostic, anchors });
  }
  return anchored;
}

/** Undefined where a declaration that one is placed in has changed or gone. */
export function placed(
  anchored: readonly AnchoredDiagnostic[],
  module: Module,
  declaration: Checkable,
  changed: ReadonlySet<string>,
): readonly Diagnostic[] | undefined {
  const diagnostics: Diagnostic[] = [];
  for (const { diagnostic, anchors } of anchored) {
    const spans: (Span | undefined)[] = [];
    for (const pair of anchors) {
      const start = pair && positionOf(module, declaration, changed, pair[0]);
      const end = pair && positionOf(module, declaration, changed, pair[1]);
      if (pair !== undefined && (start === undefined || end === undefined)) return undefined;
      spans.push(start === undefined || end === undefined ? undefined : { start, end });
    }
    diagnostics.push(withSpans(diagnostic, spans));
  }
  return diagnostics;
}

/** Those of the module's own file; undefined stands for one of another file. */
function spansOf({ place, related, fixes }: Diagnostic, file: string): readonly (Span | undefined)[] {
  const own = (each: Diagnostic["place"]): Span | undefined => (each.file === file ? each : undefined);
  return [own(place), ...related.map((each) => own(each.place)), ...fixes.flatMap(({ edits }) => edits)];
}

function withSpans(diagnostic: Diagnostic, spans: readonly (Span | undefined)[]): Diagnostic {
  let next = 0;
  const moved = <T extends Span>(each: T): T => ({ ...each, ...spans[next++] });
  return {
    ...diagnostic,
    place: moved(diagnostic.place),
    related: diagnostic.related.map(({ place, message }) => ({ place: moved(place), message })),
    fixes: diagnostic.fixes.map(({ title, edits }) => ({ title, edits: edits.map(moved) })),
  };
}

function anchorOf(module: Module, own: Checkable, position: number): Anchor | undefined {
  const within = ({ start, end }: Span): boolean => start <= position && position <= end;
  if (within(own)) return { name: undefined, offset: position - own.start };
  for (const [name, declaration] of module.declarations)
    if (within(declaration)) return { name, offset: position - declaration.start };
  return undefined;
}

function positionOf(
  module: Module,
  own: Checkable,
  changed: ReadonlySet<string>,
  { name, offset }: Anchor,
): number | undefined {
  if (name === undefined) return own.start + offset;
  const declaration = changed.has(name) ? undefined : module.declarations.get(name);
  return declaration && declaration.start + offset;
}
