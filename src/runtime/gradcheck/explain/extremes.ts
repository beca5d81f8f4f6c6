/** Masks of what is the largest or smallest of its row: what `amax` sends a cotangent to. Knows nothing of where they are tried. */
import type { ApplyNode, Node } from "../../graph";
import type { Expression } from "./expression";
import { derivativeAt, type Factor } from "./factors";

const extremes: ReadonlySet<string> = new Set(["amax", "amin", "max", "min"]);

/** `float(x == m[:, None])` for each `m = amax(x, dim = 1)` among some nodes of the original graph. */
export function extremeFactors(
  expression: Expression,
  nodes: readonly Node[],
  named: (node: Node) => string | undefined,
): Factor[] {
  return nodes.flatMap((original): Factor[] => {
    if (original.kind !== "apply" || !extremes.has(original.op.name)) return [];
    const { x } = original.operands;
    if (x === undefined || !("kind" in x) || original.inputs.length !== 1) return [];
    const [text, value] = [named(x), named(original)];
    if (text === undefined || value === undefined) return [];
    const inputs = { x: expression.given(x) };
    const node = derivativeAt(expression.graph, expression.given(original), "x", inputs, original);
    if (node === undefined) return [];
    const mask = `float(${text} == ${value}${spreadText(original, x)})`;
    return [{ node, text: mask, derivativeOf: `${original.op.name}′(${text})`, form: "derivative" }];
  });
}

/** What is written after a value, so that it stands along the dimensions that it was reduced from. */
function spreadText({ attributes, shape }: ApplyNode, x: Node): string {
  const { dim } = attributes;
  const axes = (Array.isArray(dim) ? (dim as readonly number[]) : [dim]).map(
    (axis) => (Number(axis) + x.shape.length) % x.shape.length,
  );
  const first = Math.min(...axes);
  if (shape.length === 0 || shape.length === x.shape.length || first === 0) return "";
  return `[${x.shape.map((_, axis) => (axes.includes(axis) ? "None" : ":")).join(", ")}]`;
}
