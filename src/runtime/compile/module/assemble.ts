/**
 * Writes a planned program as one module: a function for each kind of loop and kernel, and those that call them in order with
 * the addresses of their operands. Knows nothing of graphs or of the host's memory.
 */
import type { Intrinsic } from "../../ops";
import {
  ModuleBuilder,
  pageSize,
  type FunctionBuilder,
  type FunctionRef,
  type Local,
  type Target,
} from "../emit";
import { hostArity, hostFunctionsOf } from "../loops/lane-code";
import { bytesOf } from "../loops/lane-memory";
import type { Schedule, Step } from "../plan/steps";
import type { Storage } from "../plan/storage";
import type { Piece, WorkPlan } from "../plan/work";
import type { Access } from "../program/access";
import type { Program } from "../program/program";
import { operandsOf } from "../program/value";
import { faultFlag, functionOfKernel, functionOfLoop, type StepFunctions } from "./step-functions";
import { teamCode, type TeamCode } from "./team-code";

/** Where the host says whether a NaN of the guard is to stop the run: an i32, not 0. */
export const guardFlag = 4;

/** Where stands whether the steps that run once have run: an i32, not 0. */
export const lastingFlag = 8;

/** What a section gives. */
export const outcomes = ["done", "fault", "guarded", "lost"] as const;

export interface Assembled {
  /**
   * Exports "run0", "run1" …: () → i32, the outcome's number, to be called in order; where threads share the memory, "help" as
   * well. Imports "env": "memory", "reference", and what `host` names.
   */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Functions of doubles that are imported by their names. */
  readonly host: readonly Intrinsic[];
  readonly pages: number;
  readonly sections: number;
  readonly memory: "own" | "shared";
}

/** A planned program, and how its work is divided. */
export interface Plan {
  readonly program: Program;
  readonly schedule: Schedule;
  readonly storage: Storage;
  readonly work: WorkPlan;
}

export function assemble(plan: Plan, target: Target): Assembled {
  return new Assembler(plan, target).write();
}

/** Numbers that are known, or what pushes them. */
type Value = number | (() => void);

/** The share of a step: `own` among those of its round, `part` of `parts` in all. */
interface StepShare {
  readonly own: Value;
  readonly part: Value;
  readonly parts: number;
}

class Assembler {
  readonly #plan: Plan;
  readonly #module = new ModuleBuilder();
  readonly #host: readonly Intrinsic[];
  readonly #reference: FunctionRef;
  readonly #functions: StepFunctions;
  readonly #team: TeamCode | undefined;
  /** The step before which the guard is looked at. */
  readonly #careful: number;

