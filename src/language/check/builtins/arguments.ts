/** Reading the arguments of builtins: shapes, numbers, tensors. */
import { concreteShape, type Dim, type Shape, type Tensor } from "../../../runtime/tensor";
import type { BuiltinCall } from "../builtin";
import { toSize } from "../declared-types";
import { problems } from "../diagnostics/catalogue";
import { reportNotCompileTime } from "../compile-time-values";
import { readSizes } from "../operator-call";
import { makeTensor, sourceTensor, toTensor, type Wanted } from "../tensors";
import {
  describeKind,
  isBlank,
  unknown,
  type PendingValue,
  type TensorValue,
  type UnknownValue,
  type Value,
} from "../value";

/** The argument `name` as a shape, or the shape that the place expects; undefined where there is none (reported). */
export function shapeArgument(call: BuiltinCall, name: string): readonly Dim[] | undefined {
  const given = call.arguments.get(name);
  if (given === undefined) {
    const expected = call.frame.expectedShape;
    if (expected === undefined)
      call.elaboration.report(call.frame, problems.cannotInferShape(functionName(call)), call.site);
    return expected;
  }
  if (isBlank(given.value)) return undefined;
  return readSizes(call.elaboration, call.frame, given);
}

function functionName({ site, frame }: BuiltinCall): string {
  return frame.module.file.text.slice(site.callee.start, site.callee.end);
}

/** A known number; undefined where it is left out, symbolic or none (reported). */
export function numberArgument(call: BuiltinCall, name: string): number | undefined {
  const given = call.arguments.get(name);
  if (given === undefined) return undefined;
  const { value, expression } = given;
  if (value.kind === "number") return value.value;
  if (value.kind === "tensor" || value.kind === "instance")
    reportNotCompileTime(call.elaboration, call.frame, value, expression, `\`${name}\``);
  else if (!isBlank(value) && value.kind !== "opaque") {
    call.elaboration.report(
      call.frame,
      problems.expected(`a number for \`${name}\``, describeKind(value)),
      expression,
    );
  }
  return undefined;
}

/** Whether an argument stands there whose value only a run knows, or that was reported. */
export function isIndefinite(call: BuiltinCall, names: readonly string[]): boolean {
  return names.some((name) => {
    const value = call.arguments.get(name)?.value;
    return value !== undefined && (value.kind !== "number" || value.value === undefined);
  });
}

export function flagArgument(call: BuiltinCall, name: string, fallback: boolean): boolean {
  const given = call.arguments.get(name);
  if (given === undefined) return fallback;
  if (given.value.kind === "boolean") return given.value.value ?? fallback;
  if (!isBlank(given.value))
    call.elaboration.report(
      call.frame,
      problems.expected(`true or false for \`${name}\``, describeKind(given.value)),
      given.expression,
    );
  return fallback;
}

export function tensorArgument(
  call: BuiltinCall,
  name: string,
  wanted: Wanted = "any",
): TensorValue | UnknownValue | PendingValue {
  const given = call.arguments.get(name);
  return given === undefined
    ? unknown
    : toTensor(call.elaboration, call.frame, given.value, given.expression, wanted);
}

export function sizeArgument(call: BuiltinCall, name: string): ReturnType<typeof toSize> | undefined {
  const given = call.arguments.get(name);
  return given === undefined
    ? undefined
    : toSize(call.elaboration, call.frame, given.value, given.expression);
}

/** A source of the shape where the machine makes it; the shape alone where nothing runs. */
export function makeSource(
  call: BuiltinCall,
  shape: readonly Dim[],
  dtype: Tensor["dtype"],
  make: (shape: Shape) => Tensor,
): Value {
  const { frame } = call;
  const known = concreteShape(shape);
  if (known?.some((size) => size < 0) === true) {
    call.elaboration.report(
      frame,
      problems.attribute(`a dimension cannot be negative: [${known.join(", ")}]`),
      call.site,
    );
    return unknown;
  }
  if (frame.machine === undefined || known === undefined)
    return makeTensor(frame, shape, dtype, undefined, []);
  if (!reserve(call, known)) return unknown;
  return { ...sourceTensor(frame, make(known), call.site), shape };
}

/** Asks for the memory of a tensor before it is made; reported where that is too much. */
export function reserve({ elaboration, frame, site }: BuiltinCall, shape: Shape): boolean {
  const bytes = shape.reduce((product, size) => product * size, 8);
  if (frame.machine === undefined || frame.machine.reserve(bytes)) return true;
  const gibibytes = (bytes / 2 ** 30).toFixed(1);
  const message = `a tensor of shape [${shape.join(", ")}] takes ${gibibytes} GiB, and with it the run would need more than 4 GiB`;
  elaboration.report(frame, problems.memory(message), site);
  return false;
}
