/**
 * Which derivative a recorded node is: `moved` times the derivative of an operator with respect to one input. Equations
 * are written from it, so that they say relu′(z) and not how relu′ is computed. Nothing else depends on it.
 */
import type { ApplyNode, Node } from "./node";

export interface Derivation {
  /** The application that was differentiated. */
  readonly of: ApplyNode;
  /** The input with respect to which. */
  readonly input: string;
  /** The cotangent of its result, or the tangent of the input. */
  readonly moved: Node;
}

const derivations = new WeakMap<Node, Derivation>();

/** Notes what `node` is. What a rule merely passes on (the cotangent itself, an operand) is not its own. */
export function noteDerivation(node: Node, derivation: Derivation): void {
  if (node.kind === "source" || node === derivation.moved || derivation.of.inputs.includes(node)) return;
  if (!derivations.has(node)) derivations.set(node, derivation);
}

export function derivationOf(node: Node): Derivation | undefined {
  return derivations.get(node);
}
