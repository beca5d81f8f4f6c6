/** Windows that slide over planes of height and width, as code: the part of each that is inside the plane. Knows no operators. */
import type { Shape } from "../../../tensor";
import type { AttributeValue } from "../../../ops";
import { forRange, type FunctionBuilder, type Local, type Operand } from "../../emit";
import { pairOf, type Pair } from "../convolution/geometry";

/** With one spatial dimension the height is 1. */
export interface Windows {
  readonly planes: number;
  readonly input: Pair;
  readonly output: Pair;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

export function windowsOf(
  x: Shape,
  output: Shape,
  attributes: Readonly<Record<string, AttributeValue>>,
  rank: number,
): Windows {
  const stride = attributes.stride ?? attributes.kernel_size;
  return {
    planes: x.slice(0, x.length - rank).reduce((product, size) => product * size, 1),
    input: pairOf(x.slice(x.length - rank), rank, 1),
    output: pairOf(output.slice(output.length - rank), rank, 1),
    kernel: pairOf(attributes.kernel_size, rank, 1),
    stride: pairOf(stride, rank, 1),
    padding: pairOf(attributes.padding, rank, 0),
    dilation: pairOf(attributes.dilation, rank, 1),
  };
}

/** Along one dimension: the first element inside and the end, with the window's whole length inside the padded input. */
export interface Span {
  readonly first: Local;
  readonly end: Local;
  readonly padded: Local;
}

/** Calls `body` to write code for each window of a plane: its number and its rows and columns. */
export function forEachWindow(
  code: FunctionBuilder,
  windows: Windows,
  body: (window: { readonly number: Local; readonly rows: Span; readonly columns: Span }) => void,
): void {
  const { output } = windows;
  forRange(code, 0, output[0], 1, (i) => {
    const rows = spanOf(code, windows, 0, i);
    forRange(code, 0, output[1], 1, (j) => {
      const columns = spanOf(code, windows, 1, j);
      const number = code.define("i32", () => {
        code.op("i32.mul", i, int(code, output[1]));
        code.op("i32.add", j);
      });
      body({ number, rows, columns });
      code.release(number, columns.first, columns.end, columns.padded);
    });
    code.release(rows.first, rows.end, rows.padded);
  });
}

function spanOf(code: FunctionBuilder, windows: Windows, axis: 0 | 1, place: Local): Span {
  const [input, kernel, stride] = [windows.input[axis], windows.kernel[axis], windows.stride[axis]];
  const [padding, dilation] = [windows.padding[axis], windows.dilation[axis]];
  const start = code.define("i32", () => {
    code.op("i32.mul", place, int(code, stride));
    code.op("i32.sub", int(code, padding));
  });
  const reach = code.define("i32", () => {
    code.op("i32.add", start, int(code, (kernel - 1) * dilation + 1));
  });
  least(code, reach, input + padding);
  const padded = code.define("i32", () => {
    code.op("i32.sub", reach, start);
  });
  least(code, reach, input);
  // The first of start, start + dilation, … that is inside.
  code.block((leave) => {
    code.loop((again) => {
      code.op("i32.ge_s", start, int(code, 0));
      code.brIf(leave);
      code.set(start, () => {
        code.op("i32.add", start, int(code, dilation));
      });
      code.br(again);
    });
  });
  return { first: start, end: reach, padded };
}

/** The local or the bound, whichever is less. */
function least(code: FunctionBuilder, local: Local, bound: number): void {
  code.push(local, int(code, bound));
  code.op("i32.lt_s", local, int(code, bound));
  code.set(local, () => {
    code.op("select");
  });
}

export function int(code: FunctionBuilder, value: number): Operand {
  return () => {
    code.i32(value);
  };
}

/** A loop over a span. */
export function forEachIn(
  code: FunctionBuilder,
  { first, end }: Span,
  step: number,
  body: (at: Local) => void,
): void {
  forRange(code, first, end, step, body);
}
