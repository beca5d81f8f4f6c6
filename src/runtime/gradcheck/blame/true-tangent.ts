/** Whether what a forward pass has made is the derivative, whatever hand rules it came by way of. Knows nothing of checks. */
import { jvp, type Graph, type JvpPass, type Node } from "../../graph";
import { Evaluator } from "../../interpret";
import { distance } from "../explain/search";
import { coneOf } from "../measure/cone";
import { valuesOf } from "./local-body";

/** Programs with more nodes than this take too long. */
const nodeLimit = 20_000;

/** By which tangents that come by other ways differ, relative to their size. */
const rounding = 1e-6;

/** False where nothing is known of it. */
export function isTrueTangent(
  graph: Graph,
  found: { readonly pass: JvpPass; readonly of: Node } | undefined,
  made: Node,
): boolean {
  if (found === undefined || coneOf([made]).length > nodeLimit) return false;
  const { pass, of } = found;
  const derived = jvp(graph, pass.moved, pass.tangent, { rules: "derived" }).tangentOf(of);
  if (typeof derived !== "object") return false;
  const base = valuesOf(new Evaluator({ float: "float64" }));
  return distance(base(made).data, base(derived).data, 1) < rounding;
}
