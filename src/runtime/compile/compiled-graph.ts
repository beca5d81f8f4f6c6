/**
 * A compiled graph with memory of its own: values go in, the step runs, values come out. It owns its memory until it is
 * disposed of; what it gives out as views is borrowed.
 */
import type { Node, SourceNode } from "../graph";
import { intrinsics, isFault } from "../ops";
import { cast, elementCount, stridesOf, type DType, type Tensor, type TensorData } from "../tensor";
import { exportedFunction, webAssembly, type WasmFunction, type WasmMemory, type WasmModule } from "./emit";
import { bytesOf } from "./loops/lane-memory";
import { guardFlag, lastingFlag, outcomes, type Assembled } from "./module/assemble";
import type { ReferenceStep, Step } from "./plan/steps";
import { Team, type ThreadHost } from "./threads/team";
import type { Storage } from "./plan/storage";
import type { Access } from "./program/access";
import type { Program } from "./program/program";
import { isList } from "./program/value";

export interface CompileReport {
  /** Nodes of the graph that the wanted ones depend on. */
  readonly nodes: number;
  /** What runs one after the other: fused loops, fused reductions, and operators by name. */
  readonly steps: readonly string[];
  /** So many of them, the first ones, run once: they depend on nothing that changes. */
  readonly lastingSteps: number;
  /** The operators that have no kernel and were computed by their reference, each once. */
  readonly references: readonly string[];
  /** What a run takes, by an estimate that does not know the machine. */
  readonly nanoseconds: number;
  /** All memory that it takes, in bytes. */
  readonly bytes: number;
  /** The most that is needed at any moment: `bytes` cannot be less. */
  readonly neededBytes: number;
  /** The size of the module's code. */
  readonly moduleBytes: number;
}

/** Everything about a structure: shared by all graphs that have it. */
export interface CompiledStructure {
  readonly program: Omit<Program, "sources">;
  readonly steps: readonly Step[];
  readonly storage: Storage;
  readonly assembled: Assembled;
  readonly module: WasmModule;
  readonly report: CompileReport;
}

/** All that another thread needs to run the same with memory of its own, as data that can be posted. */
export interface Twin {
  readonly module: WasmModule;
  readonly pages: number;
  /** What the memory holds. */
  readonly image: SharedArrayBuffer;
  /** How many functions a run calls: `run0`, `run1` …; each gives 0 where all is well. */
  readonly sections: number;
  /** Where the asked nodes' elements are, in bytes. */
  readonly addresses: readonly number[];
}

const lost = outcomes.indexOf("lost");

export class CompiledGraph {
  readonly report: CompileReport;
  readonly #structure: CompiledStructure;
  readonly #slots: ReadonlyMap<Node, number>;
  readonly #outputs: ReadonlyMap<Node, Access>;
  readonly #memory: WasmMemory;
  readonly #sections: readonly WasmFunction[];
  readonly #threads: ThreadHost | undefined;
  #team: Team | undefined;
  #hasRun = false;
  readonly #sourceValues: readonly number[];
  readonly #views = new Map<Node, TensorData>();
  #outcome = 0;

