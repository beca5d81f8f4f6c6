/** Data beside the spec: files whose headers are read while checking, and the built-in digits. */
import { dim, isFloat } from "../../../runtime/tensor";
import type { Builtin, BuiltinCall } from "../builtin";
import { problems } from "../diagnostics/catalogue";
import type { DataFormat } from "../machine";
import { makeTensor, sourceTensor } from "../tensors";
import { describeKind, isBlank, unknown, type Value } from "../value";
import { makeSource, numberArgument, sizeArgument } from "./arguments";
import { accepts } from "./draws";

const docs: Readonly<Record<DataFormat, string>> = {
  npy: "An array that `numpy.save` wrote.",
  npz: 'Arrays that `numpy.savez` wrote, by name: `npz("d.npz").x`.',
  csv: "A table of numbers; a header row is skipped.",
  idx: "An array in MNIST's format, gzipped or not.",
  safetensors: 'Tensors by name: `safetensors("w.safetensors").weight`.',
  png: "A picture, 0 … 1, of shape [height, width] or [height, width, channels].",
};

/** Formats whose files hold several arrays by name. */
const named: ReadonlySet<DataFormat> = new Set(["npz", "safetensors"]);

function fileBuiltin(format: DataFormat): Builtin {
  return {
    name: format,
    doc: docs[format],
    parameters: [{ name: "path" }],
    call: (call) => readFile(call, format),
  };
}

function readFile(call: BuiltinCall, format: DataFormat): Value {
  const { elaboration: e, frame } = call;
  const given = call.arguments.get("path");
  if (given === undefined || isBlank(given.value)) return unknown;
  if (given.value.kind !== "string") {
    e.report(frame, problems.expected("a path in quotes", describeKind(given.value)), given.expression);
    return unknown;
  }
  const path = given.value.value;
  const header = e.library?.data?.header(frame.module.id, format, path);
  if (header === undefined) return unknown;
  if (!header.ok) {
    e.report(frame, { ...header.problem, severity: "error" }, given.expression);
    return unknown;
  }
  if (!named.has(format)) return entry(call, format, path, "");
  // Entries are loaded when they are read, so that one array of a large file costs no more than itself.
  return {
    kind: "record",
    name: `${format}("${path}")`,
    fields: lazyFields([...header.value.keys()], (name) => entry(call, format, path, name)),
  };
}

/** A map whose values are made when they are first read. */
function lazyFields(names: readonly string[], make: (name: string) => Value): ReadonlyMap<string, Value> {
  const made = new Map<string, Value>();
  const read = (name: string): Value | undefined => {
    if (!names.includes(name)) return undefined;
    const value = made.get(name) ?? make(name);
    made.set(name, value);
    return value;
  };
  return new Proxy(new Map(names.map((name) => [name, unknown as Value])), {
    get(target, property) {
      if (property === "get") return read;
      const member: unknown = Reflect.get(target, property, target);
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
}

function entry(call: BuiltinCall, format: DataFormat, path: string, name: string): Value {
  const { elaboration: e, frame } = call;
  const header = e.library?.data?.header(frame.module.id, format, path);
  const type = header?.ok === true ? header.value.get(name) : undefined;
  if (type === undefined) return unknown;
  const dtype = isFloat(type.dtype) ? frame.dtype : type.dtype;
  const origin = { name: path, place: { file: frame.module.id, start: call.site.start, end: call.site.end } };
  const shape = type.shape.map((size) => dim(size, origin));
  if (frame.machine === undefined) return makeTensor(frame, shape, dtype, undefined, []);
  const loaded = e.library?.data?.load(frame.module.id, format, path, name);
  if (loaded?.ok === true) return { ...sourceTensor(frame, loaded.value, call.site), shape };
  if (loaded !== undefined) e.report(frame, { ...loaded.problem, severity: "error" }, call.site);
  return unknown;
}

/** `digits(n, size, seed)`: `.images` [n, size, size] in 0 … 1, `.classes` int[n]. */
function digits(call: BuiltinCall): Value {
  const { frame } = call;
  const count = sizeArgument(call, "n");
  const size = call.arguments.has("size") ? sizeArgument(call, "size") : 28;
  const seed = numberArgument(call, "seed") ?? 0;
  if (count === undefined || size === undefined) return unknown;
  if (typeof size === "number" && !accepts(call, "size", size, "at least 1", size >= 1)) return unknown;
  const { machine } = frame;
  let drawn: ReturnType<NonNullable<typeof machine>["digits"]> | undefined;
  const draw = (): NonNullable<typeof drawn> => {
    if (machine === undefined || typeof count !== "number" || typeof size !== "number")
      throw new Error("digits without a machine");
    return (drawn ??= machine.digits(count, size, seed));
  };
  const images = makeSource(call, [dim(count), dim(size), dim(size)], frame.dtype, () => draw().images);
  if (images.kind !== "tensor") return unknown;
  const classes = makeSource(call, [dim(count)], "int", () => draw().classes);
  return {
    kind: "record",
    name: "digits",
    fields: new Map([
      ["images", images],
      ["classes", classes],
    ]),
  };
}

export const data: readonly Builtin[] = [
  ...(Object.keys(docs) as DataFormat[]).map(fileBuiltin), // keys of a constant table
  {
    name: "digits",
    doc: "A small MNIST-like set drawn with a generator of its own: `.images` [n, size, size] in 0 … 1 and `.classes` int[n].",
    parameters: [{ name: "n" }, { name: "size", default: "28" }, { name: "seed", default: "0" }],
    call: digits,
  },
];
