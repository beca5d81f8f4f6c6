// Owns planted errors: every operator's rules with one call of the builder gone wrong, one after the other. Knows nothing of
// how they are caught.
import { backward, jvp, type Graph, type Node } from "../../../src/runtime/graph";
import type { Builder, ErasedRuleContext, OpDefinition, Ref } from "../../../src/runtime/ops";
import { elementCount, isFloat } from "../../../src/runtime/tensor";
import { seed } from "./derivative-checks";
import { generator, normalTensor } from "./sample-draw";
import { sampledCall, valueOf } from "./sampled-call";

export interface Mutant {
  /** As in `mul: vjp x, place 2: sub for add`. */
  readonly description: string;
  readonly op: OpDefinition;
}

type Method = keyof Builder;
type Arguments = readonly unknown[];

/** What a wrong call gives in place of the right result, or undefined where the error would not show. */
interface Fault {
  readonly name: string;
  wrong(build: Builder, args: Arguments, right: Ref): Ref | undefined;
}

/** One error: the builder's call at one place of the source gives what `fault` makes of it. */
interface Plan {
  readonly place: string;
  readonly method: Method;
  readonly fault: Fault;
}

/** All operators that differ from `op` by one error that some sample of it runs into. */
export function mutantsOf(op: OpDefinition): readonly Mutant[] {
  const mutants: Mutant[] = [];
  for (const kind of ["vjp", "jvp"] as const) {
    for (const input of Object.keys(op[kind])) {
      const plans = plansOf(op, kind, input);
      const places = [...new Set(plans.map(({ place }) => place))];
      for (const plan of plans) {
        const { place, method, fault } = plan;
        mutants.push({
          description: `${op.name}: ${kind} ${input}, place ${places.indexOf(place)}: ${fault.name} ${method}`,
          op: withRule(op, kind, input, (build) => spoilt(build, plan)),
        });
      }
    }
  }
  return mutants;
}

/** The errors that can be planted into one rule: for each call in each sample, each fault that shows. */
function plansOf(op: OpDefinition, kind: "vjp" | "jvp", input: string): readonly Plan[] {
  const plans = new Map<string, Plan>();
  op.samples.forEach((sample, index) => {
    const calls: Call[] = [];
    const recording = withRule(op, kind, input, (build) => recorded(build, calls));
    const { graph, moving, result } = sampledCall(recording, sample, seed + index);
    if (!isFloat(result.dtype) || elementCount(result.shape) === 0) return;
    const given = graph.source(normalTensor(result.shape, generator(index)));
    const moved = [...moving].flatMap(([key, node]) => (key.split("[")[0] === input ? [node] : []));
    const derivatives = moved.map((node) =>
      kind === "vjp"
        ? backward(graph, result, given).gradient(node)
        : jvp(graph, node, graph.source(normalTensor(node.shape, generator(index)))).tangentOf(result),
    );
    const results = derivatives.filter((node) => typeof node === "object");
    const used = ancestors(results);
    const build = graph.builder();
    // Differentiating on runs the rule again, which is not to be recorded.
    for (const { place, method, args, right } of calls.splice(0)) {
      // What a rule computes and does not use is not wrong, nor what changes nothing, such as a product with 1.
      if (!used.has(right) || args.includes(right) || elementCount(right.shape) === 0) continue;
      for (const fault of faultsOf(method)) {
        if (fault.wrong(build, args, right) === undefined) continue;
        plans.set(`${place} ${fault.name}`, { place, method, fault });
      }
      const key = `${place} detached`;
      if (!plans.has(key) && carriesDerivatives(graph, right as Node, [...moving.values(), given], results)) {
        plans.set(key, { place, method, fault: detached });
      }
    }
  });
  return [...plans.values()];
}

/** Whether the derivatives of one of `results` by one of `sources` come through `node`. */
function carriesDerivatives(
  graph: Graph,
  node: Node,
  sources: readonly Node[],
  results: readonly Node[],
): boolean {
  if (!isFloat(node.dtype)) return false;
  return (
    sources.some((source) => dependsSmoothly(graph, node, source)) &&
    results.some((result) => result === node || dependsSmoothly(graph, result, node))
  );
}

/** Whether some derivative of `root` by `node` is not 0. */
function dependsSmoothly(graph: Graph, root: Node, node: Node): boolean {
  const cotangent = graph.source(normalTensor(root.shape, generator(seed)));
  const gradient = backward(graph, root, cotangent).gradient(node);
  return typeof gradient === "object" && valueOf(gradient).data.some((element) => element !== 0);
}

function ancestors(nodes: readonly Node[]): ReadonlySet<Ref> {
  const found = new Set<Node>(nodes);
  for (const node of found) for (const input of node.inputs) found.add(input);
  return found;
}

function withRule(
  op: OpDefinition,
  kind: "vjp" | "jvp",
  input: string,
  wrap: (build: Builder) => Builder,
): OpDefinition {
  const rule = op[kind][input] as (context: ErasedRuleContext) => Ref | readonly Ref[];
  const changed = (context: ErasedRuleContext): Ref | readonly Ref[] =>
    rule({ ...context, build: wrap(context.build) });
  return { ...op, [kind]: { ...op[kind], [input]: changed } };
}

