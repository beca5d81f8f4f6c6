/**
 * The interpreter of scalar expressions over whole tensors: one tight loop per intrinsic over blocks that stay in the
 * cache. Float32 blocks round every intermediate result by being stored. Knows nothing of operators or graphs.
 */
import { allocate, elementCount, type DType, type Shape, type Tensor, type TensorData } from "../tensor";
import { feedOf } from "./elementwise-feed";
import { loopOf, type Lane, type Loop } from "./elementwise-loops";
import type { ScalarExpression } from "./scalar";

const blockSize = 1024;

/** Where an instruction reads: a variable, a constant or an earlier instruction's result, all numbered as slots. */
interface Instruction {
  readonly loop: Loop;
  readonly operands: readonly number[];
  readonly into: number;
}

/** A linear form of an expression: slots 0 … variables-1 are the inputs, then constants, then scratch blocks. */
interface Program {
  readonly variables: number;
  readonly constants: readonly number[];
  readonly scratch: number;
  readonly instructions: readonly Instruction[];
  readonly result: number;
}

export type TensorFunction = (
  inputs: readonly Tensor[],
  output: { readonly shape: Shape; readonly dtype: DType },
) => Tensor;

/** A function of tensors that broadcasts its inputs to the output's shape. */
export function toTensorFunction(expression: ScalarExpression, variables: number): TensorFunction {
  const program = linearize(expression, variables);
  const blocks = new Map<DType, Blocks>();
  return (inputs, output) => {
    const count = elementCount(output.shape);
    const into = allocate(output.dtype, count);
    if (count > 0) {
      const working = workingType(inputs, output.dtype);
      const size = Math.min(count, blockSize);
      let own = blocks.get(working);
      if (own === undefined || own.size < size) {
        own = ownBlocks(program, working, size);
        blocks.set(working, own);
      }
      run(program, own.data, inputs, { shape: output.shape, data: into, working });
    }
    return { dtype: output.dtype, shape: output.shape, data: into };
  };
}

/** Float32 where the result is, or where a truth value is made of float32 alone; else float64. */
function workingType(inputs: readonly Tensor[], result: DType): DType {
  if (result === "float32" || result === "float64") return result;
  const single = inputs.some(({ dtype }) => dtype === "float32");
  return single && !inputs.some(({ dtype }) => dtype === "float64") ? "float32" : "float64";
}

/** The blocks of constants, filled, and of scratch results. */
interface Blocks {
  readonly size: number;
  readonly data: readonly TensorData[];
}

function ownBlocks({ constants, scratch }: Program, working: DType, size: number): Blocks {
  const filled = constants.map((value) => allocate(working, size).fill(value));
  return { size, data: [...filled, ...Array.from({ length: scratch }, () => allocate(working, size))] };
}

function run(
  program: Program,
  own: readonly TensorData[],
  inputs: readonly Tensor[],
  output: { readonly shape: Shape; readonly data: TensorData; readonly working: DType },
): void {
  const count = output.data.length;
  const feeds = inputs.map((input) =>
    feedOf(input, output.shape, output.working, Math.min(blockSize, count)),
  );
  const lanes: Lane[] = [
    ...feeds.map((feed) => feed.lane),
    ...own.map((data) => ({ data, offset: 0 })),
    { data: output.data, offset: 0 },
  ];
  const target = lanes.at(-1)!;
  const nowhere = target;
  for (let start = 0; start < count; start += blockSize) {
    const length = Math.min(blockSize, count - start);
    for (const feed of feeds) feed.advance(start, length);
    target.offset = start;
    for (const { loop, operands, into } of program.instructions) {
      const [x, y, z] = operands;
      loop(
        lanes[into]!,
        lanes[x!]!,
        y === undefined ? nowhere : lanes[y]!,
        z === undefined ? nowhere : lanes[z]!,
        length,
      );
    }
    if (program.instructions.length === 0) copy(target, lanes[program.result]!, length);
  }
}

function copy(into: Lane, from: Lane, count: number): void {
  for (let i = 0; i < count; i++) into.data[into.offset + i] = from.data[from.offset + i]!;
}

/** Orders the expression's parts, each once, and gives every result a scratch block that is free again after its last use. */
function linearize(expression: ScalarExpression, variables: number): Program {
  const order: ScalarExpression[] = [];
  const lastUse = new Map<ScalarExpression, number>();
  const visit = (at: ScalarExpression): void => {
    if (lastUse.has(at)) return;
    lastUse.set(at, 0);
    if (at.kind === "intrinsic") at.operands.forEach(visit);
    order.push(at);
  };
  visit(expression);
  order.forEach((at, index) => {
    if (at.kind === "intrinsic") for (const operand of at.operands) lastUse.set(operand, index);
  });
  const constants: number[] = [];
  const slotOfConstant = (value: number): number => {
    const known = constants.findIndex((other) => Object.is(other, value));
    return variables + (known >= 0 ? known : constants.push(value) - 1);
  };
  for (const at of order) if (at.kind === "constant") slotOfConstant(at.value);
  const firstScratch = variables + constants.length;
  const slots = new Map<ScalarExpression, number>();
  const free: number[] = [];
  let scratch = 0;
  const instructions: { loop: Loop; operands: readonly number[]; into: number }[] = [];
  order.forEach((at, index) => {
    if (at.kind === "variable") slots.set(at, at.index);
    else if (at.kind === "constant") slots.set(at, slotOfConstant(at.value));
    else {
      const operands = at.operands.map((operand) => slots.get(operand)!);
      for (const operand of new Set(at.operands)) {
        if (operand.kind === "intrinsic" && lastUse.get(operand) === index) free.push(slots.get(operand)!);
      }
      const into = free.pop() ?? firstScratch + scratch++;
      slots.set(at, into);
      instructions.push({ loop: loopOf(at.name, operands.length), operands, into });
    }
  });
  const last = instructions.at(-1);
  // The last instruction writes into the output itself.
  if (last !== undefined) last.into = firstScratch + scratch;
  return { variables, constants, scratch, instructions, result: slots.get(expression)! };
}
