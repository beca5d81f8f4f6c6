/** Parameters given in a call, by path: `W`, `W[1]`, `fc.W`. */
import type { Param } from "../syntax";
import type { CallArgument } from "./call-site";
import { contradicts, elementType, evaluateType } from "./declared-types";
import { formatType } from "./describe";
import { problems } from "./diagnostics/catalogue";
import { placeOf, textOf, type Elaboration } from "./elaboration";
import type { Frame, GivenParameter, LayerBody } from "./frame";
import { layerName } from "./instance-paths";
import { drawParameter } from "./drawing";
import { makeTensor, toTensor } from "./tensors";
import { isBlank, unknown, type LayerValue, type Value } from "./value";

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
  if (statement.value === undefined && !checked) {
    e.report(frame, problems.paramNeedsValue(key), statement.target);
    return unknown;
  }
  if (!checked) {
    const late = drawParameter(e, { ...frame, layer: undefined }, statement, key, shape);
    if (late !== undefined) body.layer.state.parameters.set(key, late);
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
