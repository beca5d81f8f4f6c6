/** Optimizers as values: a name and its numbers, made when they are used. */
import type { Tensor } from "../../../runtime/tensor";
import type { Builtin, BuiltinCall, GivenArgument } from "../builtin";
import { reportNotCompileTime } from "../compile-time-values";
import { problems } from "../diagnostics/catalogue";
import type { OptimizerSteps } from "../machine";
import { describeKind, isBlank, unknown, type OptimizerValue, type Value } from "../value";
/** An optimizer's name and numbers; made when it is used. */
export function optimizerBuiltin(
  name: string,
  doc: string,
  parameters: Readonly<Record<string, { readonly default?: number | boolean | string }>>,
): Builtin {
  return {
    name,
    doc,
    parameters: Object.entries(parameters).map(([parameter, { default: fallback }]) => ({
      name: parameter,
      ...(fallback === undefined ? {} : { default: String(fallback) }),
    })),
    call(call) {
      const given = new Map<string, number | boolean>();
      for (const [parameter, argument] of call.arguments) {
        const read = readArgument(call, parameter, argument);
        if (read === undefined) return unknown;
        for (const [key, value] of read) given.set(key, value);
      }
      const made = call.elaboration.library?.optimizers.get(name)?.make(Object.fromEntries(given));
      if (made?.ok === false) {
        const at = call.arguments.get(made.problem.argument)?.expression ?? call.site;
        call.elaboration.report(call.frame, problems.attribute(made.problem.message), at);
        return unknown;
      }
      return { kind: "optimizer", name, arguments: given };
    },
  };
}

/** A number or flag by its name; `betas` gives two. Undefined where it is neither (reported). */
function readArgument(
  call: BuiltinCall,
  parameter: string,
  { value, expression }: GivenArgument,
): readonly (readonly [string, number | boolean])[] | undefined {
  if (parameter === "betas" && value.kind === "list" && value.items.length === 2)
    return value.items.flatMap((item, index) =>
      item.kind === "number" && item.value !== undefined
        ? [[`beta${String(index + 1)}`, item.value] as const]
        : [],
    );
  if (parameter !== "betas" && (value.kind === "number" || value.kind === "boolean"))
    return value.value === undefined ? [] : [[parameter, value.value]];
  if (isBlank(value) || value.kind === "opaque") return [];
  if (value.kind === "tensor" || value.kind === "instance")
    reportNotCompileTime(call.elaboration, call.frame, value, expression, `\`${parameter}\``);
  else {
    const needs = parameter === "betas" ? "a list of two numbers" : "a number";
    call.elaboration.report(
      call.frame,
      problems.expected(`${needs} for \`${parameter}\``, describeKind(value)),
      expression,
    );
  }
  return undefined;
}

export function argumentOf<K extends Value["kind"]>(
  call: BuiltinCall,
  name: string,
  kinds: readonly K[],
  needs: string,
): Extract<Value, { kind: K }> | undefined {
  const given: GivenArgument | undefined = call.arguments.get(name);
  if (given === undefined) return undefined;
  if ((kinds as readonly string[]).includes(given.value.kind))
    return given.value as Extract<Value, { kind: K }>; // just compared
  if (!isBlank(given.value) && given.value.kind !== "opaque") {
    call.elaboration.report(
      call.frame,
      problems.expected(needs, describeKind(given.value)),
      given.expression,
    );
  }
  return undefined;
}

export function startOptimizer(
  call: BuiltinCall,
  optimizer: OptimizerValue,
  parameters: readonly Tensor[],
): OptimizerSteps | undefined {
  const made = call.elaboration.library?.optimizers
    .get(optimizer.name)
    ?.make(Object.fromEntries(optimizer.arguments));
  return made?.ok === true ? made.value.start(parameters) : undefined;
}
