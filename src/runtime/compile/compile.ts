/** Compiles wanted nodes: the structure once, remembered for graphs alike. Knows nothing of values. */
import type { Node, SourceNode } from "../graph";
import { CompiledGraph, type CompiledStructure } from "./compiled-graph";
import { sharesMemory, targetHere, webAssembly, type Target, type WasmModule } from "./emit";
import { tuneOnce, tuningFor } from "./kernels/product/tuning";
import { assemble } from "./module/assemble";
import { nameOfStep } from "./module/step-functions";
import { scheduleOf } from "./plan/steps";
import { storageOf } from "./plan/storage";
import { workPlanOf, type WorkOptions } from "./plan/work";
import { attributesKey, isFixed, programOf, reachable, type Wanted } from "./program/program";
import type { ThreadHost } from "./threads/team";

export interface CompileOptions {
  /** What each of these sources becomes after a run: a training step. Shapes and types are equal. */
  readonly updates?: readonly (readonly [SourceNode, Node])[];
  /**
   * The sources that runs give other values, besides those that are updated; every one where left out. What depends on the others alone
   * is computed at the first run, and again after one of them was given to `set` all the same.
   */
  readonly changing?: readonly SourceNode[];
  /** A number: where it is NaN, a run stops before anything is updated. */
  readonly guard?: Node;
  /** The same bits on every machine, for a little speed. */
  readonly deterministic?: boolean;
  /** Threads that help with runs that are long enough, until `rest`. Results do not depend on them. */
  readonly threads?: ThreadHost;
  /** For tests: every step that can be divided is done in so many shares. */
  readonly shares?: number;
  /** For tests: another target than the best one here. */
  readonly target?: Target;
  /** The most memory in bytes; no limit but the engine's where left out. */
  readonly memoryLimit?: number;
}

/**
 * Why nothing was compiled: no modules here, too much memory, or a module that the engine refuses (our own bug, which costs speed
 * alone). The reference evaluator computes it all the same.
 */
export interface NotCompiled {
  readonly refused: "unsupported" | "memory" | "invalid";
  /** What the engine said of the module. */
  readonly message?: string;
  /** What it would take. */
  readonly bytes: number;
}

/** The most that 32-bit addresses reach, less a page. */
const addressable = 2 ** 32 - 2 ** 16;

/** A team's tickets count more shares than these could do. */
const mostThreads = 32;

/** Structures by their text, the latest used last. */
const structures = new Map<string, CompiledStructure>();
const rememberedStructures = 64;

export function isCompiled(result: CompiledGraph | NotCompiled): result is CompiledGraph {
  return !("refused" in result);
}

