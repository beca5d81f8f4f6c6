// Owns right rules for a range of ops and the mistakes that can be made in them: each rule's recorded expression with one thing changed.
import type { ApplyNode, Graph, Node } from "../../../src/runtime/graph";
import type { ExplanationKind } from "../../../src/runtime/gradcheck";
import { isRejected, operator, type Builder } from "../../../src/runtime/ops";
import type { Rule } from "./program";

type B = Builder<Node>;
type Inputs = Readonly<Record<string, Node>>;

/** An op with right vjp rules. */
export interface RightOp {
  readonly name: string;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly body: (b: B, i: Inputs) => Node;
  readonly vjp: Readonly<Record<string, (b: B, u: Node, i: Inputs, y: Node) => Node>>;
}

const T = (b: B, x: Node): Node => b.transpose(x);
const one = (b: B): Node => b.constant(1);
const two = (b: B): Node => b.constant(2);
const dtanh = (b: B, z: Node): Node => b.sub(one(b), b.square(b.tanh(z)));

export const rightOps: readonly RightOp[] = [
  {
    name: "linear",
    shapes: { x: [4, 5], W: [3, 4] },
    body: (b, i) => b.matmul(i.W!, i.x!),
    vjp: { x: (b, u, i) => b.matmul(T(b, i.W!), u), W: (b, u, i) => b.matmul(u, T(b, i.x!)) },
  },
  {
    name: "linear, square",
    shapes: { x: [3, 3], W: [3, 3] },
    body: (b, i) => b.matmul(i.W!, i.x!),
    vjp: { x: (b, u, i) => b.matmul(T(b, i.W!), u), W: (b, u, i) => b.matmul(u, T(b, i.x!)) },
  },
  {
    name: "tanh layer",
    shapes: { x: [5, 4], W: [4, 3], c: [3] },
    body: (b, i) => b.tanh(b.add(b.matmul(i.x!, i.W!), i.c!)),
    vjp: {
      x: (b, u, i, y) => b.matmul(b.mul(u, b.sub(one(b), b.square(y))), T(b, i.W!)),
      W: (b, u, i, y) => b.matmul(T(b, i.x!), b.mul(u, b.sub(one(b), b.square(y)))),
      c: (b, u, _i, y) => b.sum(b.mul(u, b.sub(one(b), b.square(y))), [0]),
    },
  },
  {
    name: "tanh layer, square, f' of the input",
    shapes: { x: [3, 3], W: [3, 3] },
    body: (b, i) => b.tanh(b.matmul(i.W!, i.x!)),
    vjp: {
      x: (b, u, i) => b.matmul(T(b, i.W!), b.mul(u, dtanh(b, b.matmul(i.W!, i.x!)))),
      W: (b, u, i) => b.matmul(b.mul(u, dtanh(b, b.matmul(i.W!, i.x!))), T(b, i.x!)),
    },
  },
  {
    name: "softmax",
    shapes: { x: [4, 3] },
    body: (b, i) => b.apply("softmax", [i.x!], { dim: 1 }),
    vjp: { x: (b, u, _i, y) => b.mul(y, b.sub(u, b.sum(b.mul(u, y), [1], true))) },
  },
  {
    name: "mean squared error",
    shapes: { y: [3, 4], z: [3, 4] },
    body: (b, i) => b.mean(b.square(b.sub(i.y!, i.z!))),
    vjp: {
      y: (b, u, i) => b.div(b.mul(u, b.mul(two(b), b.sub(i.y!, i.z!))), b.constant(12)),
      z: (b, u, i) => b.neg(b.div(b.mul(u, b.mul(two(b), b.sub(i.y!, i.z!))), b.constant(12))),
    },
  },
  {
    name: "product of three",
    shapes: { x: [3, 4], w: [3, 4], v: [3, 4] },
    body: (b, i) => b.mul(b.mul(i.x!, i.w!), i.v!),
    vjp: {
      x: (b, u, i) => b.mul(u, b.mul(i.w!, i.v!)),
      w: (b, u, i) => b.mul(u, b.mul(i.x!, i.v!)),
      v: (b, u, i) => b.mul(b.mul(u, i.x!), i.w!),
    },
  },
  {
    name: "quotient",
    shapes: { x: [3, 4], w: [3, 4] },
    body: (b, i) => b.div(i.x!, i.w!),
    vjp: { x: (b, u, i) => b.div(u, i.w!), w: (b, u, i) => b.neg(b.div(b.mul(u, i.x!), b.square(i.w!))) },
  },
  {
    name: "sigmoid",
    shapes: { x: [3, 4] },
    body: (b, i) => b.div(one(b), b.add(one(b), b.exp(b.neg(i.x!)))),
    vjp: { x: (b, u, _i, y) => b.mul(b.mul(y, b.sub(one(b), y)), u) },
  },
  {
    name: "swish",
    shapes: { x: [3, 4] },
    body: (b, i) => b.mul(i.x!, b.sigmoid(i.x!)),
    vjp: {
      x: (b, u, i) => {
        const s = b.sigmoid(i.x!);
        return b.mul(u, b.add(s, b.mul(i.x!, b.mul(s, b.sub(one(b), s)))));
      },
    },
  },
  {
    name: "sine",
    shapes: { x: [3, 4] },
    body: (b, i) => b.sin(i.x!),
    vjp: { x: (b, u, i) => b.mul(u, b.cos(i.x!)) },
  },
  {
    name: "bias",
    shapes: { x: [5, 3], c: [1, 3] },
    body: (b, i) => b.add(i.x!, i.c!),
    vjp: { x: (_b, u) => u, c: (b, u) => b.sum(u, [0], true) },
  },
  {
    name: "scale of columns",
    shapes: { x: [5, 3], g: [3] },
    body: (b, i) => b.mul(i.x!, i.g!),
    vjp: { x: (b, u, i) => b.mul(u, i.g!), g: (b, u, i) => b.sum(b.mul(u, i.x!), [0]) },
  },
  {
    name: "quadratic form",
    shapes: { x: [4, 1], A: [4, 4] },
    body: (b, i) => b.matmul(T(b, i.x!), b.matmul(i.A!, i.x!)),
    vjp: {
      x: (b, u, i) => b.mul(u, b.add(b.matmul(i.A!, i.x!), b.matmul(T(b, i.A!), i.x!))),
      A: (b, u, i) => b.mul(u, b.matmul(i.x!, T(b, i.x!))),
    },
  },
  {
    name: "sum of squares with a penalty",
    shapes: { w: [4, 3], t: [4, 3] },
    body: (b, i) =>
      b.add(b.sum(b.square(b.sub(i.w!, i.t!))), b.mul(b.constant(0.1), b.div(b.sum(b.square(i.w!)), two(b)))),
    vjp: {
      w: (b, u, i) => b.mul(u, b.add(b.mul(two(b), b.sub(i.w!, i.t!)), b.mul(b.constant(0.1), i.w!))),
      t: (b, u, i) => b.neg(b.mul(u, b.mul(two(b), b.sub(i.w!, i.t!)))),
    },
  },
  {
    name: "product of three matrices",
    shapes: { P: [3, 4], Q: [4, 4], R: [4, 2] },
    body: (b, i) => b.matmul(b.matmul(i.P!, i.Q!), i.R!),
    vjp: {
      P: (b, u, i) => b.matmul(b.matmul(u, T(b, i.R!)), T(b, i.Q!)),
      Q: (b, u, i) => b.matmul(T(b, i.P!), b.matmul(u, T(b, i.R!))),
      R: (b, u, i) => b.matmul(T(b, b.matmul(i.P!, i.Q!)), u),
    },
  },
  {
    name: "centred rows",
    shapes: { x: [4, 5] },
    body: (b, i) => b.sub(i.x!, b.mean(i.x!, [1], true)),
    vjp: { x: (b, u) => b.sub(u, b.mean(u, [1], true)) },
  },
  {
    name: "length",
    shapes: { x: [5] },
    body: (b, i) => b.sqrt(b.sum(b.square(i.x!))),
    vjp: { x: (b, u, i, y) => b.div(b.mul(u, i.x!), y) },
  },
  {
    name: "residual block",
    shapes: { x: [4, 3], W: [3, 3] },
    body: (b, i) => b.add(i.x!, b.tanh(b.matmul(i.x!, i.W!))),
    vjp: {
      x: (b, u, i) => b.add(u, b.matmul(b.mul(u, dtanh(b, b.matmul(i.x!, i.W!))), T(b, i.W!))),
      W: (b, u, i) => b.matmul(T(b, i.x!), b.mul(u, dtanh(b, b.matmul(i.x!, i.W!)))),
    },
  },
];

