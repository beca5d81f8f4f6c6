/** Passes: backward, forward mode, differences, Jacobians and Hessians. What they give is an ordinary expression again. */
import {
  backward,
  jacobian,
  jvp,
  type BackwardPass,
  type JvpPass,
  type Node,
  type PassOptions,
} from "../../../runtime/graph";
import { full, isFloat, type Dim } from "../../../runtime/tensor";
import type { Expression } from "../../syntax";
import type { Builtin, BuiltinCall } from "../builtin";
import { contradicts } from "../declared-types";
import { formatElement, formatType } from "../describe";
import { problems } from "../diagnostics/catalogue";
import { isPath } from "../paths";
import { makeTensor, sourceTensor, zerosOf } from "../tensors";
import {
  describeKind,
  unknown,
  type InstanceValue,
  type PassValue,
  type PendingValue,
  type TensorValue,
  type UnknownValue,
  type Value,
} from "../value";
import { flagArgument, numberArgument, tensorArgument } from "./arguments";

interface Rooted {
  readonly tensor: TensorValue;
  readonly instance: InstanceValue | undefined;
}

/** The float node that an argument names, and the instance it belongs to. */
function nodeArgument(call: BuiltinCall, name: string): Rooted | UnknownValue | PendingValue {
  const given = call.arguments.get(name);
  if (given !== undefined && isConstant(given.value)) {
    call.elaboration.report(
      call.frame,
      problems.expected("a node", `${describeKind(given.value)}, a constant`),
      given.expression,
    );
    return unknown;
  }
  const tensor = tensorArgument(call, name);
  if (tensor.kind !== "tensor" || given === undefined) return tensor.kind === "tensor" ? unknown : tensor;
  if (!isFloat(tensor.dtype)) {
    call.elaboration.report(
      call.frame,
      problems.notDifferentiable(`\`${text(call, name)}\``, formatElement(tensor.dtype)),
      given.expression,
    );
    return unknown;
  }
  const instance = given.value.kind === "instance" ? given.value : tensor.owner;
  return { tensor, instance: instance ?? instanceInPath(call, given.expression) };
}

/** A parameter belongs to its layer; where it is named by the path of an instance, that one is meant. */
function instanceInPath(call: BuiltinCall, expression: Expression): InstanceValue | undefined {
  if (expression.kind === "parenthesized") return instanceInPath(call, expression.inner);
  if ((expression.kind !== "member" && expression.kind !== "indexing") || !isPath(expression))
    return undefined;
  const base = call.elaboration.evaluate({ ...call.frame, silent: true, record: undefined }, expression.base);
  return base.kind === "instance" ? base : instanceInPath(call, expression.base);
}

function isConstant(value: Value): boolean {
  return (
    value.kind === "number" ||
    value.kind === "boolean" ||
    (value.kind === "list" && value.items.every(isConstant))
  );
}

function text(call: BuiltinCall, name: string): string {
  const expression = call.arguments.get(name)?.expression ?? call.site;
  return call.frame.module.file.text.slice(expression.start, expression.end);
}

function callText({ frame, site }: BuiltinCall): string {
  return frame.module.file.text.slice(site.start, site.end);
}

/** A cotangent or tangent: given with the node's shape, or 1 for a single element. */
function movedArgument(
  call: BuiltinCall,
  what: "cotangent" | "tangent",
  of: TensorValue,
): TensorValue | UnknownValue | PendingValue {
  const given = call.arguments.get(what);
  const { elaboration: e, frame } = call;
  const node = text(call, "node");
  if (given === undefined) {
    const many = of.shape?.some(({ size }) => typeof size === "number" && size !== 1) ?? false;
    if (!many)
      return of.node === undefined
        ? makeTensor(frame, of.shape, of.dtype, undefined, [])
        : sourceTensor(frame, full(of.dtype, of.node.shape, 1), call.site);
    e.report(
      frame,
      problems.cotangentNeeded(what, `\`${node}\``, formatType(of)),
      call.arguments.get("node")?.expression ?? call.site,
    );
    return unknown;
  }
  const moved = tensorArgument(call, what, "float");
  if (moved.kind !== "tensor" || moved.shape === undefined || of.shape === undefined) return moved;
  if (!contradicts(of.shape, moved.shape)) return moved;
  if (given.value.kind === "number" && moved.node !== undefined && of.node !== undefined) {
    const node1 = frame.machine?.graph.builder(moved.node.origin).expand(moved.node, of.node.shape);
    return makeTensor(frame, of.shape, moved.dtype, node1, [moved]);
  }
  if (given.value.kind === "number") return makeTensor(frame, of.shape, moved.dtype, undefined, [moved]);
  e.report(
    frame,
    problems.cotangentShape(what, `\`${node}\``, formatType(of), formatType(moved)),
    given.expression,
  );
  return unknown;
}

