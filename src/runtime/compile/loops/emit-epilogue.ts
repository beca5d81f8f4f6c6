/** Writes what is fused behind a kernel for one vector or one number of its result. Knows nothing of the kernel. */
import type { Intrinsic } from "../../ops";
import type { FunctionBuilder, FunctionRef, Local, ModuleBuilder, Target } from "../emit";
import type { Epilogue } from "../kernel-contract";
import type { EpilogueSpec } from "../plan/fused-kernel";
import { emitOperation, loadConstants, type LaneContext } from "./lane-code";

export interface EpilogueContext {
  readonly module: ModuleBuilder;
  readonly code: FunctionBuilder;
  readonly target: Target;
  /** Parameters of the kernel's function: the addresses of the inputs but the first, then of what is stored as well. */
  readonly addresses: readonly Local[];
  host(name: Intrinsic): FunctionRef;
}

export function epilogueOf(context: EpilogueContext, spec: EpilogueSpec, key: string): Epilogue {
  const { target } = context;
  const constants = loadConstants(context.code, target, spec.operations);
  const lanes = spec.type === "f32" ? 4 : 2;
  return {
    key,
    emit(code, value, at, kind) {
      // Constants are locals of the kernel's own function.
      if (code !== context.code) throw new Error("an epilogue is written into the kernel's own function");
      const own: LaneContext = { ...context, lanes, constants };
      writeEpilogue(own, context.addresses, spec, value, at, kind);
    },
  };
}

function writeEpilogue(
  context: LaneContext,
  addresses: readonly Local[],
  spec: EpilogueSpec,
  value: Local,
  at: { readonly row: Local; readonly column: Local; readonly offset: number },
  kind: "vector" | "single",
): void {
  const { code } = context;
  const [width, bytes] = spec.type === "f32" ? (["f32x4", 4] as const) : (["f64x2", 8] as const);
  const locals: (Local | undefined)[] = [];
  const owned: Local[] = [];
  const define = (): Local => {
    const local = code.define("v128");
    owned.push(local);
    return local;
  };
  for (const [id, operation] of spec.operations.entries()) {
    if (operation.kind === "load") {
      if (operation.input === 0) {
        code.get(value);
        if (kind === "single") code.op(`${width}.splat`);
      } else {
        const { row, column } = spec.inputs[operation.input]!;
        pushAddress(code, addresses[operation.input - 1]!, at, row * bytes, column * bytes);
        const isWhole = kind === "vector" && column === 1;
        const repeated = spec.type === "f32" ? "v128.load32_splat" : "v128.load64_splat";
        code.access(isWhole ? "v128.load" : repeated, column * at.offset * bytes);
      }
    } else emitOperation(context, spec.operations, operation, (operand) => locals[operand]!);
    locals[id] = define();
  }
  spec.others.forEach((operation, k) => {
    pushAddress(code, addresses[spec.inputs.length - 1 + k]!, at, spec.columns * bytes, bytes);
    const stored = locals[operation]!;
    if (kind === "vector") code.access("v128.store", at.offset * bytes, stored);
    else
      code.accessLane(
        spec.type === "f32" ? "v128.store32_lane" : "v128.store64_lane",
        at.offset * bytes,
        0,
        stored,
      );
  });
  code.get(locals[spec.result]!);
  if (kind === "single") code.lane(`${width}.extract_lane`, 0);
  code.set(value);
  code.release(...owned);
}

/** address + row·perRow + column·perColumn */
function pushAddress(
  code: FunctionBuilder,
  address: Local,
  { row, column }: { readonly row: Local; readonly column: Local },
  perRow: number,
  perColumn: number,
): void {
  code.get(address);
  for (const [counter, step] of [
    [row, perRow],
    [column, perColumn],
  ] as const) {
    if (step === 0) continue;
    code.get(counter);
    code.i32(step);
    code.op("i32.mul");
    code.op("i32.add");
  }
}