/** One change of a rule's expression, and what it should be explained as. */
export interface Mutation {
  readonly name: string;
  /** Any of them: some mistakes have two names. */
  readonly kinds: readonly ExplanationKind[];
  readonly at: number;
  readonly change: (graph: Graph, node: ApplyNode, operands: ApplyNode["operands"]) => Node | undefined;
}

/** The mutations of the expression that `rule` records, by the position of the node in it. */
export function mutationsOf(steps: readonly ApplyNode[], moved: Node, givens: readonly Node[]): Mutation[] {
  return steps.flatMap((node, at) =>
    mutationsAt(node, moved, givens).map((mutation) => ({ ...mutation, at })),
  );
}

function mutationsAt(node: ApplyNode, moved: Node, givens: readonly Node[]): Omit<Mutation, "at">[] {
  const made: Omit<Mutation, "at">[] = [];
  const add = (name: string, kinds: readonly ExplanationKind[], change: Mutation["change"]): void =>
    void made.push({ name: `${name} in ${node.op.name}`, kinds, change });
  const apply = (
    graph: Graph,
    name: string,
    operands: ApplyNode["operands"],
    attributes = {},
  ): Node | undefined => {
    const result = graph.apply(operator(name), operands, attributes);
    return isRejected(result) ? undefined : result;
  };
  const names = Object.keys(node.operands);
  const single = (operands: ApplyNode["operands"], name: string): Node => operands[name] as Node;
  const negated = (graph: Graph, x: Node | undefined): Node | undefined => x && apply(graph, "neg", { x });
  add("the sign changed", ["sign"], (graph, _, o) =>
    negated(graph, apply(graph, node.op.name, o, node.attributes)),
  );
  const [left, right] = names;
  switch (node.op.name) {
    case "mul":
      for (const [kept, dropped] of [
        [left!, right!],
        [right!, left!],
      ]) {
        const lost = single(node.operands, dropped!);
        // What is forgotten is a value or a function of one, not a whole expression.
        if (
          lost.inputs.some(({ inputs }) => inputs.length > 0) ||
          (lost.inputs as readonly Node[]).includes(moved)
        )
          continue;
        const isScalar = lost.kind === "source" && lost.shape.length === 0;
        const kinds: ExplanationKind[] =
          lost === moved
            ? ["missing-cotangent"]
            : isScalar && lost !== moved
              ? ["factor"]
              : ["missing-factor"];
        add(`a factor (${dropped!}) dropped`, kinds, (_g, _n, o) => single(o, kept!));
      }
      break;
    case "div":
      add(
        "a divisor dropped",
        single(node.operands, right!).shape.length === 0 && single(node.operands, right!).kind === "source"
          ? ["factor"]
          : ["missing-factor"],
        (_g, _n, o) => single(o, left!),
      );
      break;
    case "add":
    case "sub":
      add("the right term dropped", ["overwritten-sum", "missing-factor"], (_g, _n, o) => single(o, left!));
      add("the left term dropped", ["overwritten-sum", "missing-factor"], (graph, _, o) =>
        node.op.name === "add" ? single(o, right!) : negated(graph, single(o, right!)),
      );
      add("+ and − exchanged", ["sign"], (graph, _, o) =>
        apply(graph, node.op.name === "add" ? "sub" : "add", o),
      );
      break;
    case "transpose":
      add("a transpose left out", ["transposed"], (_g, _n, o) => single(o, left!));
      break;
    case "sum":
      add("mean for sum", ["factor"], (graph, _, o) => apply(graph, "mean", o, node.attributes));
      add("a sum left out", ["missing-reduction"], (_g, _n, o) => single(o, left!));
      break;
    case "mean":
      add("sum for mean", ["factor"], (graph, _, o) => apply(graph, "sum", o, node.attributes));
      break;
    case "matmul":
      add("a transpose at the left", ["transposed"], (graph, _, o) => {
        const x = apply(graph, "transpose", { x: single(o, left!) }, { dim0: -2, dim1: -1 });
        return x && apply(graph, "matmul", { ...o, [left!]: x });
      });
      add("a transpose at the right", ["transposed"], (graph, _, o) => {
        const x = apply(graph, "transpose", { x: single(o, right!) }, { dim0: -2, dim1: -1 });
        return x && apply(graph, "matmul", { ...o, [right!]: x });
      });
      break;
  }
  for (const name of names) {
    const operand = single(node.operands, name);
    if (!givens.includes(operand) || operand === moved) continue;
    for (const other of givens) {
      if (other === operand || other === moved || String(other.shape) !== String(operand.shape)) continue;
      add(`another argument for ${name}`, ["other-argument", "evaluated-at-output"], (graph, _, o) =>
        apply(graph, node.op.name, { ...o, [name]: other }, node.attributes),
      );
    }
  }
  add("the factor 3", ["factor"], (graph, _, o) => {
    const x = apply(graph, node.op.name, o, node.attributes);
    return x && apply(graph, "mul", { x, y: graph.constants.scalar(3, x.dtype) });
  });
  return made;
}

