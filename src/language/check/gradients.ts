/** Reading a pass: which node a name means, and its gradient there. */
import { isFloat } from "../../runtime/tensor";
import type { Span } from "../syntax";
import { formatElement } from "./describe";
import { problems } from "./diagnostics/catalogue";
import { placeOf, type Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import { inForce } from "./layer-copies";
import type { Scope } from "./scope";
import { isMovedBy, reaches } from "./dependence";
import { castTensor, makeTensor, zerosOf } from "./tensors";
import {
  describeKind,
  isBlank,
  listValue,
  unknown,
  type FamilyValue,
  type InstanceValue,
  type PassValue,
  type PendingValue,
  type TensorValue,
  type UnknownValue,
  type Value,
} from "./value";

/** `d.name`: looked up in the root's instance, then where the pass was made, then in the only instance that has it. */
export function readPassByName(
  e: Elaboration,
  frame: Frame,
  pass: PassValue,
  name: string,
  span: Span,
  passText: string,
): Value {
  const target = findTarget(e, frame, pass, name, span, passText);
  return target === undefined ? unknown : readPass(e, frame, pass, target, name, span);
}

function findTarget(
  e: Elaboration,
  frame: Frame,
  pass: PassValue,
  name: string,
  span: Span,
  passText: string,
): Value | undefined {
  const instance = pass.rootInstance;
  const inInstance = instance?.scope.own(name);
  const inRun = pass.scope.lookup(name);
  if (inInstance !== undefined) {
    if (inRun !== undefined && differs(inRun.value, inInstance.value) && inRun.role !== "index") {
      e.report(frame, problems.shadowedGradient(name, `${instance?.state.name ?? ""}.${name}`), span);
    }
    refer(e, frame, name, span, inInstance);
    return instance === undefined ? inInstance.value : inForce(instance, inInstance.value);
  }
  if (inRun !== undefined) {
    refer(e, frame, name, span, inRun);
    return inRun.value;
  }
  const holders = instancesIn(pass.scope).filter(
    ({ instance: candidate }) => candidate.scope.own(name) !== undefined,
  );
  const [only] = holders;
  if (only !== undefined && holders.length === 1) {
    const binding = only.instance.scope.own(name);
    if (binding !== undefined) refer(e, frame, name, span, binding);
    return binding && inForce(only.instance, binding.value);
  }
  if (instance?.state.result.kind === "unknown" || hasBlanks(pass.scope)) return undefined;
  const offers = holders.map(({ path }) => `\`${passText}[${path}.${name}]\``).join(" or ");
  e.report(
    frame,
    problems.gradientName(name, offers === "" ? "" : ` Several instances have it: write ${offers}.`),
    span,
  );
  return undefined;
}

function refer(
  e: Elaboration,
  frame: Frame,
  name: string,
  span: Span,
  binding: NonNullable<ReturnType<Scope["own"]>>,
): void {
  const { role, place, value } = binding;
  e.facts.refer({ name, place: placeOf(frame, span), definition: { kind: "binding", role, place, value } });
}

function differs(a: Value, b: Value): boolean {
  const [x, y] = [settled(a), settled(b)];
  return x.kind === "tensor" && y.kind === "tensor" && x !== y;
}

function settled(value: Value): Value {
  return value.kind === "instance" ? value.state.result : value;
}

/** Whether some instance may be missing among the names, for which an error has been reported already. */
function hasBlanks(scope: Scope): boolean {
  return [...scope.bindings()].some(({ value }) => value.kind === "unknown" && value.instance !== false);
}

function instancesIn(scope: Scope): { readonly path: string; readonly instance: InstanceValue }[] {
  const found: { path: string; instance: InstanceValue }[] = [];
  const visit = (path: string, value: Value): void => {
    if (value.kind === "instance") found.push({ path, instance: value });
    if (value.kind === "family")
      for (const member of value.members.values()) visit(`${path}[${member.key}]`, member.value);
  };
  for (const { name, value } of scope.bindings()) visit(name, value);
  return scope.parent === undefined ? found : [...found, ...instancesIn(scope.parent)];
}

/** The passes that are in sight by name: `d`, `d[2]`. */
export function passesIn(scope: Scope): Map<string, PassValue> {
  const passes = scope.parent === undefined ? new Map<string, PassValue>() : passesIn(scope.parent);
  for (const { name, value } of scope.bindings()) {
    if (value.kind === "pass") passes.set(name, value);
    if (value.kind !== "family") continue;
    for (const member of value.members.values())
      if (member.value.kind === "pass") passes.set(`${name}[${member.key}]`, member.value);
  }
  return passes;
}

/** The gradient (or tangent) of a pass at what `target` names: a tensor, an instance's result, or every member of a family. */
export function readPass(
  e: Elaboration,
  frame: Frame,
  pass: PassValue,
  target: Value,
  name: string,
  span: Span,
): Value {
  switch (target.kind) {
    case "tensor":
      return gradientAt(e, frame, pass, target, name, span);
    case "instance": {
      const result = target.state.result;
      const read = result.kind === "tensor" ? gradientAt(e, frame, pass, result, name, span) : unknown;
      const own = read.kind === "tensor" ? read : makeTensor(frame, undefined, frame.dtype, undefined, []);
      return { ...own, member: memberReader(e, frame, pass, target) };
    }
    case "layer": {
      const read = (member: string, at: Span): Value => {
        const parameter = target.state.parameters.get(member);
        return parameter === undefined ? unknown : gradientAt(e, frame, pass, parameter, member, at);
      };
      return { ...makeTensor(frame, undefined, frame.dtype, undefined, []), member: read };
    }
    case "family": {
      // One member may be all that is wanted: of a family there is a warning where it is zero as a whole.
      if (warns(frame) && isZeroAsWhole(pass, target)) warnOfStructuralZero(e, frame, pass, name, span);
      const members = new Map<string, { key: string; value: Value }>();
      for (const [key, member] of target.members) {
        members.set(key, {
          key: member.key,
          value: readPass(e, { ...frame, quiet: true }, pass, member.value, `${name}[${member.key}]`, span),
        });
      }
      return { kind: "family", name: target.name, members, state: { open: target.state.open } };
    }
    case "list":
      return listValue(
        // The functions of a chain have no gradients; its layers have.
        target.items.map((item) =>
          isNode(item) ? readPass(e, { ...frame, quiet: true }, pass, item, name, span) : unknown,
        ),
      );
    case "unknown":
    case "pending":
      return target;
    case "opaque":
      return unknown;
    default:
      e.report(frame, problems.notANode(name, describeKind(target)), span);
      return unknown;
  }
}

function isNode({ kind }: Value): boolean {
  return ["tensor", "instance", "layer", "family", "list"].includes(kind);
}

function memberReader(
  e: Elaboration,
  frame: Frame,
  pass: PassValue,
  instance: InstanceValue,
): (name: string, span: Span) => Value {
  return (name, span) => {
    const binding = instance.scope.own(name);
    if (binding === undefined) {
      e.report(frame, problems.noMember(`\`${instance.layer.name}\``, name), span);
      return unknown;
    }
    return readPass(e, frame, pass, inForce(instance, binding.value), name, span);
  };
}

/** `m.z` of a family of instances is nothing; but `d[f].x` of families of passes is read member by member elsewhere. */
export function readFamilyOfPass(
  e: Elaboration,
  frame: Frame,
  family: FamilyValue,
  name: string,
  span: Span,
): Value {
  if (family.state.open || [...family.members.values()].some(({ value }) => isBlank(value))) return unknown;
  e.report(frame, problems.noMember(`The family \`${family.name}\``, name), span);
  return unknown;
}

function gradientAt(
  e: Elaboration,
  frame: Frame,
  pass: PassValue,
  target: TensorValue,
  name: string,
  span: Span,
): TensorValue | UnknownValue | PendingValue {
  if (!isFloat(target.dtype)) {
    e.report(frame, problems.notDifferentiable(`\`${name}\``, formatElement(target.dtype)), span);
    return unknown;
  }
  if (warns(frame) && !depends(pass, target)) warnOfStructuralZero(e, frame, pass, name, span);
  if (pass.read === undefined || target.node === undefined)
    return makeTensor(frame, target.shape, target.dtype, undefined, [pass.root, target]);
  const node = pass.read(target);
  if (node === "pending") return { kind: "pending", shape: target.shape };
  if (node === undefined) return zerosOf(frame, target, span);
  const gradient = makeTensor(frame, target.shape, node.dtype, node, [pass.root, target]);
  return castTensor(frame, gradient, target.dtype, span);
}

/** Structural zeros are told of runs, while nothing runs. */
function warns({ machine, silent, quiet, kind }: Frame): boolean {
  return machine === undefined && !silent && quiet !== true && kind === "run";
}

/** Whether the pass has something to say of a node, as far as is known before anything runs. */
function depends(pass: PassValue, target: TensorValue): boolean {
  return pass.mode === "jvp" ? isMovedBy(pass.root, target) : reaches(pass.root, target);
}

function isZeroAsWhole(pass: PassValue, family: FamilyValue): boolean {
  const leaves = leavesOf(family);
  return leaves.length > 0 && !leaves.some((leaf) => depends(pass, leaf));
}

/** The float nodes of a family, of one in another too. */
function leavesOf({ members }: FamilyValue): TensorValue[] {
  return [...members.values()].flatMap(({ value }) => {
    if (value.kind === "family") return leavesOf(value);
    const node = settled(value);
    return node.kind === "tensor" && isFloat(node.dtype) ? [node] : [];
  });
}

function warnOfStructuralZero(e: Elaboration, frame: Frame, pass: PassValue, name: string, span: Span): void {
  const problem =
    pass.mode === "jvp"
      ? problems.structurallyStill(name, pass.text)
      : problems.structuralZero(name, `The root of \`${pass.text}\``);
  e.report(frame, problem, span);
}
