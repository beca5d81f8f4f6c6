/** What a call calls and what it takes: for signatures, named arguments and their completion. Knows no editor. */
import {
  builtins,
  type BindingRole,
  type Builtin,
  type CheckedModule,
  type Module,
  type Value,
} from "../check";
import { callableOperators, type OpDefinition } from "../../runtime/ops";
import type { Expression, Identifier, Input, Net, Op, Statement } from "../syntax";

export type Callee =
  | { readonly kind: "operator"; readonly op: OpDefinition }
  | { readonly kind: "builtin"; readonly builtin: Builtin }
  | { readonly kind: "op"; readonly op: Op; readonly module: Module }
  /** A net takes its hyperparameters first, then, as a layer, its tensors. */
  | { readonly kind: "net" | "layer"; readonly net: Net; readonly module: Module };

/** What the expression before the bracket of a call is, as far as the checker knows it. */
export function calleeOf(checked: CheckedModule, expression: Expression): Callee | undefined {
  switch (expression.kind) {
    case "parenthesized":
      return calleeOf(checked, expression.inner);
    case "call": {
      const inner = calleeOf(checked, expression.callee);
      return inner?.kind === "net" && inner.net.hyperparameters !== undefined
        ? { ...inner, kind: "layer" }
        : undefined;
    }
    case "name":
      return calleeOfName(checked, expression.name, expression.start);
    case "member":
      return calleeOfName(checked, undefined, expression.name.start);
    case "indexing":
    case "number":
    case "string":
    case "hole":
    case "list":
    case "comprehension":
    case "unary":
    case "binary":
    case "comparison":
    case "missing":
      return undefined;
  }
}

function calleeOfName(checked: CheckedModule, name: string | undefined, start: number): Callee | undefined {
  const { module, facts } = checked;
  const reference = facts.at(start).references.get(`${module.id}:${String(start)}`);
  if (reference?.definition.kind === "binding") return calleeOfValue(reference.definition.value);
  if (name === undefined) return undefined;
  // Straight from the file's own names, so that a call in a half-typed statement is known too.
  const declared = module.declarations.get(name);
  if (declared?.kind === "op") return { kind: "op", op: declared, module };
  if (declared?.kind === "net") return netCallee(declared, module);
  if (declared !== undefined) return undefined;
  const imported = module.imports.get(name);
  if (imported?.declaration.kind === "op")
    return { kind: "op", op: imported.declaration, module: imported.module };
  if (imported?.declaration.kind === "net") return netCallee(imported.declaration, imported.module);
  return builtinCallee(module.standardNames.get(name) ?? name);
}

export function builtinCallee(name: string): Callee | undefined {
  const builtin = builtins.get(name);
  if (builtin !== undefined) return { kind: "builtin", builtin };
  const op = callableOperators.get(name);
  return op === undefined ? undefined : { kind: "operator", op };
}

/** A net without hyperparameters may be applied to its tensors in one go. */
function netCallee(net: Net, module: Module): Callee {
  return { kind: net.hyperparameters === undefined ? "layer" : "net", net, module };
}

function calleeOfValue(value: Value): Callee | undefined {
  switch (value.kind) {
    case "layer":
      return value.net && { kind: "layer", net: value.net.declaration, module: value.net.module };
    case "op":
      return { kind: "op", op: value.declaration, module: value.module };
    case "net":
      return netCallee(value.declaration, value.module);
    case "builtin":
    case "operator":
      return value.kind === "builtin"
        ? { kind: "builtin", builtin: value.builtin }
        : { kind: "operator", op: value.op };
    default:
      return undefined;
  }
}

/** One thing a callee takes. */
export interface Formal {
  readonly name: string;
  /** As the signature shows it: `x: [N, 3]`, `lambda = 0.1`, `…values`. */
  readonly label: string;
  /** The words it may be, where it is one of several. */
  readonly choices: readonly string[];
  readonly rest: boolean;
}

/** What the callee takes in this bracket, in order. */
export function formalsOf(callee: Callee): readonly Formal[] {
  switch (callee.kind) {
    case "operator":
      return callee.op.callOrder.map((name) => operatorFormal(callee.op, name));
    case "builtin":
      return callee.builtin.parameters.map(({ name, default: fallback, rest }) => ({
        name,
        label: `${rest === true ? "…" : ""}${name}${fallback === undefined ? "" : ` = ${fallback}`}`,
        choices: [],
        rest: rest === true,
      }));
    case "op":
      return callee.op.inputs.map((input) => inputFormal(callee.module, input));
    case "net":
      return (callee.net.hyperparameters ?? []).map((input) => inputFormal(callee.module, input));
    case "layer":
      return callee.net.inputs.map((input) => inputFormal(callee.module, input));
  }
}

function operatorFormal(op: OpDefinition, name: string): Formal {
  const input = op.inputs[name];
  const attribute = op.attributes[name];
  if (input !== undefined) {
    const label =
      input.arity === "many" ? `[${name}, …]` : input.arity === "optional" ? `${name} = none` : name;
    return { name, label, choices: [], rest: false };
  }
  const fallback = attribute?.default;
  const quoted = typeof fallback === "string" ? `"${fallback}"` : JSON.stringify(fallback);
  const label = attribute?.required === true ? name : `${name} = ${fallback === undefined ? "none" : quoted}`;
  return { name, label, choices: attribute?.choices ?? [], rest: false };
}

function inputFormal({ file: { text } }: Module, input: Input): Formal {
  const label = text.slice(input.start, input.end).replace(/\s+/g, " ");
  return { name: input.name.name, label, choices: [], rest: false };
}

/** The parameters that may be given to a layer by name, its own only. */
export function givenParameters(callee: Callee): readonly Identifier[] {
  return callee.kind === "layer" ? parametersIn(callee.net.body.statements) : [];
}

function parametersIn(statements: readonly Statement[]): readonly Identifier[] {
  return statements.flatMap((statement) => {
    if (statement.kind === "param") return [statement.target.name];
    return statement.kind === "for" ? parametersIn(statement.body.statements) : [];
  });
}

/** Where the callee declares what a named argument names; builtins declare theirs in no file. */
export function definitionOfArgument(
  callee: Callee,
  name: string,
): { readonly name: Identifier; readonly role: BindingRole; readonly module: Module } | undefined {
  if (callee.kind === "operator" || callee.kind === "builtin") return undefined;
  const { module } = callee;
  const inputs =
    callee.kind === "op"
      ? callee.op.inputs
      : callee.kind === "net"
        ? (callee.net.hyperparameters ?? [])
        : callee.net.inputs;
  const input = inputs.find((each) => each.name.name === name);
  if (input !== undefined) {
    return { name: input.name, role: input.type === undefined ? "hyperparameter" : "input", module };
  }
  const parameter = givenParameters(callee).find((each) => each.name === name);
  return parameter && { name: parameter, role: "parameter", module };
}
