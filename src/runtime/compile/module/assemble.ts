/**
 * Writes a planned program as one module: a function for each kind of loop and kernel, and `run`, which calls them in order
 * with the addresses of their operands. Knows nothing of graphs or of the host's memory.
 */
import type { Intrinsic } from "../../ops";
import { ModuleBuilder, pageSize, type FunctionRef, type Target } from "../emit";
import type { KernelContext, KernelOperand } from "../kernel-contract";
import { emitLoop } from "../loops/emit-loop";
import { hostArity, hostFunctionsOf } from "../loops/lane-code";
import { bytesOf } from "../loops/lane-memory";
import { epilogueOf } from "../loops/emit-epilogue";
import { textOf } from "../loops/loop-spec";
import type { KernelStep, LoopStep, Schedule, Step } from "../plan/steps";
import type { Storage } from "../plan/storage";
import type { Access } from "../program/access";
import type { Program } from "../program/program";
import { isList, operandsOf } from "../program/value";

/** Where kernels say that operands are at fault: an i32, not 0. */
const faultFlag = 0;

/** Where the host says whether a NaN of the guard is to stop the run: an i32, not 0. */
export const guardFlag = 4;

/** Where stands whether the steps that run once have run: an i32, not 0. */
export const lastingFlag = 8;

/** What `run` gives. */
export const outcomes = ["done", "fault", "guarded"] as const;

export interface Assembled {
  /** Exports "run": () → i32, the outcome's number. Imports "env": "memory", "reference", and what `host` names. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Functions of doubles that are imported by their names. */
  readonly host: readonly Intrinsic[];
  readonly pages: number;
}

export function assemble(program: Program, schedule: Schedule, storage: Storage, target: Target): Assembled {
  const module = new ModuleBuilder();
  const { steps } = schedule;
  const host = [
    ...new Set(
      steps.flatMap((step) => {
        if (step.kind === "loop") return hostFunctionsOf(step.spec.operations);
        return step.kind === "kernel" && step.epilogue ? hostFunctionsOf(step.epilogue.operations) : [];
      }),
    ),
  ];
  const reference = module.import("reference", { parameters: ["i32"], results: ["i32"] });
  const hostFunctions = new Map(
    host.map((name) => {
      const parameters = hostArity(name) === 2 ? (["f64", "f64"] as const) : (["f64"] as const);
      return [name, module.import(name, { parameters, results: ["f64"] })];
    }),
  );
  const functions: StepFunctions = { module, target, host: (name) => hostFunctions.get(name)!, program };
  const run = module.function({ parameters: [], results: ["i32"] });
  const number = (value: number) => () => {
    run.i32(value);
  };
  run.access("i32.store", faultFlag, number(0), number(0));
  const lasting = schedule.lasting;
  const careful = Math.max(schedule.careful, lasting);
  if (lasting > 0) {
    run.access("i32.load", 0, number(lastingFlag));
    run.op("i32.eqz");
    run.if(() => {
      steps.slice(0, lasting).forEach(callStep);
      run.access("i32.store", 0, number(lastingFlag), number(1));
    });
  }
  steps.forEach((step, index) => {
    if (index < lasting) return;
    if (index === careful) checkGuard();
    callStep(step, index);
  });
  if (careful === steps.length) checkGuard();
  for (const { from, to, bytes } of storage.copies) run.copy(number(to), number(from), number(bytes));
  run.i32(0);
  module.export("run", run);
  const pages = Math.ceil(storage.bytes / pageSize);
  return { bytes: module.finish(pages), host, pages };

  function callStep(step: Step, index: number): void {
    switch (step.kind) {
      case "loop": {
        const places = [
          ...step.inputs.map((access) => addressOf(access)),
          ...step.results.map(resultAddress),
        ];
        run.call(functionOfLoop(functions, step), ...places.map(number));
        break;
      }
      case "kernel": {
        const scratch = storage.scratch[index];
        const inputs = step.inputs.map((access) => addressOf(access));
        const operands = operandsOf(step.value).length;
        const [result, ...others] = step.results.map(resultAddress);
        const places = [...inputs.slice(0, operands), result!, ...(scratch === undefined ? [] : [scratch])];
        places.push(...inputs.slice(operands), ...others);
        run.call(functionOfKernel(functions, step, scratch !== undefined), ...places.map(number));
        if (step.value.kernel.mayFail === true) {
          run.access("i32.load", faultFlag, number(0));
          run.if(() => {
            run.return(number(1));
          });
        }
        break;
      }
      case "reference":
        run.call(reference, number(index));
        run.if(() => {
          run.return(number(1));
        });
    }
  }

  /** Leaves before anything is updated where the guard is NaN and the host wants that. */
  function checkGuard(): void {
    if (program.guard === undefined) return;
    const address = addressOf(program.guard);
    run.access("i32.load", guardFlag, number(0));
    run.if(() => {
      const load = program.values[program.guard!.value]!.dtype === "float32" ? "f32" : "f64";
      const value = run.define(load, () => {
        run.access(`${load}.load`, 0, number(address));
      });
      run.op(`${load}.ne`, value, value);
      run.if(() => {
        run.return(number(outcomes.indexOf("guarded")));
      });
    });
  }

  function resultAddress(value: number): number {
    return storage.addresses[value]!;
  }

  function addressOf({ value, offset }: Access): number {
    return storage.addresses[value]! + offset * bytesOf(program.values[value]!.dtype);
  }
}

interface StepFunctions {
  readonly module: ModuleBuilder;
  readonly target: Target;
  readonly program: Program;
  host(name: Intrinsic): FunctionRef;
}

function functionOfLoop(functions: StepFunctions, { spec }: LoopStep): FunctionRef {
  const places = spec.inputs.length + spec.stores.length + spec.folds.length;
  const type = { parameters: Array.from({ length: places }, () => "i32" as const), results: [] };
  return functions.module.shared(`loop ${textOf(spec)}`, type, (code) => {
    emitLoop({ ...functions, code }, spec);
  });
}

function functionOfKernel(functions: StepFunctions, step: KernelStep, hasScratch: boolean): FunctionRef {
  const { module, target } = functions;
  const { kernel, node } = step.value;
  const places = step.inputs.length + step.results.length + Number(hasScratch);
  const type = { parameters: Array.from({ length: places }, () => "i32" as const), results: [] };
  const key = `kernel ${textOf(node)} ${step.epilogue === undefined ? "" : textOf(step.epilogue)}`;
  return module.shared(key, type, (code) => {
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
    const addresses = code.parameters.slice(next);
    const context: KernelContext = {
      ...node,
      target,
      module,
      code,
      operands,
      result,
      scratch,
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

/** What a step is called in reports. */
export function nameOfStep(step: Step): string {
  if (step.kind === "loop") return step.spec.folds.length > 0 ? "fused reduction" : "fused loop";
  if (step.kind === "reference") return step.value.op.name;
  return step.epilogue === undefined ? step.value.node.op : `${step.value.node.op}, fused`;
}
