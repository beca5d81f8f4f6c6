/** Functions whose results are known before anything runs: sizes, lists, chains; and casts between element types. */
import { multiplySizes } from "../../../runtime/tensor";
import type { Builtin, BuiltinCall } from "../builtin";
import { elementSize } from "../declared-types";
import { problems } from "../diagnostics/catalogue";
import { placeOf } from "../elaboration";
import { isApplicable, makeLayer } from "../layers";
import { castTensor } from "../tensors";
import {
  describeKind,
  isBlank,
  listValue,
  numberValue,
  sizeValue,
  someNumber,
  unknown,
  type TensorValue,
  type Value,
} from "../value";
import { tensorArgument } from "./arguments";

function size(call: BuiltinCall): Value {
  const x = tensorArgument(call, "x");
  if (x.kind !== "tensor") return x;
  return x.shape === undefined ? someNumber : sizeValue(elementSize(x.shape, multiplySizes));
}

function shape(call: BuiltinCall): Value {
  const x = tensorArgument(call, "x");
  if (x.kind !== "tensor") return x;
  return x.shape === undefined ? unknown : listValue(x.shape.map((each) => sizeValue(each.size)));
}

function length(call: BuiltinCall): Value {
  const given = call.arguments.get("list");
  const value = given?.value;
  if (given === undefined || value === undefined) return unknown;
  switch (value.kind) {
    case "list":
      return numberValue(value.items.length);
    case "family":
      return value.state.open ? someNumber : numberValue(value.members.size);
    case "opaque":
      return sizeValue({ terms: new Map([[`len(${value.name})`, 1]]) });
    case "tensor":
    case "instance": {
      const tensor = value.kind === "instance" ? value.state.result : value;
      const first = tensor.kind === "tensor" ? tensor.shape?.[0] : undefined;
      return first === undefined ? someNumber : sizeValue(first.size);
    }
    default:
      if (!isBlank(value))
        call.elaboration.report(
          call.frame,
          problems.expected("a list or a tensor", describeKind(value)),
          given.expression,
        );
      return unknown;
  }
}

/** `chain([Linear(2, 3), relu])`: a layer that applies its parts in order. */
function chain(call: BuiltinCall): Value {
  const given = call.arguments.get("layers");
  if (given === undefined || isBlank(given.value) || given.value.kind === "opaque") return unknown;
  if (given.value.kind !== "list") {
    call.elaboration.report(
      call.frame,
      problems.expected("a list of functions and layers", describeKind(given.value)),
      given.expression,
    );
    return unknown;
  }
  const wrong = given.value.items.findIndex((item) => !isApplicable(item));
  if (wrong !== -1) {
    const item = given.value.items[wrong] ?? unknown;
    const span =
      given.expression.kind === "list"
        ? (given.expression.items[wrong] ?? given.expression)
        : given.expression;
    call.elaboration.report(call.frame, problems.expected("a function or a layer", describeKind(item)), span);
    return unknown;
  }
  const { site, frame } = call;
  const place = { span: site, callee: site.callee, calleeText: "chain", arguments: [] };
  return makeLayer(call.elaboration, frame, place, {
    name: "chain",
    net: undefined,
    chain: given.value.items,
    steps: given.expression.kind === "list" ? given.expression.items.map((item) => placeOf(frame, item)) : [],
  });
}

function toElements(name: "int" | "float" | "bool", doc: string): Builtin {
  return {
    name,
    doc,
    parameters: [{ name: "x" }],
    call(call) {
      const given = call.arguments.get("x");
      if (given?.value.kind === "number" && given.value.value !== undefined && name !== "bool") {
        return numberValue(
          name === "int" ? Math.trunc(given.value.value) : given.value.value,
          name === "int",
        );
      }
      const x = tensorArgument(call, "x");
      if (x.kind !== "tensor") return x;
      if (name === "int" && !hasWholeParts(call, x)) return unknown;
      return castTensor(call.frame, x, name === "float" ? call.frame.dtype : name, call.site);
    },
  };
}

/** Whether data have whole numbers in them; a NaN among labels is reported. What is computed tells its NaN where it is born. */
function hasWholeParts(call: BuiltinCall, { node }: TensorValue): boolean {
  if (node?.kind !== "source") return true;
  const at = node.value.data.findIndex((element) => !Number.isFinite(element));
  if (at === -1) return true;
  const element = String(node.value.data[at]).replace("Infinity", "inf").replace("NaN", "nan");
  const place = formatIndex(node.shape, at);
  call.elaboration.report(
    call.frame,
    problems.operand(`the element at ${place} is ${element}, which has no whole part`),
    call.site,
  );
  return false;
}

/** `[1, 0]`, of a flat position. */
function formatIndex(shape: readonly number[], flat: number): string {
  const index: number[] = [];
  let rest = flat;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `[${index.join(", ")}]`;
}

export const compileTime: readonly Builtin[] = [
  {
    name: "size",
    doc: "The number of elements of `x`, known before anything runs.",
    parameters: [{ name: "x" }],
    call: size,
  },
  {
    name: "shape",
    doc: "The sizes of the dimensions of `x`, a list.",
    parameters: [{ name: "x" }],
    call: shape,
  },
  {
    name: "len",
    doc: "The length of a list, or of the first dimension of a tensor.",
    parameters: [{ name: "list" }],
    call: length,
  },
  {
    name: "chain",
    doc: "A layer that applies functions and layers one after the other; its parts are `.layers[0]`, ….",
    parameters: [{ name: "layers" }],
    call: chain,
  },
  toElements("int", "The elements as whole numbers, cut toward zero."),
  toElements("float", "The elements as floats of the run's type."),
  toElements("bool", "Whether each element is not 0."),
];
