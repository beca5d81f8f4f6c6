/** The nodes of a typed SSA graph and the applications of user-written ops and nets in it. Knows nothing of text. */
import type { DType, Shape, Tensor } from "../tensor";
import type { AttributeValue, OpDefinition, Ref } from "../ops";

/** A value in the graph: the application of an operator, or a source. Ids grow in the order of making, which is topological. */
export type Node = ApplyNode | SourceNode;

interface NodeBase extends Ref {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
  /** Where it comes from (the language puts file and range here), opaque to the runtime. */
  readonly origin: unknown;
}

export interface ApplyNode extends NodeBase {
  readonly kind: "apply";
  readonly op: OpDefinition;
  /** By input name; a list input holds its nodes. */
  readonly operands: Readonly<Record<string, Node | readonly Node[] | undefined>>;
  /** All operands, flat, in declaration order. */
  readonly inputs: readonly Node[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** A leaf: a constant, a draw, a parameter. Its value may be replaced for an evaluation. */
export interface SourceNode extends NodeBase {
  readonly kind: "source";
  readonly inputs: readonly [];
  readonly value: Tensor;
}

/** A hand-written rule: records its expression into the graph; undefined where it is a hole, so that what needs it is pending. */
export type HandRule = (moved: Node) => Node | undefined;

/**
 * One application of a user-written op, or one instance of a net: the nodes first … end-1 were recorded for it.
 * `result` is one of them, and the result of no other application with rules.
 */
export interface Application {
  readonly kind: "op" | "net";
  readonly name: string;
  readonly origin: unknown;
  readonly first: number;
  readonly end: number;
  /** The tensors it was applied to, by name; for a net also its parameters, by path. */
  readonly inputs: ReadonlyMap<string, Node>;
  readonly result: Node;
  /** By input name (op) or input or parameter path (net). */
  readonly vjp: ReadonlyMap<string, HandRule>;
  readonly jvp: ReadonlyMap<string, HandRule>;
  /** Where each rule stands, by "vjp W", "jvp W": opaque, as a node's origin. */
  readonly ruleOrigins?: ReadonlyMap<string, unknown>;
  /** What each rule calls its cotangent or tangent, by "vjp W", "jvp W". */
  readonly movedNames?: ReadonlyMap<string, string>;
  /** The names of values inside of its body, for messages. */
  readonly names?: ReadonlyMap<Node, string>;
  /** Further names of them, in the order of their definition: `dn = o`. */
  readonly otherNames?: ReadonlyMap<Node, readonly OtherName[]>;
  /** Its sizes, by the names that its inputs' types give them, for messages. */
  readonly sizes?: ReadonlyMap<string, number>;
  /** Its other numbers that have names, as 0.1 may be `lambda`, for messages. */
  readonly rates?: ReadonlyMap<string, number>;
}

/** A name that a value has besides, and where it is given: opaque, as a node's origin. */
export interface OtherName {
  readonly name: string;
  readonly origin: unknown;
}

/**
 * Nodes that a transform recorded to make one: `first` up to `end`, by id. Nobody wrote them, so that they are of interest
 * as a whole. What is alike is recorded once: others may use nodes of it too.
 */
export interface Section {
  /** "jacobian". */
  readonly name: string;
  readonly first: number;
  readonly end: number;
  readonly result: Node;
}

/** Whether two nodes have the same shape. */
export function isShapedAlike(a: Node, b: Node): boolean {
  return a.shape.length === b.shape.length && a.shape.every((size, axis) => size === b.shape[axis]);
}

/** The same operands, each by what stands for it. */
export function mapOperands(
  operands: ApplyNode["operands"],
  map: (node: Node) => Node,
): Record<string, Node | readonly Node[] | undefined> {
  const made: Record<string, Node | readonly Node[] | undefined> = {};
  for (const name in operands) {
    const operand = operands[name];
    if (operand !== undefined) made[name] = "kind" in operand ? map(operand) : operand.map(map);
  }
  return made;
}