/** One call of the builder by a rule. */
interface Call {
  readonly place: string;
  readonly method: Method;
  readonly args: Arguments;
  readonly right: Ref;
}

function recorded(build: Builder, calls: Call[]): Builder {
  return intercepted(build, (method, args, right) => {
    calls.push({ place: placeOfCall(), method, args, right });
    return right;
  });
}

function spoilt(build: Builder, { place, method, fault }: Plan): Builder {
  return intercepted(build, (called, args, right) =>
    called === method && placeOfCall() === place ? (fault.wrong(build, args, right) ?? right) : right,
  );
}

function intercepted(build: Builder, answer: (method: Method, args: Arguments, right: Ref) => Ref): Builder {
  return new Proxy(build, {
    get(target, method: Method) {
      return (...args: unknown[]): Ref => {
        const right = (target[method] as (...args: unknown[]) => Ref).call(target, ...args);
        return answer(method, args, right);
      };
    },
  });
}

/** The lines of the operators' sources that lead from the rule to the builder's call. */
function placeOfCall(): string {
  const { stackTraceLimit } = Error;
  const formatter = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  Error.stackTraceLimit = 16;
  Error.prepareStackTrace = (_, sites) =>
    sites
      .filter((site) => /[\\/]src[\\/]runtime[\\/]ops[\\/]/.test(site.getFileName() ?? ""))
      .map((site) => `${site.getFileName()}:${site.getLineNumber()}:${site.getColumnNumber()}`)
      .join(" < ");
  const place = new Error().stack ?? "";
  if (formatter === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
  else Object.defineProperty(Error, "prepareStackTrace", formatter);
  Error.stackTraceLimit = stackTraceLimit;
  return place;
}

const scaled: Fault = {
  name: "scaled",
  wrong(build, _, right) {
    if (isFloat(right.dtype)) return build.mul(right, build.full(1.5, { shape: [], dtype: right.dtype }));
    return right.dtype === "bool" ? build.not(right) : build.full(0, right);
  },
};

const negated: Fault = {
  name: "negated",
  wrong: (build, _, right) => (isFloat(right.dtype) ? build.neg(right) : undefined),
};

/** Right in value, but constant for whoever differentiates again. */
const detached: Fault = {
  name: "detached",
  wrong: (build, _, right) => build.apply("stop_gradient", [right]),
};

/** The first argument as it came, where that has the result's type. */
const leftOut: Fault = {
  name: "left out",
  wrong: (_build, [x], right) => (x !== right && sameType(x as Ref, right) ? (x as Ref) : undefined),
};

function swapped(method: "sub" | "div" | "pow"): Fault {
  return { name: "swapped", wrong: (build, [x, y]) => build[method](y as Ref, x as Ref) };
}

function instead(method: "add" | "sub" | "mul" | "div"): Fault {
  return { name: `${method} for`, wrong: (build, [x, y]) => build[method](x as Ref, y as Ref) };
}

const otherChoice: Fault = {
  name: "branches swapped in",
  wrong: (build, [condition, x, y]) => build.where(condition as Ref, y as Ref, x as Ref),
};

/** 1 in place of 0, and 0 in place of all else. */
const otherConstant: Fault = {
  name: "other",
  wrong(build, [value], right) {
    if (right.dtype === "int") return undefined;
    return build.full(value === 0 ? 1 : 0, right);
  },
};

const averaged: Fault = {
  name: "mean for",
  wrong: (build, [x, axes, keepdim], right) =>
    isFloat(right.dtype) && elementCount((x as Ref).shape) !== elementCount(right.shape)
      ? build.mean(x as Ref, axes as number[] | undefined, keepdim as boolean | undefined)
      : undefined,
};

/** Truth values as numbers, the wrong way round: a factor might cancel. */
const inverted: Fault = {
  name: "inverted",
  wrong: (build, [x], right) =>
    (x as Ref).dtype === "bool" && isFloat(right.dtype) ? build.sub(build.full(1, right), right) : undefined,
};

const faults: Partial<Readonly<Record<Method, readonly Fault[]>>> = {
  constant: [otherConstant],
  zerosLike: [{ name: "onesLike for", wrong: (build, [x]) => build.onesLike(x as Ref) }],
  onesLike: [{ name: "zerosLike for", wrong: (build, [x]) => build.zerosLike(x as Ref) }],
  full: [otherConstant],
  add: [scaled, instead("sub")],
  sub: [scaled, instead("add"), swapped("sub")],
  mul: [scaled, negated, instead("div")],
  div: [scaled, swapped("div"), instead("mul")],
  pow: [scaled, swapped("pow")],
  where: [scaled, otherChoice],
  sum: [scaled, averaged],
  // Leaving one out that takes all is no error.
  slice: [scaled],
  cast: [inverted],
};

function faultsOf(method: Method): readonly Fault[] {
  return faults[method] ?? [scaled, leftOut];
}

function sameType(x: Ref, right: Ref): boolean {
  return (
    x.dtype === right.dtype &&
    x.shape.length === right.shape.length &&
    x.shape.every((size, axis) => size === right.shape[axis])
  );
}