/** One module that computes all `outputs` at once. */
export function compile(outputs: readonly Node[], options: CompileOptions = {}): CompiledGraph | NotCompiled {
  const target = options.target ?? targetHere(options.deterministic === true ? { deterministic: true } : {});
  if (target === undefined || webAssembly === undefined) return { refused: "unsupported", bytes: 0 };
  const updates = options.updates ?? [];
  const wanted = { outputs, updates, guard: options.guard, constants: new Set<Node>() };
  const nodes = reachable(wanted);
  if (options.changing !== undefined) {
    const changing = new Set<Node>([...options.changing, ...updates.map(([source]) => source)]);
    for (const node of nodes) if (node.kind === "source" && !changing.has(node)) wanted.constants.add(node);
  }
  const { threads } = options;
  const team = threads !== undefined && sharesMemory() ? Math.min(threads.count + 1, mostThreads) : 1;
  const division: WorkOptions =
    options.shares === undefined ? { threads: team } : { threads: team, shares: options.shares };
  const key = structureKey(nodes, wanted, target, division);
  let structure = structures.get(key);
  if (structure === undefined) {
    const program = programOf(nodes, wanted, target);
    const schedule = scheduleOf(program, target);
    const work = workPlanOf(schedule.steps, target, division);
    const storage = storageOf(program, schedule, target, work.divisions);
    const limit = Math.min(options.memoryLimit ?? addressable, addressable);
    if (storage.bytes > limit) return { refused: "memory", bytes: storage.bytes };
    const assembled = assemble({ program, schedule, storage, work }, target);
    const module = moduleOf(assembled.bytes);
    if (typeof module === "string") return { refused: "invalid", bytes: storage.bytes, message: module };
    structure = {
      program: {
        values: program.values,
        outputs: program.outputs,
        updates: program.updates,
        guard: program.guard,
        constants: program.constants,
      },
      steps: schedule.steps,
      storage,
      assembled,
      module,
      report: {
        nodes: nodes.length,
        steps: schedule.steps.map(nameOfStep),
        lastingSteps: schedule.lasting,
        references: [
          ...new Set(
            schedule.steps.flatMap((step) => (step.kind === "reference" ? [step.value.op.name] : [])),
          ),
        ],
        nanoseconds: work.nanoseconds,
        bytes: storage.bytes,
        neededBytes: storage.needed,
        moduleBytes: assembled.bytes.length,
      },
    };
  } else {
    structures.delete(key);
    const limit = options.memoryLimit ?? addressable;
    if (structure.storage.bytes > limit) return { refused: "memory", bytes: structure.storage.bytes };
  }
  remember(key, structure);
  const sources = nodes.filter((node) => node.kind === "source");
  try {
    return new CompiledGraph(
      structure,
      sources.filter((node) => !isFixed(node)),
      outputs,
      threads,
    );
  } catch (error) {
    // The host has less memory than the limit allows.
    if (error instanceof RangeError) return { refused: "memory", bytes: structure.storage.bytes };
    throw error;
  }
}

/**
 * Measures once for each process how products run fastest in this engine, for somewhat less than a tenth of a second of `clock`;
 * true where the same graphs have other modules from now on.
 */
export function tune(clock: () => number): boolean {
  const target = targetHere();
  return target !== undefined && tuneOnce(target, clock);
}

function moduleOf(bytes: Uint8Array): WasmModule | string {
  try {
    return new webAssembly!.Module(bytes); // asked for only where there are modules
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function remember(key: string, structure: CompiledStructure): void {
  structures.set(key, structure);
  const [oldest] = structures.keys();
  if (structures.size > rememberedStructures && oldest !== undefined) structures.delete(oldest);
}

/** Equal exactly for graphs that have one module: operators, operands, shapes, types; values only where they are fixed. */
function structureKey(
  nodes: readonly Node[],
  { outputs, updates, guard, constants }: Wanted,
  target: Target,
  { threads, shares }: WorkOptions,
): string {
  const numbers = new Map<Node, number>();
  const { loads } = tuningFor(target);
  const parts: string[] = [
    `${String(target.fma)} ${String(target.deterministic)} ${loads} ${threads} ${String(shares)}`,
  ];
  nodes.forEach((node, index) => {
    numbers.set(node, index);
    if (node.kind === "source") {
      const [value] = isFixed(node) ? node.value.data : [];
      const fixed = value === undefined ? "" : Object.is(value, -0) ? "-0" : String(value);
      const lasting = constants.has(node) ? " lasting" : "";
      parts.push(`${node.dtype}[${node.shape.join(" ")}]${fixed}${lasting}`);
    } else {
      const operands = node.inputs.map((input) => numbers.get(input)!).join(" ");
      const names = Object.values(node.operands).map((operand) =>
        operand === undefined ? "_" : "kind" in operand ? "1" : String(operand.length),
      );
      parts.push(`${node.op.name} ${attributesKey(node.attributes)} ${names.join("")} ${operands}`);
    }
  });
  parts.push(outputs.map((node) => numbers.get(node)!).join(" "));
  parts.push(updates.map(([source, node]) => `${numbers.get(source)!}:${numbers.get(node)!}`).join(" "));
  if (guard !== undefined) parts.push(`guard ${numbers.get(guard)!}`);
  return parts.join("\n");
}
