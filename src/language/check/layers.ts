/** Layers: nets applied to hyperparameters, and chains; each made once at its place. */
import type { Input, Net } from "../syntax";
import { bindArguments } from "./arguments";
import type { CallArgument, CallSite } from "./call-site";
import { reportNotCompileTime } from "./compile-time-values";
import { drawIfReady, planNested } from "./drawing";
import { problems } from "./diagnostics/catalogue";
import { placeOf, type Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import type { Module } from "./module";
import { Scope } from "./scope";
import { bindHyperparameter } from "./user-ops";
import { isBlank, unknown, type LayerValue, type Value } from "./value";

/** A net applied to its hyperparameters. */
export function callNet(e: Elaboration, frame: Frame, net: Net, module: Module, site: CallSite): Value {
  const name = net.name.name;
  const formals = (net.hyperparameters ?? []).map((input) => ({
    name: input.name.name,
    required: input.default === undefined,
  }));
  const bound = bindArguments(e, frame, site, name, formals);
  if (bound === undefined) return unknown;
  for (const argument of bound.values()) {
    if (argument.value.kind === "unknown" || argument.value.kind === "pending") return argument.value;
  }
  const scope = new Scope(undefined);
  const body: Frame = { ...frame, kind: "net", module, scope, machine: undefined, expectedShape: undefined };
  for (const input of net.hyperparameters ?? []) {
    const given = bound.get(input.name.name);
    const value = given === undefined ? undefined : compileTime(e, frame, net, given);
    bindHyperparameter(e, body, input, value);
  }
  const hyperparameters = new Map([...scope.bindings()].map((binding) => [binding.name, binding.value]));
  return makeLayer(e, frame, site, {
    name,
    net: { declaration: net, module, hyperparameters },
    chain: undefined,
  });
}

/** A hyperparameter must be known before anything runs. */
function compileTime(
  e: Elaboration,
  frame: Frame,
  net: Net,
  { value, expression, path }: CallArgument,
): Value {
  if (value.kind !== "tensor" && value.kind !== "instance") return value;
  const tensor = value.kind === "tensor" ? value : value.state.result;
  if (path === undefined && tensor.kind === "tensor" && tensor.shape !== undefined && tensor.shape.length > 0)
    e.report(frame, problems.hyperparametersFirst(net.name.name, formOf(net)), expression);
  else reportNotCompileTime(e, frame, value, expression, "A hyperparameter");
  return unknown;
}

/** `M(n, h)(X, y)`. */
function formOf({ name, hyperparameters, inputs }: Net): string {
  const names = (list: readonly Input[]): string => list.map((input) => input.name.name).join(", ");
  return `${name.name}(${names(hyperparameters ?? [])})(${names(inputs)})`;
}

/** A layer; in a net's body it is the same one at each application, made and drawn once at its place and turn. */
export function makeLayer(
  e: Elaboration,
  frame: Frame,
  site: CallSite,
  what: Pick<LayerValue, "name" | "net" | "chain" | "steps">,
): LayerValue {
  const fresh = (): LayerValue => ({
    kind: "layer",
    ...what,
    place: placeOf(frame, site.span),
    state: { drawn: false, parameters: new Map(), nested: new Map() },
  });
  const outer = frame.layer;
  if (outer === undefined) {
    const layer = fresh();
    drawIfReady(e, frame, layer);
    return layer;
  }
  const { nested } = outer.layer.state;
  const key = `${String(site.span.start)} ${JSON.stringify(frame.turn)} ${frame.assigning ?? ""}`;
  const made = nested.get(key);
  // What was planned before the sizes of the inputs were known may have been made of unknown hyperparameters.
  const known = made?.state.drawn === false && isIncomplete(made) ? undefined : made;
  if (known !== undefined && outer.phase === "apply") return known;
  const layer = known ?? fresh();
  nested.set(key, layer);
  if (outer.plan === undefined) drawIfReady(e, frame, layer);
  else if (outer.phase === "plan") planNested(e, frame, layer, outer.plan);
  return layer;
}

function isIncomplete({ net, chain }: LayerValue): boolean {
  return [...(net?.hyperparameters.values() ?? []), ...(chain ?? [])].some(holdsUnknown);
}

function holdsUnknown(value: Value): boolean {
  switch (value.kind) {
    case "list":
      return value.items.some(holdsUnknown);
    case "number":
      return value.value === undefined;
    case "layer":
      return isIncomplete(value);
    default:
      return isBlank(value) || value.kind === "opaque";
  }
}

/** Whether a value can be a part of a chain. */
export function isApplicable(value: Value): boolean {
  return isBlank(value) || ["builtin", "operator", "op", "net", "layer", "opaque"].includes(value.kind);
}
