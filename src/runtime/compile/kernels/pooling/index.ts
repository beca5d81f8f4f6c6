/** The kernels of max and average pooling, of the positions of largest elements and of the average's adjoint. */
import type { Shape } from "../../../tensor";
import { forRange, type FunctionBuilder, type Local } from "../../emit";
import type { Kernel, KernelContext, KernelNode } from "../../kernel-contract";
import { numberType, operandOf, typeOf } from "../operands";
import { sizeOf } from "../product/product";
import { pushAddress } from "../product/write-product";
import { forEachIn, forEachWindow, int, windowsOf, type Span, type Windows } from "./windows";

type Type = "f32" | "f64";

/** Writes the code of one window, with the addresses of the planes of operand and result. */
type WindowCode = (
  code: FunctionBuilder,
  windows: Windows,
  type: Type,
  planes: { readonly from: Local; readonly to: Local },
  window: { readonly number: Local; readonly rows: Span; readonly columns: Span },
) => void;

interface Pooling {
  readonly op: string;
  readonly input: "x" | "y";
  rank(node: KernelNode): number;
  write(node: KernelNode): WindowCode;
}

const poolings: readonly Pooling[] = [
  { op: "max_pool1d", input: "x", rank: () => 1, write: () => writeLargest("value") },
  { op: "max_pool2d", input: "x", rank: () => 2, write: () => writeLargest("value") },
  {
    op: "_max_pool_positions",
    input: "x",
    rank: ({ attributes }) => Number(attributes.spatial),
    write: () => writeLargest("position"),
  },
  { op: "avg_pool1d", input: "x", rank: () => 1, write: writeAverage },
  { op: "avg_pool2d", input: "x", rank: () => 2, write: writeAverage },
  {
    op: "_avg_pool_gradient",
    input: "y",
    rank: ({ attributes }) => (typeof attributes.input_size === "object" ? attributes.input_size.length : 1),
    write: writeShares,
  },
];

export const poolingKernels: readonly Kernel[] = poolings.map((pooling) => ({
  op: pooling.op,
  takes: (node) => elementType(node, pooling) !== undefined,
  emit(context) {
    emitPooling(context, pooling);
  },
}));

/** The type of the floats; positions are whole numbers. */
function elementType(node: KernelNode, { input }: Pooling): Type | undefined {
  const x = typeOf(node, input);
  if (x.dtype === "int") return undefined;
  return node.output.dtype === "int" ? numberType(x) : numberType(x, node.output);
}

function emitPooling(context: KernelContext, pooling: Pooling): void {
  const { code, module, result } = context;
  const operand = operandOf(context, pooling.input);
  const type = elementType(context, pooling)!;
  const isAdjoint = pooling.input === "y";
  const [x, y]: readonly Shape[] = isAdjoint ? [result.shape, operand.shape] : [operand.shape, result.shape];
  const windows = windowsOf(x!, y!, context.attributes, pooling.rank(context));
  const [own, other] = [windows.input, windows.output].map(([height, width]) => height * width);
  const [from, to] = isAdjoint ? [other!, own!] : [own!, other!];
  const size = result.dtype === "int" ? 8 : sizeOf(type);
  const name = `${pooling.op} ${type} ${JSON.stringify({ ...windows, planes: 0 })} ${JSON.stringify(context.attributes)}`;
  const plane = module.shared(name, { parameters: ["i32", "i32"], results: [] }, (body) => {
    const [first, second] = body.parameters as [Local, Local];
    if (isAdjoint) body.fill(second, int(body, 0), int(body, to * size));
    const write = pooling.write(context);
    forEachWindow(body, windows, (window) => {
      write(body, windows, type, { from: first, to: second }, window);
    });
  });
  forRange(code, 0, windows.planes, 1, (at) => {
    code.call(
      plane,
      () => {
        pushAddress(code, operand.address, [[at, from * sizeOf(type)]]);
      },
      () => {
        pushAddress(code, result.address, [[at, to * size]]);
      },
    );
  });
}

