/** The functions of steps: one for each kind of loop and kernel. Knows nothing of where operands are, or of the order of steps. */
import type { Intrinsic } from "../../ops";
import type { FunctionRef, Local, ModuleBuilder, Share, Target, ValueType } from "../emit";
import type { KernelContext, KernelOperand } from "../kernel-contract";
import { epilogueOf } from "../loops/emit-epilogue";
import { emitLoop } from "../loops/emit-loop";
import { textOf } from "../loops/loop-spec";
import type { KernelStep, LoopStep, Step } from "../plan/steps";
import { isList } from "../program/value";

/** Where kernels say that operands are at fault: an i32, not 0. */
export const faultFlag = 0;

export interface StepFunctions {
  readonly module: ModuleBuilder;
  readonly target: Target;
  host(name: Intrinsic): FunctionRef;
}

/** Whether a function does all of a step, or the share that its last two parameters name: part and parts. */
export type Extent = "whole" | "share";

/** Its parameters: the addresses of inputs, stores and folds. */
export function functionOfLoop(functions: StepFunctions, { spec }: LoopStep, extent: Extent): FunctionRef {
  const places = spec.inputs.length + spec.stores.length + spec.folds.length;
  return functions.module.shared(`loop ${extent} ${textOf(spec)}`, typeOf(places, extent), (code) => {
    emitLoop({ ...functions, code, share: shareOf(code.parameters, extent) }, spec);
  });
}

/** Its parameters: the addresses of operands, the result, scratch memory where there is any, and of what the epilogue reads and stores. */
export function functionOfKernel(
  functions: StepFunctions,
  step: KernelStep,
  hasScratch: boolean,
  extent: Extent,
): FunctionRef {
  const { module, target } = functions;
  const { kernel, node } = step.value;
  const places = step.inputs.length + step.results.length + Number(hasScratch);
  const key = `kernel ${extent} ${textOf(node)} ${step.epilogue === undefined ? "" : textOf(step.epilogue)}`;
  return module.shared(key, typeOf(places, extent), (code) => {
    let next = 0;
    const operand = ({ shape, dtype }: { shape: readonly number[]; dtype: KernelOperand["dtype"] }) => ({
      shape,
      dtype,
      address: code.parameters[next++]!,
    });
    const operands: Record<string, KernelOperand | readonly KernelOperand[] | undefined> = {};
    for (const name in node.inputs) {
      const input = node.inputs[name];
      operands[name] = input === undefined ? undefined : isList(input) ? input.map(operand) : operand(input);
    }
    const result = operand(node.output);
    const scratch = hasScratch ? code.parameters[next++] : undefined;
    const addresses = code.parameters.slice(next, places);
    const context: KernelContext = {
      ...node,
      target,
      module,
      code,
      operands,
      result,
      scratch,
      share: shareOf(code.parameters, extent),
      epilogue: step.epilogue && epilogueOf({ ...functions, code, addresses }, step.epilogue, key),
      fail: () => {
        code.i32(0);
        code.i32(1);
        code.access("i32.store", faultFlag);
        code.return();
      },
    };
    kernel.emit(context);
  });
}

function typeOf(places: number, extent: Extent) {
  const count = places + (extent === "share" ? 2 : 0);
  return { parameters: Array.from({ length: count }, (): ValueType => "i32"), results: [] };
}

function shareOf(parameters: readonly Local[], extent: Extent): Share | undefined {
  if (extent === "whole") return undefined;
  const [part, parts] = parameters.slice(-2) as [Local, Local];
  return { part, parts };
}

/** What a step is called in reports. */
export function nameOfStep(step: Step): string {
  if (step.kind === "loop") return step.spec.folds.length > 0 ? "fused reduction" : "fused loop";
  if (step.kind === "reference") return step.value.op.name;
  return step.epilogue === undefined ? step.value.node.op : `${step.value.node.op}, fused`;
}
