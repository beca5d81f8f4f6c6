/** What kernels ask of their operands. */
import type { KernelContext, KernelNode, KernelOperand, KernelType } from "../kernel-contract";

/** The type of the numbers; undefined where operands and result are not of one type of floats (or all whole). */
export function numberType(...types: readonly KernelType[]): "f32" | "f64" | undefined {
  const [first] = types;
  if (first === undefined || types.some(({ dtype }) => dtype !== first.dtype)) return undefined;
  if (first.dtype === "bool") return undefined;
  return first.dtype === "float32" ? "f32" : "f64";
}

/** An operand that is one tensor. */
export function typeOf(node: KernelNode, name: string): KernelType {
  const found = node.inputs[name];
  if (found === undefined || !("dtype" in found)) throw new Error(`${node.op} without ${name}`);
  return found;
}

export function operandOf(context: KernelContext, name: string): KernelOperand {
  const found = context.operands[name];
  if (found === undefined || !("dtype" in found)) throw new Error(`${context.op} without ${name}`);
  return found;
}

export function optionalOf(context: KernelContext, name: string): KernelOperand | undefined {
  return context.operands[name] === undefined ? undefined : operandOf(context, name);
}
