/** Parameters given in a call, by path: `W`, `W[1]`, `fc.W`. */
import { concreteShape } from "../../runtime/tensor";
import type { Param } from "../syntax";
import type { CallArgument, CallSite } from "./call-site";
import { contradicts, elementType, evaluateType } from "./declared-types";
import { formatType } from "./describe";
import { problems } from "./diagnostics/catalogue";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import type { Frame, GivenParameter, LayerBody } from "./frame";
import { layerName, parametersOf } from "./instance-paths";
import { drawParameter } from "./drawing";
import { makeTensor, sourceTensor, toTensor } from "./tensors";
import { isBlank, unknown, type InstanceValue, type LayerValue, type Value } from "./value";

/** `W`, `W[1]`, `fc.W`, `net.layers[0].W`. */
export function pathOfArgument(e: Elaboration, frame: Frame, { path }: CallArgument): string {
  if (path === undefined) return "";
  let text = path.name.name;
  for (const step of path.steps) {
    if (step.kind === "member") text += `.${step.name.name}`;
    else {
      const [item] = step.index.items;
      const value = item?.kind === "at" ? e.evaluate(frame, item.value) : undefined;
      text += value?.kind === "number" ? `[${String(value.value)}]` : textOf(frame, step.index);
    }
  }
  return text;
}

/** Parameters that the enclosing call gives to this nested layer, by its name there. */
export function inheritedGiven(frame: Frame, layer: LayerValue): [string, GivenParameter][] {
  const outer = frame.layer;
  if (outer === undefined || outer.given.size === 0) return [];
  const name = layerName(frame.scope, layer) ?? frame.assigning;
  if (name === undefined) return [];
  return [...outer.given]
    .filter(([path]) => path.startsWith(`${name}.`))
    .map(([path, value]) => [path.slice(name.length + 1), value]);
}

/** Reports the given names that no parameter has. */
export function reportUnusedGiven(
  e: Elaboration,
  frame: Frame,
  site: CallSite,
  layer: LayerValue,
  instance: InstanceValue,
  given: ReadonlyMap<string, GivenParameter>,
): void {
  for (const argument of site.arguments) {
    if (argument.path === undefined) continue;
    const path = pathOfArgument(e, frame, argument);
    const parameter = given.get(path);
    if (parameter === undefined || parameter.used || instance.state.result.kind === "unknown") continue;
    const known = [
      ...parametersOf(instance).keys(),
      ...(layer.net?.declaration.inputs.map(({ name }) => name.name) ?? []),
    ];
    e.report(
      frame,
      problems.unknownArgument(layer.name, path, known.map((name) => `\`${name}\``).join(", ")),
      argument.path,
    );
  }
}

/** While applying: the parameter that a `param` statement stands for, given, replaced or drawn. */
export function bindParameter(
  e: Elaboration,
  frame: Frame,
  statement: Param,
  key: string,
  body: LayerBody,
): Value {
  const shape = statement.type === undefined ? undefined : evaluateType(e, frame, statement.type, key);
  const given = body.given.get(key);
  if (given !== undefined) {
    given.used = true;
    return givenParameter(e, frame, statement, key, given, shape);
  }
  const drawn = body.overrides.get(body.layer)?.get(key) ?? body.layer.state.parameters.get(key);
  if (drawn !== undefined) return drawn;
  const checked = frame.machine === undefined;
  if (statement.value === undefined && frame.machine?.sampling === true)
    return sampleParameter(frame, statement, key, body, shape);
  if (statement.value === undefined && (frame.record !== undefined || !checked)) {
    reportNeedsValue(e, frame, statement, key);
    return unknown;
  }
  if (!checked) {
    const late = drawParameter(e, { ...frame, layer: undefined }, statement, key, shape);
    if (late?.kind === "tensor") body.layer.state.parameters.set(key, late);
    return late ?? unknown; // reported where it failed
  }
  const value = makeTensor(
    frame,
    shape,
    statement.type === undefined ? frame.dtype : elementType(frame, statement.type),
    undefined,
    [],
  );
  if (body.plan === undefined) body.layer.state.parameters.set(key, value);
  return value;
}

function sampleParameter(
  frame: Frame,
  statement: Param,
  key: string,
  body: LayerBody,
  shape: ReturnType<typeof evaluateType>,
): Value {
  const { machine } = frame;
  const sizes = shape && concreteShape(shape);
  if (machine === undefined || sizes === undefined) return unknown;
  const drawn = sourceTensor(frame, machine.generator().randn(sizes, frame.dtype), statement);
  body.layer.state.parameters.set(key, drawn);
  return drawn;
}

/** In a run nobody else can give it: the mistake is at the application. */
function reportNeedsValue(e: Elaboration, frame: Frame, statement: Param, key: string): void {
  const at = frame.appliedAt ?? placeOf(frame, statement.target);
  const path = frame.owner === undefined ? key : [...ownerPath(frame.owner), key].join(".");
  e.report(
    { ...frame, appliedAt: undefined, module: { ...frame.module, id: at.file } },
    problems.paramNeedsValue(path),
    at,
    { related: [{ place: placeOf(frame, statement.target), message: `\`${key}\` is declared here` }] },
  );
}

/** The names of nested instances, the outermost left out. */
function ownerPath(owner: InstanceValue): string[] {
  const { parent } = owner.state;
  if (parent === undefined) return [];
  return [...ownerPath(parent), layerName(parent.scope, owner.layer) ?? owner.layer.name];
}

function givenParameter(
  e: Elaboration,
  frame: Frame,
  statement: Param,
  key: string,
  given: GivenParameter,
  shape: ReturnType<typeof evaluateType>,
): Value {
  const caller: Frame = { ...frame, appliedAt: undefined };
  const value = toTensor(e, caller, given.value, statement, "float");
  if (isBlank(value) || shape === undefined || value.shape === undefined || !contradicts(shape, value.shape))
    return value;
  const problem = problems.annotation(key, formatType({ shape, dtype: "float64" }), formatType(value));
  const related = [{ place: placeOf(frame, statement), message: `\`${key}\` is declared here` }];
  e.report({ ...caller, module: { ...frame.module, id: given.place.file } }, problem, given.place, {
    related,
  });
  return unknown;
}