function passOptions(call: BuiltinCall): PassOptions {
  return { rules: flagArgument(call, "rules", true) ? "hand" : "derived" };
}

function makePass(
  call: BuiltinCall,
  mode: PassValue["mode"],
  { tensor, instance }: Rooted,
  read: PassValue["read"],
  transform?: PassValue["transform"],
): PassValue {
  const { machine } = call.frame;
  const pass: PassValue = {
    kind: "pass",
    mode,
    root: tensor,
    rootInstance: instance,
    scope: call.frame.scope,
    text: callText(call),
    read: read && machine && ((value) => machine.graph.section(mode, () => read(value))),
    transform,
  };
  call.frame.record?.passes.push(pass);
  return pass;
}

function callBackward(call: BuiltinCall): Value {
  const root = nodeArgument(call, "node");
  if ("kind" in root) return root;
  const cotangent = movedArgument(call, "cotangent", root.tensor);
  if (cotangent.kind !== "tensor") return cotangent;
  const options = passOptions(call);
  const { machine } = call.frame;
  const [node, seed] = [root.tensor.node, cotangent.node];
  if (machine === undefined || node === undefined || seed === undefined)
    return makePass(call, "backward", root, undefined);
  let pass: BackwardPass | undefined;
  const transform = (): BackwardPass => (pass ??= backward(machine.graph, node, seed, options));
  return makePass(
    call,
    "backward",
    root,
    (value) => value.node && transform().gradient(value.node),
    transform,
  );
}

function callJvp(call: BuiltinCall): Value {
  const root = nodeArgument(call, "node");
  if ("kind" in root) return root;
  const tangent = movedArgument(call, "tangent", root.tensor);
  if (tangent.kind !== "tensor") return tangent;
  const options = passOptions(call);
  const { machine } = call.frame;
  const [node, moved] = [root.tensor.node, tangent.node];
  if (machine === undefined || node === undefined || moved === undefined)
    return makePass(call, "jvp", root, undefined);
  let pass: JvpPass | undefined;
  let covered = 0;
  // Nodes made after the pass move too: reading one of them follows the graph as it stands then.
  const upTo = (id: number): JvpPass => {
    if (pass === undefined || id >= covered) {
      covered = machine.graph.nodes.length;
      pass = jvp(machine.graph, node, moved, options);
    }
    return pass;
  };
  return makePass(
    call,
    "jvp",
    root,
    (value) => value.node && upTo(value.node.id).tangentOf(value.node),
    () => upTo(0),
  );
}

function callFiniteDifferences(call: BuiltinCall): Value {
  const root = nodeArgument(call, "node");
  if ("kind" in root) return root;
  const cotangent = movedArgument(call, "cotangent", root.tensor);
  if (cotangent.kind !== "tensor") return cotangent;
  const step = numberArgument(call, "eps");
  if (step !== undefined && !(step > 0 && step < Infinity)) {
    const at = call.arguments.get("eps")?.expression ?? call.site;
    call.elaboration.report(
      call.frame,
      problems.attribute(`\`eps\` must be above 0, not ${String(step)}`),
      at,
    );
    return unknown;
  }
  const { machine } = call.frame;
  const [node, seed] = [root.tensor.node, cotangent.node];
  if (machine === undefined || node === undefined || seed === undefined)
    return makePass(call, "finite_differences", root, undefined);
  const read = (value: TensorValue): Node | undefined => {
    if (value.node === undefined) return undefined;
    const differences = machine.finiteDifferences(node, seed, value.node, step);
    if (!("message" in differences)) return machine.graph.source(differences);
    call.elaboration.report(call.frame, problems.neverRuns(differences.message), call.site);
    return undefined;
  };
  return makePass(call, "finite_differences", root, read);
}

function callJacobian(call: BuiltinCall): Value {
  const y = nodeArgument(call, "y");
  if ("kind" in y) return y;
  const x = nodeArgument(call, "x");
  if ("kind" in x) return x;
  return jacobianOf(call, y.tensor, x.tensor);
}

function jacobianOf(call: BuiltinCall, y: TensorValue, x: TensorValue): Value {
  const shape: readonly Dim[] | undefined = y.shape && x.shape && [...y.shape, ...x.shape];
  const { machine } = call.frame;
  if (machine === undefined || y.node === undefined || x.node === undefined)
    return makeTensor(call.frame, shape, y.dtype, undefined, [y, x]);
  const entries = Math.min(product(y.node.shape), product(x.node.shape));
  if (entries > 4096) {
    call.elaboration.report(
      call.frame,
      problems.tooLarge(`A Jacobian of ${String(entries)} rows`),
      call.site,
    );
    return unknown;
  }
  const [from, to] = [y.node, x.node];
  const node = machine.graph.section("jacobian", () => jacobian(machine.graph, from, to, passOptions(call)));
  if (node === "pending") return { kind: "pending", shape };
  return makeTensor(call.frame, shape, node.dtype, node, [y, x]);
}