/** The largest element of the window or where it is in its plane: the first of equals, NaN before all. */
function writeLargest(what: "value" | "position"): WindowCode {
  return (code, { input, dilation }, type, { from, to }, { number, rows, columns }) => {
    const largest = code.define(type, () => {
      if (type === "f32") code.f32(-Infinity);
      else code.f64(-Infinity);
    });
    const position = code.define("i32", () => {
      code.op("i32.mul", rows.first, int(code, input[1]));
      code.op("i32.add", columns.first);
    });
    forEachElement(code, input[1], { rows, columns }, dilation, (at) => {
      const value = code.define(type, () => {
        pushAddress(code, from, [[at, sizeOf(type)]]);
        code.access(`${type}.load`, 0);
      });
      code.op(`${type}.gt`, value, largest);
      code.op(`${type}.ne`, value, value);
      code.op("i32.or");
      code.if(() => {
        code.set(largest, value);
        code.set(position, at);
      });
      code.release(value);
    });
    if (what === "value") {
      pushAddress(code, to, [[number, sizeOf(type)]]);
      code.access(`${type}.store`, 0, largest);
    } else {
      // A window beside the plane has its position at the plane's end.
      const last = input[0] * input[1] - 1;
      pushAddress(code, to, [[number, 8]]);
      code.push(position, int(code, last));
      code.op("i32.lt_s", position, int(code, last));
      code.op("select");
      code.op("f64.convert_i32_s");
      code.access("f64.store", 0);
    }
    code.release(largest, position);
  };
}

/** Visits the position in its plane of each element of a window. */
function forEachElement(
  code: FunctionBuilder,
  width: number,
  { rows, columns }: { readonly rows: Span; readonly columns: Span },
  steps: readonly [number, number],
  visit: (at: Local) => void,
): void {
  forEachIn(code, rows, steps[0], (row) => {
    forEachIn(code, columns, steps[1], (column) => {
      const at = code.define("i32", () => {
        code.op("i32.mul", row, int(code, width));
        code.op("i32.add", column);
      });
      visit(at);
      code.release(at);
    });
  });
}

/** The number of elements that a window's sum is divided by, as a double. */
function pushDivisor(
  code: FunctionBuilder,
  { attributes }: KernelNode,
  { rows, columns }: { readonly rows: Span; readonly columns: Span },
): void {
  const { divisor_override: divisor, count_include_pad: countsPadding } = attributes;
  if (typeof divisor === "number") code.f64(divisor);
  else {
    if (countsPadding === false) {
      code.op("i32.sub", rows.end, rows.first);
      code.op("i32.sub", columns.end, columns.first);
    } else code.push(rows.padded, columns.padded);
    code.op("i32.mul");
    code.op("f64.convert_i32_s");
  }
}

function writeAverage(node: KernelNode): WindowCode {
  return (code, { input }, type, { from, to }, { number, rows, columns }) => {
    const sum = code.define("f64", () => {
      code.f64(0);
    });
    forEachElement(code, input[1], { rows, columns }, [1, 1], (at) => {
      code.get(sum);
      pushAddress(code, from, [[at, sizeOf(type)]]);
      code.access(`${type}.load`, 0);
      if (type === "f32") code.op("f64.promote_f32");
      code.op("f64.add");
      code.set(sum);
    });
    pushAddress(code, to, [[number, sizeOf(type)]]);
    code.get(sum);
    pushDivisor(code, node, { rows, columns });
    code.op("f64.div");
    if (type === "f32") code.op("f32.demote_f64");
    code.access(`${type}.store`, 0);
    code.release(sum);
  };
}

/** Adds each window's value over its divisor to its elements. */
function writeShares(node: KernelNode): WindowCode {
  return (code, { input }, type, { from, to }, { number, rows, columns }) => {
    const share = code.define(type, () => {
      pushAddress(code, from, [[number, sizeOf(type)]]);
      code.access(`${type}.load`, 0);
      if (type === "f32") code.op("f64.promote_f32");
      pushDivisor(code, node, { rows, columns });
      code.op("f64.div");
      if (type === "f32") code.op("f32.demote_f64");
    });
    forEachElement(code, input[1], { rows, columns }, [1, 1], (at) => {
      const address = code.define("i32", () => {
        pushAddress(code, to, [[at, sizeOf(type)]]);
      });
      code.get(address);
      code.access(`${type}.load`, 0, address);
      code.op(`${type}.add`, share);
      code.access(`${type}.store`, 0);
      code.release(address);
    });
    code.release(share);
  };
}
