/** Tensors made of nothing but numbers: zeros, ranges, identity; and PyTorch's initialisers of parameters. */
import {
  allocate,
  compareSizes,
  dim,
  fromArray,
  full,
  initializers,
  scalar,
  type InitializerOptions,
  type Tensor,
} from "../../../runtime/tensor";
import type { Builtin, BuiltinCall } from "../builtin";
import { reportNotCompileTime } from "../compile-time-values";
import { problems } from "../diagnostics/catalogue";
import { formatType } from "../describe";
import { toTensor } from "../tensors";
import { describeKind, isBlank, unknown, type Value } from "../value";
import {
  isIndefinite,
  makeSource,
  numberArgument,
  shapeArgument,
  sizeArgument,
  tensorArgument,
} from "./arguments";
import { accepts, draw } from "./draws";

const initializerDocs: Readonly<Record<keyof typeof initializers, string>> = {
  zeros: "All zeros.",
  ones: "All ones.",
  constant: "One value everywhere.",
  uniform: "Uniform on [low, high), as `torch.Tensor.uniform_`.",
  normal: "Normal with mean and standard deviation, as `torch.Tensor.normal_`.",
  xavier_uniform:
    "Glorot's uniform: ±gain·√(6 / (fan_in + fan_out)). Weights are read as [fan_out, fan_in, …]; `transposed = true` swaps.",
  xavier_normal:
    "Glorot's normal: std gain·√(2 / (fan_in + fan_out)). Weights are read as [fan_out, fan_in, …]; `transposed = true` swaps.",
  kaiming_uniform:
    "He's uniform: ±√3·gain/√fan, gain for leaky_relu with slope `a` unless `nonlinearity` says else.",
  kaiming_normal:
    "He's normal: std gain/√fan, gain for leaky_relu with slope `a` unless `nonlinearity` says else.",
  orthogonal: "A (semi-)orthogonal matrix times `gain`, as `torch.nn.init.orthogonal_`.",
};

const optionDefaults: Readonly<Record<keyof InitializerOptions, string>> = {
  gain: "1",
  a: "0",
  mode: '"fan_in"',
  nonlinearity: '"leaky_relu"',
  transposed: "false",
  low: "0",
  high: "1",
  mean: "0",
  std: "1",
  value: "0",
};

const optionChoices: Readonly<Partial<Record<keyof InitializerOptions, readonly string[]>>> = {
  mode: ['"fan_in"', '"fan_out"'],
  nonlinearity: ['"linear"', '"sigmoid"', '"tanh"', '"relu"', '"leaky_relu"', '"selu"'],
};

/** In calls the bounds come first and the shape last: `uniform(lo, hi, shape)`; zeros and ones take the shape alone. */
function initializerBuiltin(name: keyof typeof initializers): Builtin {
  const initializer = initializers[name];
  return {
    name,
    doc: initializerDocs[name],
    parameters: [
      ...initializer.options.map((option) => ({ name: option, default: optionDefaults[option] })),
      { name: "shape", default: "that of the param" },
    ],
    call(call) {
      const options = readOptions(call, initializer.options);
      const shape = shapeArgument(call, "shape");
      if (options === undefined || shape === undefined) return unknown;
      if (shape.length < initializer.minimumRank) {
        call.elaboration.report(
          call.frame,
          problems.rank(
            `A parameter drawn by \`${name}\``,
            `of at least ${String(initializer.minimumRank)} dimensions`,
            `of ${String(shape.length)}`,
          ),
          call.site,
        );
        return unknown;
      }
      const { dtype } = call.frame;
      if (name === "zeros" || name === "ones" || name === "constant") {
        return makeSource(call, shape, dtype, (known) =>
          full(dtype, known, name === "zeros" ? 0 : name === "ones" ? 1 : (options.value ?? 0)),
        );
      }
      return draw(call, shape, dtype, (generator, known) =>
        initializer.draw(generator, known, dtype, options),
      );
    },
  };
}

