/** Data beside the spec: files whose headers are read while checking, and the built-in digits. */
import { dim, isFloat } from "../../../runtime/tensor";
import type { Builtin, BuiltinCall } from "../builtin";
import { problems } from "../diagnostics/catalogue";
import type { DataContents, DataFormat, DataRequest, DataSource } from "../machine";
import { makeTensor, sourceTensor } from "../tensors";
import { describeKind, isBlank, unknown, type RecordValue, type Value } from "../value";
import { flagArgument, makeSource, numberArgument, reserve, sizeArgument } from "./arguments";
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

const tableParameters = [
  { name: "header", default: "whether the first row holds a word" },
  { name: "delimiter", default: "the one the first row uses" },
  { name: "missing", default: '"problem"' },
];

function fileBuiltin(format: DataFormat): Builtin {
  return {
    name: format,
    doc: docs[format],
    parameters: [{ name: "path" }, ...(format === "csv" ? tableParameters : [])],
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
  const table = tableOptions(call);
  if (table === undefined) return unknown;
  const request: DataRequest = { module: frame.module.id, format, path: given.value.value, table };
  const source = e.library?.data;
  if (source === undefined) {
    if (frame.machine !== undefined) e.report(frame, problems.unsupported("Reading files here"), call.site);
    return unknown;
  }
  const header = source.header(request);
  if (header === "later") return unknown;
  if (!header.ok) {
    e.report(frame, { ...header.problem, severity: "error" }, given.expression);
    return unknown;
  }
  const { entries, refused } = header.value;
  if (!named.has(format)) return entry(call, source, request, header.value, "");
  const make = (name: string): Value => entry(call, source, request, header.value, name);
  return { ...recordOf(`${format}("${request.path}")`, "", [...entries.keys()], make), refused };
}

/** How a table is read; undefined where an argument is refused (reported). */
function tableOptions(call: BuiltinCall): DataRequest["table"] | undefined {
  const header = call.arguments.has("header") ? { header: flagArgument(call, "header", false) } : {};
  const delimiter = choiceArgument(call, "delimiter", [",", ";", "\t"]);
  const missing = choiceArgument(call, "missing", ["problem", "nan"]);
  if (delimiter === "refused" || missing === "refused") return undefined;
  return { ...header, ...(delimiter && { delimiter }), ...(missing && { missing }) };
}

function choiceArgument<const C extends string>(
  call: BuiltinCall,
  name: string,
  choices: readonly C[],
): C | "refused" | undefined {
  const given = call.arguments.get(name);
  if (given === undefined || isBlank(given.value)) return undefined;
  const { value, expression } = given;
  const chosen = choices.find((choice) => value.kind === "string" && value.value === choice);
  if (chosen !== undefined) return chosen;
  const needs = `one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")} for \`${name}\``;
  call.elaboration.report(call.frame, problems.expected(needs, describeKind(value)), expression);
  return "refused";
}

/**
 * The arrays whose names begin with `prefix`. Names with dots are records in records, as PyTorch's `layer.weight` are.
 * Arrays are loaded when they are read, so that one of a large file costs no more than itself.
 */
function recordOf(
  name: string,
  prefix: string,
  names: readonly string[],
  make: (name: string) => Value,
): RecordValue {
  const makers = new Map<string, () => Value>();
  for (const full of names) {
    if (!full.startsWith(prefix)) continue;
    const rest = full.slice(prefix.length);
    const dot = rest.indexOf(".");
    const first = dot === -1 ? rest : rest.slice(0, dot);
    if (dot === -1) makers.set(first, () => make(full));
    else if (!makers.has(first))
      makers.set(first, () => recordOf(`${name}.${first}`, `${prefix}${first}.`, names, make));
  }
  return { kind: "record", name, fields: new LazyFields(makers) };
}

/** Fields that are made when they are first read. */
class LazyFields extends Map<string, Value> {
  readonly #makers: ReadonlyMap<string, () => Value>;

  constructor(makers: ReadonlyMap<string, () => Value>) {
    super([...makers.keys()].map((name) => [name, unknown]));
    this.#makers = makers;
  }

  override get(name: string): Value | undefined {
    const known = super.get(name);
    const make = this.#makers.get(name);
    if (known?.kind !== "unknown" || make === undefined) return known;
    const value = make();
    this.set(name, value);
    return value;
  }

  override *entries(): MapIterator<[string, Value]> {
    for (const name of this.keys()) yield [name, this.get(name) ?? unknown];
  }

  override [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }
}

function entry(
  call: BuiltinCall,
  source: DataSource,
  request: DataRequest,
  { entries }: DataContents,
  name: string,
): Value {
  const { elaboration: e, frame } = call;
  const type = entries.get(name);
  if (type === undefined) return unknown;
  const dtype = isFloat(type.dtype) ? frame.dtype : type.dtype;
  const place = { file: frame.module.id, start: call.site.start, end: call.site.end };
  const origin = { name: request.path, place };
  const shape = type.shape.map((size) => dim(size, origin));
  if (frame.machine === undefined) return makeTensor(frame, shape, dtype, undefined, []);
  if (!reserve(call, type.shape)) return unknown;
  const loaded = source.load(request, name);
  if (loaded.ok) return { ...sourceTensor(frame, loaded.value, call.site), shape };
  e.report(frame, { ...loaded.problem, severity: "error" }, call.site);
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
