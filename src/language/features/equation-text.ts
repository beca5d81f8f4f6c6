/** Derived equations as a hover shows them. Knows neither editors nor how equations are derived. */
import type { Place } from "../check";
import type { Declaration } from "../syntax";

/** What equations are asked of: the name defined at `place`, as written inside of a declaration. */
export interface EquationQuestion {
  readonly place: Place;
  /** As in `m.W1` or `dJ.W1`. */
  readonly path: string;
  readonly defines: boolean;
  readonly within: Declaration;
}

interface Written {
  readonly text: string;
}

/** One equation, `left = right`. */
export interface EquationLines {
  readonly kind: "equation" | "zero" | "pending";
  readonly left: Written;
  readonly right: Written;
  readonly unfolded: Written | undefined;
  readonly contributions: readonly {
    readonly through: string | undefined;
    readonly rule: string | undefined;
    readonly equation: Written;
  }[];
}

/** Who derives equations; absent where none are wanted. */
export type EquationSource = (question: EquationQuestion) => readonly EquationLines[];

/** An equation longer than this says nothing in a hover. */
const longest = 400;

export function equationsMarkdown(equations: readonly EquationLines[]): string {
  const shown = equations.filter(({ right }) => right.text.length <= longest);
  if (shown.length === 0) return "";
  const lines = shown.flatMap((equation) => linesOf(equation));
  const shares = shown.flatMap(({ contributions }) =>
    contributions.length < 2 ? [] : sharesOf(contributions),
  );
  const block = `\`\`\`text\n${lines.join("\n")}\n\`\`\``;
  return shares.length === 0 ? block : `${block}\n\n${shares.join("\n")}`;
}

function linesOf({ kind, left, right, unfolded }: EquationLines): readonly string[] {
  if (kind === "zero") return [`${left.text} = 0   (nothing depends on it)`];
  if (kind === "pending") return [`${left.text} = ?   (it waits for a hole)`];
  const more =
    unfolded === undefined
      ? []
      : [`${" ".repeat([...left.text.normalize("NFC")].length)} = ${unfolded.text}`];
  return [`${left.text} = ${right.text}`, ...more];
}

function sharesOf(contributions: EquationLines["contributions"]): readonly string[] {
  return contributions.map(({ through, rule, equation }) => {
    const by = rule === undefined ? "" : ` by \`${rule}\``;
    return `- through \`${through ?? "the cotangent"}\`${by}: \`${equation.text}\``;
  });
}