  /** `sources` by slot; `outputs` in the order of the structure's. */
  constructor(
    structure: CompiledStructure,
    sources: readonly SourceNode[],
    outputs: readonly Node[],
    threads?: ThreadHost,
  ) {
    const { program, assembled, module } = structure;
    if (webAssembly === undefined) throw new Error("this host runs no modules");
    this.#structure = structure;
    this.report = structure.report;
    this.#slots = new Map(sources.map((node, slot) => [node, slot]));
    this.#outputs = new Map(outputs.map((node, index) => [node, program.outputs[index]!]));
    const bySlot: number[] = [];
    program.values.forEach((value, index) => {
      if (value.kind === "source") bySlot[value.slot] = index;
    });
    this.#sourceValues = bySlot;
    const { pages } = assembled;
    const shared = assembled.memory === "shared";
    this.#memory = new webAssembly.Memory({ initial: pages, maximum: pages, shared });
    this.#threads = shared ? threads : undefined;
    const env: Record<string, unknown> = {
      memory: this.#memory,
      reference: (step: number) => this.#reference(step),
    };
    for (const name of assembled.host) {
      const f = intrinsics[name];
      env[name] = (x: number, y: number) => f(x, y, 0);
    }
    const instance = new webAssembly.Instance(module, { env });
    this.#sections = Array.from({ length: assembled.sections }, (_, index) =>
      exportedFunction(instance, `run${index}`),
    );
    this.setGuarded(true);
    for (const source of sources) this.set(source, source.value);
  }

  /** Gives a source another value for this and all later runs. What it does not depend on is ignored. */
  set(source: SourceNode, value: Tensor): void {
    const slot = this.#slots.get(source);
    if (slot === undefined) return;
    if (value.data.length !== elementCount(source.shape))
      throw new Error("a value of another size than its source");
    this.#viewOf(this.#sourceAccess(slot)).set(cast(value, source.dtype).data);
    if (this.#structure.program.constants.has(slot))
      new Int32Array(this.#memory.buffer, lastingFlag, 1)[0] = 0;
  }

  /**
   * Runs everything. False where it was left before its end: see `outcome`. Then nothing has been updated. `poll` is called now and
   * then where that takes long, and may throw: sources that are updated are then good for nothing.
   */
  run(replaced?: ReadonlyMap<SourceNode, Tensor>, poll?: () => void): boolean {
    if (replaced !== undefined) for (const [source, value] of replaced) this.set(source, value);
    // What runs once is over before threads have come.
    if (this.#threads !== undefined && this.#hasRun)
      this.#team ??= new Team(this.#threads, this.#structure.module, this.#memory);
    this.#hasRun = true;
    // Steps of less than a microsecond count what stands around them.
    let outcome = this.#sections[0]!() ?? 0;
    for (let index = 1; outcome === 0 && index < this.#sections.length; index++) {
      poll?.();
      outcome = this.#sections[index]!() ?? 0;
    }
    this.#outcome = outcome;
    if (outcome === lost) {
      this.rest();
      throw new Error("a thread that helped with a run has ended");
    }
    return outcome === 0;
  }

  /** Ends the threads that help; a later run has others. */
  rest(): void {
    this.#team?.end();
    this.#team = undefined;
  }

  /**
   * How the last run ended. "fault": operands are at fault (an index out of range), no value is to be read, and the reference
   * evaluator gives the exact fault. "guarded": the guard is NaN; other values are there as far as they do not depend on updates.
   */
  get outcome(): (typeof outcomes)[number] {
    return outcomes[this.#outcome]!;
  }

  /** Whether a NaN of the guard stops a run before the updates: yes until it is told otherwise. */
  setGuarded(isGuarded: boolean): void {
    new Int32Array(this.#memory.buffer, guardFlag, 1)[0] = Number(isGuarded);
  }

  /** Whether the wanted nodes depend on the source. */
  has(source: Node): boolean {
    return this.#slots.has(source);
  }

  /** A copy of a wanted node's value, or of a source's, after a run. */
  value(node: Node): Tensor {
    const { shape, dtype } = node;
    return { shape, dtype, data: this.view(node).slice() };
  }

  /** The elements of a wanted node, or of a source, where they are: the next run writes there. Writing to a source's sets it, if it is one that changes. */
  view(node: Node): TensorData {
    let view = this.#views.get(node);
    if (view === undefined) {
      const slot = this.#slots.get(node);
      const access = this.#outputs.get(node) ?? (slot === undefined ? undefined : this.#sourceAccess(slot));
      if (access === undefined)
        throw new Error("a node that is neither wanted nor a source of the wanted ones");
      view = this.#viewOf(access);
      this.#views.set(node, view);
    }
    return view;
  }

  /** Undefined where runs call functions of this thread's, or share their memory already. */
  twin(nodes: readonly Node[]): Twin | undefined {
    const { module, assembled } = this.#structure;
    const isOwn = assembled.host.length === 0 && this.report.references.length === 0;
    if (!isOwn || assembled.memory === "shared") return undefined;
    const image = new SharedArrayBuffer(this.#memory.buffer.byteLength);
    new Uint8Array(image).set(new Uint8Array(this.#memory.buffer));
    const addresses = nodes.map((node) => this.view(node).byteOffset);
    return { module, pages: assembled.pages, image, sections: assembled.sections, addresses };
  }

  #sourceAccess(slot: number): Access {
    const value = this.#sourceValues[slot]!;
    const { shape } = this.#structure.program.values[value]!;
    return { value, shape, strides: stridesOf(shape), offset: 0 };
  }

  #viewOf({ value, shape, offset }: Access): TensorData {
    const { dtype } = this.#structure.program.values[value]!;
    const address = this.#structure.storage.addresses[value]! + offset * bytesOf(dtype);
    return storageAt(this.#memory, dtype, address, elementCount(shape));
  }

  /** Computes a step by its operator's reference; 1 where that finds a fault. */
  #reference(index: number): number {
    const step = this.#structure.steps[index] as ReferenceStep; // the module names only steps of this kind
    const { op, attributes, operands, shape, dtype } = step.value;
    const tensorOf = (access: Access): Tensor => ({
      shape: access.shape,
      dtype: this.#structure.program.values[access.value]!.dtype,
      data: this.#viewOf(access),
    });
    const inputs: Record<string, Tensor | readonly Tensor[] | undefined> = {};
    for (const name in operands) {
      const operand = operands[name];
      inputs[name] =
        operand === undefined ? undefined : isList(operand) ? operand.map(tensorOf) : tensorOf(operand);
    }
    const result = op.forward({ inputs, attributes, output: { shape, dtype } });
    if (isFault(result)) return 1;
    const address = this.#structure.storage.addresses[step.results[0]!]!;
    storageAt(this.#memory, dtype, address, elementCount(shape)).set(result.data);
    return 0;
  }
}

function storageAt({ buffer }: WasmMemory, dtype: DType, address: number, count: number): TensorData {
  if (dtype === "bool") return new Uint8Array(buffer, address, count);
  // A view that begins in the middle of a value may lie at any multiple of its element's size.
  return dtype === "float32"
    ? new Float32Array(buffer, address, count)
    : new Float64Array(buffer, address, count);
}
