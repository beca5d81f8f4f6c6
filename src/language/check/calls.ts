/** Calling anything: operators, builtins, ops, nets, layers. */
import { bindArguments } from "./arguments";
import type { Builtin, GivenArgument } from "./builtin";
import type { CallArgument, CallSite } from "./call-site";
import { problems } from "./diagnostics/catalogue";
import type { Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import { callLayer } from "./instances";
import { callNet } from "./layers";
import { callOperator } from "./operator-call";
import { callUserOp } from "./user-ops";
import { describeKind, unknown, type Value } from "./value";

export function callValue(e: Elaboration, frame: Frame, callee: Value, site: CallSite): Value {
  switch (callee.kind) {
    case "operator":
      return callOperator(e, frame, callee.op, site);
    case "builtin":
      return callBuiltin(e, frame, callee.builtin, site);
    case "op":
      return callUserOp(e, frame, callee.declaration, callee.module, site);
    case "net": {
      const { declaration, module } = callee;
      if (declaration.hyperparameters !== undefined || site.arguments.length === 0)
        return callNet(e, frame, declaration, module, site);
      // A net without hyperparameters may be applied in one go.
      const layer = callNet(e, frame, declaration, module, { ...site, arguments: [] });
      return layer.kind === "layer" ? callLayer(e, frame, layer, site) : layer;
    }
    case "layer":
      return callLayer(e, frame, callee, site);
    case "unknown":
    case "pending":
      return callee;
    case "opaque":
      return unknown;
    default:
      e.report(frame, problems.notCallable(`\`${site.calleeText}\`, ${describeKind(callee)},`), site.callee);
      return unknown;
  }
}

function callBuiltin(e: Elaboration, frame: Frame, builtin: Builtin, site: CallSite): Value {
  const rest = builtin.parameters.find((parameter) => parameter.rest === true);
  const index = rest === undefined ? -1 : builtin.parameters.indexOf(rest);
  const positional = site.arguments.filter(({ path }) => path === undefined);
  const extra = index === -1 ? [] : positional.slice(index);
  const plain: CallSite =
    index === -1
      ? site
      : { ...site, arguments: site.arguments.filter((argument) => !extra.includes(argument)) };
  // A trailing list is the shape, wherever the optional numbers before it were left out: `zeros([3])`, `xavier_uniform([2, 3])`.
  const shifted = shapeLast(builtin, plain);
  const formals = builtin.parameters
    .filter((parameter) => parameter.rest !== true)
    .map((parameter) => ({ name: parameter.name, required: parameter.default === undefined }));
  const bound = bindArguments(e, frame, shifted, site.calleeText, formals);
  if (bound === undefined) return unknown;
  const given = new Map([...bound].map(([name, argument]) => [name, asGiven(argument)]));
  const values = [...given.values(), ...extra].map(({ value }) => value);
  if (builtin.name !== "len" && values.some(isPending) && !values.some(({ kind }) => kind === "unknown"))
    return { kind: "pending", shape: frame.expectedShape };
  const call = callExpression(site);
  return builtin.call({ elaboration: e, frame, site: call, arguments: given, rest: extra.map(asGiven) });
}

function isPending(value: Value): boolean {
  return value.kind === "pending" || (value.kind === "list" && value.items.some(isPending));
}

function asGiven({ path, value, expression }: CallArgument): GivenArgument {
  return { name: path?.name.name, value, expression };
}

function shapeLast(builtin: Builtin, site: CallSite): CallSite {
  const last = builtin.parameters.at(-1);
  const positional = site.arguments.filter(({ path }) => path === undefined);
  const argument = positional.at(-1);
  if (last?.name !== "shape" || argument === undefined || positional.length >= builtin.parameters.length)
    return site;
  if (argument.value.kind !== "list" || builtin.name === "randint") return site;
  const name = { name: "shape", start: argument.span.start, end: argument.span.start };
  const moved: CallArgument = { ...argument, path: { name, steps: [], start: name.start, end: name.end } };
  return { ...site, arguments: site.arguments.map((each) => (each === argument ? moved : each)) };
}

/** Builtins report at the call as the tree has it. */
function callExpression(site: CallSite) {
  const { start, end } = site.span;
  const callee = {
    kind: "name",
    name: site.calleeText,
    start: site.callee.start,
    end: site.callee.end,
  } as const;
  const args = site.arguments.map(({ path, expression, span }) => ({
    path,
    value: expression,
    start: span.start,
    end: span.end,
  }));
  return { kind: "call", callee, arguments: args, start, end } as const;
}
