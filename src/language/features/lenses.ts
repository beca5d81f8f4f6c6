/** The lenses over a file's declarations: what can be done with each. From the tree alone, so they never wait or jump. */
import type { Declaration, File, Span } from "../syntax";

export type LensAction = "run" | "gradcheck" | "forward" | "backward" | "inspect";

export interface LensTarget {
  readonly kind: "run" | "op" | "net";
  readonly name: string;
}

export interface Lens {
  /** The declaration's name: the lens stands over its line. */
  readonly span: Span;
  readonly title: string;
  readonly action: LensAction;
  readonly target: LensTarget;
}

const ofRuns: readonly (readonly [LensAction, string])[] = [
  ["run", "▷ Run"],
  ["gradcheck", "✓ Gradcheck"],
  ["inspect", "Inspect"],
];

const ofOpsAndNets: readonly (readonly [LensAction, string])[] = [
  ["forward", "▷ Forward"],
  ["backward", "◁ Backward"],
  ["gradcheck", "✓ Gradcheck"],
  ["inspect", "Inspect"],
];

export function lensesOf(file: File): readonly Lens[] {
  return file.declarations.flatMap((declaration) => {
    const target = targetOf(declaration);
    if (target === undefined || declaration.kind === "import") return [];
    const span = { start: declaration.name.start, end: declaration.name.end };
    const actions = target.kind === "run" ? ofRuns : ofOpsAndNets;
    return actions.map(([action, title]) => ({ span, title, action, target }));
  });
}

/** The run, op or net at an offset: what a command from the palette acts on. */
export function targetAt(file: File, offset: number): (LensTarget & { readonly span: Span }) | undefined {
  for (const declaration of file.declarations) {
    if (offset < declaration.start || offset > declaration.end) continue;
    const target = targetOf(declaration);
    if (target !== undefined) return { ...target, span: { start: declaration.start, end: declaration.end } };
  }
  return undefined;
}

/** A declaration whose name is not typed yet has nothing that could be run. */
function targetOf(declaration: Declaration): LensTarget | undefined {
  switch (declaration.kind) {
    case "run":
    case "op":
    case "net":
      return declaration.name.name === ""
        ? undefined
        : { kind: declaration.kind, name: declaration.name.name };
    case "import":
    case "const":
      return undefined;
  }
}