  constructor(plan: Plan, target: Target) {
    const { schedule, work } = plan;
    this.#plan = plan;
    this.#careful = Math.max(schedule.careful, schedule.lasting);
    this.#host = hostFunctions(schedule.steps);
    this.#reference = this.#module.import("reference", { parameters: ["i32"], results: ["i32"] });
    const imported = new Map(
      this.#host.map((name) => {
        const parameters = hostArity(name) === 2 ? (["f64", "f64"] as const) : (["f64"] as const);
        return [name, this.#module.import(name, { parameters, results: ["f64"] })];
      }),
    );
    this.#functions = { module: this.#module, target, host: (name) => imported.get(name)! };
    if (work.threaded) {
      const perform = this.#module.function({ parameters: ["i32", "i32", "i32"], results: [] });
      this.#writePerform(perform);
      this.#team = teamCode(this.#module, perform);
      this.#module.export("help", this.#team.help);
    }
  }

  write(): Assembled {
    const { storage, work } = this.#plan;
    for (const [index, pieces] of work.sections.entries()) {
      const run = this.#module.function({ parameters: [], results: ["i32"] });
      this.#writeSection(run, index, pieces);
      this.#module.export(`run${index}`, run);
    }
    const pages = Math.ceil(storage.bytes / pageSize);
    const memory = work.threaded ? "shared" : "own";
    const bytes = this.#module.finish(pages, memory);
    return { bytes, host: this.#host, pages, sections: work.sections.length, memory };
  }

  #writeSection(run: FunctionBuilder, index: number, pieces: readonly Piece[]): void {
    const { schedule, storage, work } = this.#plan;
    const { steps, lasting } = schedule;
    if (index === 0) run.access("i32.store", faultFlag, constant(run, 0), constant(run, 0));
    const once = pieces.filter(({ step }) => step < lasting);
    if (once.length > 0) {
      run.access("i32.load", lastingFlag, constant(run, 0));
      run.op("i32.eqz");
      run.if(() => {
        for (const piece of once) this.#callPiece(run, piece);
        const { step, round } = once.at(-1)!;
        if (step === lasting - 1 && round + 1 === (work.divisions[step]?.rounds ?? 1))
          run.access("i32.store", lastingFlag, constant(run, 0), constant(run, 1));
      });
    }
    for (const piece of pieces.slice(once.length)) {
      if (piece.step === this.#careful && piece.round === 0) this.#checkGuard(run);
      this.#callPiece(run, piece);
    }
    if (index === work.sections.length - 1) {
      if (this.#careful === steps.length) this.#checkGuard(run);
      for (const { from, to, bytes } of storage.copies)
        run.copy(constant(run, to), constant(run, from), constant(run, bytes));
    }
    run.i32(0);
  }

  /** One round of a step: by the team, or here, one share after the other. */
  #callPiece(run: FunctionBuilder, { step, round }: Piece): void {
    const division = this.#plan.work.divisions[step];
    if (division === undefined) this.#callStep(run, step);
    else if (this.#team !== undefined && division.parts > 1) {
      const numbers = [step, round, division.parts].map((number) => constant(run, number));
      run.call(this.#team.job, ...numbers);
      run.if(() => {
        run.return(constant(run, outcomes.indexOf("lost")));
      });
    } else {
      const parts = division.rounds * division.parts;
      for (let own = 0; own < division.parts; own++)
        this.#callStep(run, step, { own, part: round * division.parts + own, parts });
    }
  }

  /** (step, share, round): one share of a step that the team does. */
  #writePerform(code: FunctionBuilder): void {
    const [step, share, round] = code.parameters as [Local, Local, Local];
    for (const [index, division] of this.#plan.work.divisions.entries()) {
      if (division === undefined || division.parts === 1) continue;
      const part = (): void => {
        code.op("i32.mul", round, constant(code, division.parts));
        code.op("i32.add", share);
      };
      code.op("i32.eq", step, constant(code, index));
      code.if(() => {
        const own = (): void => code.push(share);
        this.#callStep(code, index, { own, part, parts: division.rounds * division.parts });
        code.return();
      });
    }
  }

  #callStep(code: FunctionBuilder, index: number, share?: StepShare): void {
    const { schedule, storage } = this.#plan;
    const step = schedule.steps[index]!;
    const extent = share === undefined ? "whole" : "share";
    const shares = share === undefined ? [] : [share.part, share.parts];
    const push = (value: Value) => (typeof value === "number" ? constant(code, value) : value);
    const results = step.results.map((value) => storage.addresses[value]!);
    const inputs = step.inputs.map((access) => this.#addressOf(access));
    switch (step.kind) {
      case "loop": {
        const places = [...inputs, ...results, ...shares];
        code.call(functionOfLoop(this.#functions, step, extent), ...places.map(push));
        break;
      }
      case "kernel": {
        const scratch = storage.scratch[index];
        const operands = operandsOf(step.value).length;
        const [result, ...others] = results;
        const places: Value[] = [...inputs.slice(0, operands), result!];
        if (scratch !== undefined) places.push(scratchOf(code, scratch, share));
        places.push(...inputs.slice(operands), ...others, ...shares);
        const called = functionOfKernel(this.#functions, step, scratch !== undefined, extent);
        code.call(called, ...places.map(push));
        if (step.value.kernel.mayFail !== true) break;
        code.access("i32.load", faultFlag, constant(code, 0));
        code.if(() => {
          code.return(constant(code, 1));
        });
        break;
      }
      case "reference":
        code.call(this.#reference, constant(code, index));
        code.if(() => {
          code.return(constant(code, 1));
        });
    }
  }

  /** Leaves before anything is updated where the guard is NaN and the host wants that. */
  #checkGuard(run: FunctionBuilder): void {
    const { values, guard } = this.#plan.program;
    if (guard === undefined) return;
    const address = this.#addressOf(guard);
    run.access("i32.load", guardFlag, constant(run, 0));
    run.if(() => {
      const load = values[guard.value]!.dtype === "float32" ? "f32" : "f64";
      const value = run.define(load, () => {
        run.access(`${load}.load`, 0, constant(run, address));
      });
      run.op(`${load}.ne`, value, value);
      run.if(() => {
        run.return(constant(run, outcomes.indexOf("guarded")));
      });
    });
  }

  #addressOf({ value, offset }: Access): number {
    const { program, storage } = this.#plan;
    return storage.addresses[value]! + offset * bytesOf(program.values[value]!.dtype);
  }
}

/** The functions of the host that steps call, each once. */
function hostFunctions(steps: readonly Step[]): readonly Intrinsic[] {
  const all = steps.flatMap((step) => {
    if (step.kind === "loop") return hostFunctionsOf(step.spec.operations);
    return step.kind === "kernel" && step.epilogue ? hostFunctionsOf(step.epilogue.operations) : [];
  });
  return [...new Set(all)];
}

/** Each share of a round has scratch memory of its own. */
function scratchOf(
  code: FunctionBuilder,
  { address, bytes }: NonNullable<Storage["scratch"][number]>,
  share: StepShare | undefined,
): Value {
  if (share === undefined) return address;
  const { own } = share;
  if (typeof own === "number") return address + own * bytes;
  return () => {
    own();
    code.op("i32.mul", constant(code, bytes));
    code.op("i32.add", constant(code, address));
  };
}

function constant(code: FunctionBuilder, value: number): () => void {
  return () => {
    code.i32(value);
  };
}
