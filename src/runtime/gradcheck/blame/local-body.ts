/**
 * The body of one application by itself: cut at its inputs, in a graph of its own, without hand rules. What its autodiff says
 * there is the truth that rules are held to. Knows nothing of the rules.
 */
import { full, isFloat, type Tensor } from "../../tensor";
import { isFault, isRejected } from "../../ops";
import { backward, Graph, jvp, type Application, type Contribution, type Node } from "../../graph";
import { Evaluator } from "../../interpret";
import { coneOf } from "../measure/cone";

/** Values of the original graph's nodes: one setting of inputs, cotangent and all that follows. */
export type Values = (node: Node) => Tensor;

export class LocalBody {
  readonly graph = new Graph();
  readonly result: Node;
  /** Seeds of the derivatives; their values are given when they are evaluated. */
  readonly cotangent: Node;
  readonly #copies = new Map<Node, Node>();
  readonly #outside: Node[] = [];
  readonly #tangents = new Map<Node, { readonly tangent: Node; readonly answer: Node | undefined }>();
  readonly #pass: ReturnType<typeof backward>;

  constructor(application: Application, values: Values) {
    const inputs = new Set(application.inputs.values());
    for (const node of coneOf([application.result], inputs)) {
      if (node.kind === "source" || inputs.has(node)) {
        this.#outside.push(node);
        this.#copies.set(node, this.graph.source(values(node)));
      } else {
        this.#copies.set(node, this.#copied(node));
      }
    }
    this.result = this.copyOf(application.result)!;
    this.cotangent = this.graph.source(full("float64", this.result.shape, 1));
    this.#pass = backward(this.graph, this.result, this.cotangent, { rules: "derived" });
  }

  /** The node that stands for one of the original graph; undefined where the result does not depend on it. */
  copyOf(node: Node): Node | undefined {
    return this.#copies.get(node);
  }

  /** Original nodes that have a copy, in topological order. */
  get copied(): Iterable<readonly [Node, Node]> {
    return this.#copies;
  }

  /** The gradient of ⟨cotangent, result⟩ at an original node; undefined where it is zero by structure. */
  gradient(node: Node): Node | undefined {
    const copy = this.copyOf(node);
    // Nothing is a hole where no hand rule is used.
    return copy === undefined ? undefined : (this.#pass.gradient(copy) as Node | undefined);
  }

  /** The summands of that gradient. */
  contributions(node: Node): readonly Contribution[] {
    const copy = this.copyOf(node);
    return copy === undefined ? [] : this.#pass.contributions(copy);
  }

  /** The result's tangent as an original node moves along `tangent`. */
  tangent(node: Node): { readonly tangent: Node; readonly answer: Node | undefined } {
    let made = this.#tangents.get(node);
    if (made === undefined) {
      const copy = this.copyOf(node);
      const tangent = this.graph.source(full("float64", node.shape, 1));
      const answer =
        copy === undefined
          ? undefined
          : (jvp(this.graph, copy, tangent, { rules: "derived" }).tangentOf(this.result) as Node | undefined);
      this.#tangents.set(node, (made = { tangent, answer }));
    }
    return made;
  }

  /** An evaluator of this graph at the inputs that `values` gives, and at what `seeds` are. */
  evaluator(values: Values, seeds: Iterable<readonly [Node, Tensor]>): Values {
    const given = new Map<Node, Tensor>(seeds);
    for (const node of this.#outside) given.set(this.#copies.get(node)!, values(node));
    return valuesOf(new Evaluator({ float: "float64", values: given }));
  }

  #copied(node: Node): Node {
    if (node.kind === "source") throw new Error("a source has no operands");
    const copy = (operand: Node): Node => this.#copies.get(operand)!;
    const operands: Record<string, Node | readonly Node[] | undefined> = {};
    for (const name in node.operands) {
      const operand = node.operands[name];
      operands[name] =
        operand === undefined || "kind" in operand ? operand && copy(operand) : operand.map(copy);
    }
    const made = this.graph.apply(node.op, operands, node.attributes, node.origin);
    if (isRejected(made)) throw new Error(`${node.op.name} was refused when it was copied`);
    return made;
  }
}

/** The evaluator's values; NaN where an operator refuses them. */
export function valuesOf(evaluator: Evaluator): Values {
  return (node) => {
    const value = evaluator.evaluate(node);
    return isFault(value) ? full(isFloat(node.dtype) ? "float64" : node.dtype, node.shape, NaN) : value;
  };
}