/** The rule with a mutation: its expression recorded, and again from the mutated step on. */
export function mutated(graph: Graph, rule: Rule, mutation: Mutation, givens: () => readonly Node[]): Rule {
  return (b, moved) => {
    const result = rule(b, moved)!;
    const steps = stepsOf(result, [...givens(), moved]);
    const replaced = new Map<Node, Node>();
    for (const [at, step] of steps.entries()) {
      const operands: Record<string, Node | readonly Node[] | undefined> = {};
      for (const name in step.operands) {
        const operand = step.operands[name]!;
        operands[name] = "kind" in operand ? (replaced.get(operand) ?? operand) : operand;
      }
      if (at === mutation.at) {
        const changed = mutation.change(graph, step, operands);
        if (changed === undefined) return undefined;
        replaced.set(step, changed);
      } else if (Object.entries(operands).some(([name, operand]) => operand !== step.operands[name])) {
        const again = graph.apply(step.op, operands, step.attributes);
        if (isRejected(again)) return undefined;
        replaced.set(step, again);
      }
    }
    const made = replaced.get(result) ?? result;
    return String(made.shape) === String(result.shape) ? made : undefined;
  };
}

/** What a rule's result is made of down to what it is given, operands first; the order does not depend on what was recorded before. */
export function stepsOf(result: Node, givens: readonly Node[]): ApplyNode[] {
  const steps = new Set<ApplyNode>();
  const visit = (node: Node): void => {
    if (node.kind === "source" || givens.includes(node) || steps.has(node)) return;
    node.inputs.forEach(visit);
    steps.add(node);
  };
  visit(result);
  return [...steps];
}
