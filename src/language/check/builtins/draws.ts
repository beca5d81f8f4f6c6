/** Draws from the run's generator: bit for bit those of PyTorch and NumPy. */
import type { Generator } from "../../../runtime/tensor";
import { type Dim, type DType, type Shape, type Tensor } from "../../../runtime/tensor";
import type { Builtin, BuiltinCall } from "../builtin";
import { problems } from "../diagnostics/catalogue";
import type { TensorValue, Value } from "../value";
import { unknown } from "../value";
import { isIndefinite, makeSource, numberArgument, shapeArgument } from "./arguments";

/** One draw. In an op it is an error; in a net's body it is kept for all the instance's passes; `update` repeats it. */
export function draw(
  call: BuiltinCall,
  shape: readonly Dim[],
  dtype: DType,
  make: (generator: Generator, shape: Shape) => Tensor,
): Value {
  const { frame, elaboration } = call;
  if (frame.kind === "op") {
    const name = frame.module.file.text.slice(call.site.callee.start, call.site.callee.end);
    elaboration.report(frame, problems.notHere(name, "an op", "ops draw nothing"), call.site);
    return unknown;
  }
  const draws = frame.layer?.draws;
  const again = draws?.kind === "kept" ? draws.values[draws.next] : undefined;
  if (draws?.kind === "kept" && again !== undefined) {
    draws.next += 1;
    noteDraw(call, again);
    return again;
  }
  const { machine } = frame;
  const now = (known: Shape): Tensor =>
    machine === undefined ? unreachable() : make(machine.generator(), known);
  const repeated = draws?.kind === "repeated";
  // What is drawn anew at every step takes nothing from the stream while it is recorded.
  const trial = (known: Shape): Tensor =>
    machine === undefined ? unreachable() : make(machine.generator().clone(), known);
  const value = makeSource(call, shape, dtype, repeated ? trial : now);
  if (repeated && value.kind === "tensor" && value.node !== undefined) {
    const known = value.node.shape;
    draws.note(value.node, () => now(known));
  }
  if (value.kind === "tensor" && frame.layer?.phase === "apply") noteDraw(call, value);
  return value;
}

/** Whether a number is one that the argument takes; reported where it is not. */
export function accepts(
  call: BuiltinCall,
  name: string,
  value: number,
  needs: string,
  fits: boolean,
): boolean {
  if (fits) return true;
  const at = call.arguments.get(name)?.expression ?? call.site;
  call.elaboration.report(
    call.frame,
    problems.attribute(`\`${name}\` is ${needs}, and is given as ${String(value)}`),
    at,
  );
  return false;
}

function unreachable(): never {
  throw new Error("a draw without a machine");
}

function noteDraw({ frame }: BuiltinCall, value: TensorValue): void {
  for (let instance = frame.owner; instance !== undefined; instance = instance.state.parent)
    instance.state.draws.push(value);
}

function floatDraw(
  name: string,
  doc: string,
  numbers: readonly { readonly name: string; readonly default?: string }[],
  make: (
    generator: Generator,
    numbers: readonly number[],
    shape: Shape,
    dtype: "float32" | "float64",
  ) => Tensor,
  allowed: (call: BuiltinCall, numbers: readonly number[]) => boolean = () => true,
): Builtin {
  return {
    name,
    doc,
    parameters: [...numbers, { name: "shape", default: "that of the param" }],
    call(call) {
      const shape = shapeArgument(call, "shape");
      if (shape === undefined) return unknown;
      const values = numbers.map(
        (number) => numberArgument(call, number.name) ?? Number(number.default ?? NaN),
      );
      if (!allowed(call, values)) return unknown;
      if (
        call.frame.machine !== undefined &&
        isIndefinite(
          call,
          numbers.map((number) => number.name),
        )
      )
        return unknown;
      const { dtype } = call.frame;
      return draw(call, shape, dtype, (generator, known) => make(generator, values, known, dtype));
    },
  };
}

export const draws: readonly Builtin[] = [
  floatDraw(
    "rand",
    "Uniform on [0, 1), as `torch.rand` and `numpy.random.rand` draw.",
    [],
    (g, _, shape, dtype) => g.rand(shape, dtype),
  ),
  floatDraw(
    "randn",
    "Standard normal, as `torch.randn` and `numpy.random.randn` draw.",
    [],
    (g, _, shape, dtype) => g.randn(shape, dtype),
  ),
  {
    name: "randint",
    doc: "Whole numbers from `low` (0) up to, but not including, `high`.",
    parameters: [
      { name: "low" },
      { name: "high", default: "" },
      { name: "shape", default: "that of the param" },
    ],
    call: randint,
  },
  {
    name: "randperm",
    doc: "A random permutation of 0 … n − 1.",
    parameters: [{ name: "n" }],
    call(call) {
      const n = numberArgument(call, "n");
      if (
        n === undefined ||
        !accepts(call, "n", n, "a whole number of at least 0", n >= 0 && Number.isInteger(n))
      )
        return unknown;
      return draw(call, [{ size: n, origin: undefined }], "int", (generator) => generator.randperm(n));
    },
  },
  floatDraw(
    "bernoulli",
    "1 with probability `p`, else 0.",
    [{ name: "p" }],
    (g, [p = 0.5], shape, dtype) => g.bernoulli(p, shape, dtype),
    (call, [p = NaN]) => Number.isNaN(p) || accepts(call, "p", p, "from 0 to 1", p >= 0 && p <= 1),
  ),
];

/** `randint(high, shape)` or `randint(low, high, shape)`. */
function randint(call: BuiltinCall): Value {
  const [first, second, third] = ["low", "high", "shape"].map((name) => call.arguments.get(name));
  const short =
    third === undefined && second !== undefined && (second.value.kind === "list" || second.name === "shape");
  const alone = second === undefined && third === undefined;
  const named = second === undefined && third !== undefined;
  const renamed = new Map(call.arguments);
  if (short) {
    renamed.delete("low");
    if (first !== undefined) renamed.set("high", first);
    renamed.set("shape", second);
  } else if (alone || named) {
    renamed.delete("low");
    if (first !== undefined) renamed.set("high", first);
  }
  const ordered: BuiltinCall = { ...call, arguments: renamed };
  const shape = shapeArgument(ordered, "shape");
  const low = numberArgument(ordered, "low") ?? 0;
  const high = numberArgument(ordered, "high");
  if (shape === undefined) return unknown;
  const { machine } = call.frame;
  if (high === undefined)
    return machine === undefined ? makeSource(call, shape, "int", () => unreachable()) : unknown;
  if (!Number.isInteger(low) || !Number.isInteger(high) || high <= low) {
    call.elaboration.report(
      call.frame,
      problems.attribute(
        `\`randint\` needs whole numbers with low < high, not ${String(low)} and ${String(high)}`,
      ),
      call.site,
    );
    return unknown;
  }
  return draw(call, shape, "int", (generator, known) => generator.randint(low, high, known));
}