/** The options given; undefined where one is refused, or not known though a machine runs. */
function readOptions(
  call: BuiltinCall,
  names: readonly (keyof InitializerOptions)[],
): InitializerOptions | undefined {
  const options: Record<string, number | string | boolean> = {};
  for (const name of names) {
    const given = call.arguments.get(name);
    if (given === undefined || isBlank(given.value)) continue;
    const { value, expression } = given;
    const choices = optionChoices[name];
    const kind = choices === undefined ? (name === "transposed" ? "boolean" : "number") : "string";
    if (value.kind === "opaque") continue;
    if (value.kind !== kind) {
      const needs = choices ?? [kind === "boolean" ? "true or false" : "a number"];
      if (value.kind === "tensor" || value.kind === "instance")
        reportNotCompileTime(call.elaboration, call.frame, value, expression, `\`${name}\``);
      else
        call.elaboration.report(
          call.frame,
          problems.expected(`${needs.join(", ")} for \`${name}\``, describeKind(value)),
          expression,
        );
      return undefined;
    }
    if (value.kind === "string" && choices?.includes(`"${value.value}"`) === false) {
      call.elaboration.report(
        call.frame,
        problems.attribute(`\`${name}\` is one of ${choices.join(", ")}, not "${value.value}"`),
        expression,
      );
      return undefined;
    }
    if (!("value" in value) || value.value === undefined) {
      if (call.frame.machine !== undefined) return undefined;
    } else options[name] = value.value;
  }
  const { std, low = 0, high = 1 } = options;
  if (typeof std === "number" && !accepts(call, "std", std, "at least 0", std >= 0)) return undefined;
  if (
    names.includes("low") &&
    !accepts(call, "high", Number(high), `at least \`low\`, ${String(low)}`, high >= low)
  )
    return undefined;
  return options; // the names are those that the initialiser reads
}

function eye(call: BuiltinCall): Value {
  const rows = sizeArgument(call, "n");
  const columns = sizeArgument(call, "m") ?? rows;
  if (rows === undefined || columns === undefined) return unknown;
  return makeSource(call, [dim(rows), dim(columns)], call.frame.dtype, (shape) => {
    const data = allocate(call.frame.dtype, (shape[0] ?? 0) * (shape[1] ?? 0));
    for (let i = 0; i < Math.min(shape[0] ?? 0, shape[1] ?? 0); i++) data[i * (shape[1] ?? 0) + i] = 1;
    return { dtype: call.frame.dtype, shape, data };
  });
}

/** As `torch.linspace`: symmetric from both ends, so that the last element is exactly `end`. */
function linspace(call: BuiltinCall): Value {
  const steps = sizeArgument(call, "steps");
  const start = numberArgument(call, "start");
  const end = numberArgument(call, "end");
  if (steps === undefined || (call.frame.machine !== undefined && isIndefinite(call, ["start", "end"])))
    return unknown;
  return makeSource(call, [dim(steps)], call.frame.dtype, (shape) => {
    const count = shape[0] ?? 0;
    const [from, to] = [start ?? 0, end ?? 0];
    const step = count > 1 ? (to - from) / (count - 1) : 0;
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) values[i] = i < count / 2 ? from + step * i : to - step * (count - 1 - i);
    return fromArray(call.frame.dtype, shape, values);
  });
}

/** `arange(end)`, `arange(start, end, step)`: ints where all are whole. */
function arange(call: BuiltinCall): Value {
  const alone = call.arguments.get("end") === undefined;
  const start = alone ? 0 : numberArgument(call, "start");
  const end = alone ? numberArgument(call, "start") : numberArgument(call, "end");
  const step = numberArgument(call, "step") ?? 1;
  if (start === undefined || end === undefined) return unknown;
  if (step === 0) {
    call.elaboration.report(call.frame, problems.attribute("the step of `arange` cannot be 0"), call.site);
    return unknown;
  }
  const count = Math.max(0, Math.ceil((end - start) / step));
  const whole = [start, end, step].every(Number.isInteger);
  const dtype: Tensor["dtype"] = whole ? "int" : call.frame.dtype;
  return makeSource(call, [dim(count)], dtype, (shape) => {
    const values = new Float64Array(count);
    for (let i = 0; i < count; i++) values[i] = start + i * step;
    return fromArray(dtype, shape, values);
  });
}