function product(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}

/** ∂J/∂x as a node: the first of two derivatives. */
function gradientOf(call: BuiltinCall, y: TensorValue, x: TensorValue): TensorValue | PendingValue {
  const { machine, frame } = { machine: call.frame.machine, frame: call.frame };
  if (machine === undefined || y.node === undefined || x.node === undefined)
    return makeTensor(frame, x.shape, x.dtype, undefined, [y, x]);
  const seed = machine.graph.builder(y.node.origin).onesLike(y.node);
  const [from, to] = [y.node, x.node];
  const node = machine.graph.section("backward", () =>
    backward(machine.graph, from, seed, passOptions(call)).gradient(to),
  );
  if (node === "pending") return { kind: "pending", shape: x.shape };
  return node === undefined
    ? zerosOf(frame, x, call.site)
    : makeTensor(frame, x.shape, node.dtype, node, [y, x]);
}

function scalarRoot(
  call: BuiltinCall,
): { readonly y: TensorValue; readonly x: TensorValue } | UnknownValue | PendingValue {
  const y = nodeArgument(call, "J");
  if ("kind" in y) return y;
  const x = nodeArgument(call, "x");
  if ("kind" in x) return x;
  if (y.tensor.shape?.some(({ size }) => typeof size === "number" && size !== 1) === true) {
    call.elaboration.report(
      call.frame,
      problems.oneElement("a Hessian", formatType(y.tensor)),
      call.arguments.get("J")?.expression ?? call.site,
    );
    return unknown;
  }
  return { y: y.tensor, x: x.tensor };
}

function callHessian(call: BuiltinCall): Value {
  const roots = scalarRoot(call);
  if ("kind" in roots) return roots;
  const gradient = gradientOf(call, roots.y, roots.x);
  return gradient.kind === "pending" ? gradient : jacobianOf(call, gradient, roots.x);
}

/** H·v as the gradient of ⟨∂J/∂x, v⟩. */
function callHvp(call: BuiltinCall): Value {
  const roots = scalarRoot(call);
  if ("kind" in roots) return roots;
  const v = tensorArgument(call, "v", "float");
  if (v.kind !== "tensor") return v;
  const { x, y } = roots;
  if (v.shape !== undefined && x.shape !== undefined && contradicts(x.shape, v.shape)) {
    call.elaboration.report(
      call.frame,
      problems.cotangentShape("direction", `\`${text(call, "x")}\``, formatType(x), formatType(v)),
      call.arguments.get("v")?.expression ?? call.site,
    );
    return unknown;
  }
  const gradient = gradientOf(call, y, x);
  if (gradient.kind === "pending") return gradient;
  const { machine } = call.frame;
  if (machine === undefined || gradient.node === undefined || v.node === undefined)
    return makeTensor(call.frame, x.shape, x.dtype, undefined, [y, x, v]);
  const build = machine.graph.builder(gradient.node.origin);
  const slope = build.sum(build.mul(gradient.node, v.node));
  return gradientOf(call, makeTensor(call.frame, [], slope.dtype, slope, [gradient, v]), x);
}

const rules = { name: "rules", default: "true" };

export const passes: readonly Builtin[] = [
  {
    name: "backward",
    doc: "Reverse mode: the gradient of ⟨cotangent, node⟩ at every node. `d = backward(m.J)`; then `d.W`. Hand rules are used unless `rules = false`.",
    parameters: [{ name: "node" }, { name: "cotangent", default: "1" }, rules],
    call: callBackward,
  },
  {
    name: "jvp",
    doc: "Forward mode: how every later node moves when `node` moves along `tangent`. Hand rules are used unless `rules = false`.",
    parameters: [{ name: "node" }, { name: "tangent", default: "1" }, rules],
    call: callJvp,
  },
  {
    name: "finite_differences",
    doc: "Central differences of ⟨cotangent, node⟩ with respect to whatever node is read, in float64.",
    parameters: [
      { name: "node" },
      { name: "cotangent", default: "1" },
      { name: "eps", default: "6e-6 · max(1, |x|)" },
      rules,
    ],
    call: callFiniteDifferences,
  },
  {
    name: "jacobian",
    doc: "∂y/∂x, of the shape of y followed by that of x.",
    parameters: [{ name: "y" }, { name: "x" }, rules],
    call: callJacobian,
  },
  {
    name: "hessian",
    doc: "∂²J/∂x², of the shape of x twice.",
    parameters: [{ name: "J" }, { name: "x" }, rules],
    call: callHessian,
  },
  {
    name: "hvp",
    doc: "The Hessian of J times v, without the Hessian.",
    parameters: [{ name: "J" }, { name: "x" }, { name: "v" }, rules],
    call: callHvp,
  },
];