/** Like x, zero but for a 1 at an index. */
function basis(call: BuiltinCall): Value {
  const like = tensorArgument(call, "x");
  if (like.kind !== "tensor" || like.shape === undefined) return like.kind === "tensor" ? unknown : like;
  const { shape } = like;
  if (call.rest.length !== shape.length) {
    call.elaboration.report(call.frame, problems.indexCount(call.rest.length, formatType(like)), call.site);
    return unknown;
  }
  const index = call.rest.map(({ value }) => (value.kind === "number" ? value.value : undefined));
  for (const [axis, at] of index.entries()) {
    const size = shape[axis]?.size;
    const { expression } = call.rest[axis] ?? { expression: call.site };
    if (at === undefined || typeof size !== "number" || (at < size && at >= -size)) continue;
    call.elaboration.report(call.frame, problems.indexRange(at, String(size)), expression);
    return unknown;
  }
  const { dtype } = call.frame;
  return makeSource(call, shape, dtype, (known) => {
    const result = full(dtype, known, 0);
    const flat = known.reduce((offset, size, axis) => {
      const at = index[axis] ?? 0;
      return offset * size + (at < 0 ? at + size : at);
    }, 0);
    result.data[flat] = 1;
    return result;
  });
}

/** A tensor like another, of one value. */
function like(name: string, value: number): Builtin {
  return {
    name,
    doc: `A tensor of the shape of \`x\`, all ${String(value)}.`,
    parameters: [{ name: "x" }],
    call(call) {
      const x = tensorArgument(call, "x");
      if (x.kind !== "tensor") return x;
      return x.shape === undefined
        ? unknown
        : makeSource(call, x.shape, call.frame.dtype, (shape) => full(call.frame.dtype, shape, value));
    },
  };
}

function filled(call: BuiltinCall): Value {
  const shape = shapeArgument(call, "shape");
  const value = call.arguments.get("value");
  if (shape === undefined || value === undefined) return unknown;
  const number = toTensor(
    call.elaboration,
    { ...call.frame, machine: undefined },
    value.value,
    value.expression,
    "float",
  );
  if (number.kind !== "tensor") return number;
  const known = numberArgument(call, "value");
  if (known === undefined && call.frame.machine !== undefined) return unknown;
  if (number.shape?.some(({ size }) => compareSizes(size, 1) === "different") === true) return unknown;
  return makeSource(call, shape, call.frame.dtype, (sizes) =>
    full(call.frame.dtype, sizes, scalar(known ?? 0).data[0] ?? 0),
  );
}

export const fillers: readonly Builtin[] = [
  ...(Object.keys(initializers) as (keyof typeof initializers)[]).map(initializerBuiltin), // keys of a constant table
  {
    name: "eye",
    doc: "The identity matrix, n × m.",
    parameters: [{ name: "n" }, { name: "m", default: "n" }],
    call: eye,
  },
  {
    name: "linspace",
    doc: "`steps` numbers from `start` to `end`, both included.",
    parameters: [{ name: "start" }, { name: "end" }, { name: "steps" }],
    call: linspace,
  },
  {
    name: "arange",
    doc: "start, start + step, … before `end`; from 0 with one argument. Ints where all are whole.",
    parameters: [{ name: "start" }, { name: "end", default: "" }, { name: "step", default: "1" }],
    call: arange,
  },
  {
    name: "basis",
    doc: "A tensor like `x`, zero but for a 1 at the index.",
    parameters: [{ name: "x" }, { name: "index", rest: true, default: "" }],
    call: basis,
  },
  {
    name: "full",
    doc: "One value everywhere, in the given shape.",
    parameters: [{ name: "shape" }, { name: "value" }],
    call: filled,
  },
  like("zeros_like", 0),
  like("ones_like", 1),
];
