/**
 * Writes one function: typed locals, structured control flow, instructions by their names in the text format. Operands are
 * pushed in the order of the call, so that `op("f32x4.add", a, b)` reads like the expression. Knows nothing of tensors.
 */
import { ByteWriter } from "./byte-writer";
import {
  atomicInstructions,
  laneInstructions,
  laneMemoryInstructions,
  memoryInstructions,
  plainInstructions,
  vectorInstructions,
  vectorMemoryInstructions,
  type AtomicInstruction,
  type LaneInstruction,
  type LaneMemoryInstruction,
  type MemoryInstruction,
  type PlainInstruction,
} from "./instructions";
import { valueTypeCode, type FunctionType, type ValueType } from "./value-type";

export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** What is pushed: a local's value, or whatever the function leaves on the stack. Left out where it is on the stack already. */
export type Operand = Local | (() => void);

/** A function of a module; its index is final from the start. */
export interface FunctionRef {
  readonly index: number;
  readonly type: FunctionType;
}

/** A place that `br` goes to: the end of a block, the head of a loop. */
export interface Label {
  readonly depth: number;
}

const plain: Readonly<Record<string, number>> = plainInstructions;
const vector: Readonly<Record<string, number>> = vectorInstructions;
const memory: Readonly<Record<string, number>> = memoryInstructions;
const vectorMemory: Readonly<Record<string, number>> = vectorMemoryInstructions;

export class FunctionBuilder implements FunctionRef {
  readonly index: number;
  readonly type: FunctionType;
  /** The parameters, as locals. */
  readonly parameters: readonly Local[];
  readonly #code = new ByteWriter();
  readonly #locals: ValueType[] = [];
  readonly #free = new Map<ValueType, Local[]>();
  readonly #prologue = new ByteWriter();
  readonly #constants = new Map<string, Local>();
  readonly #numbers = new Map<string, Local>();
  #depth = 0;

  constructor(index: number, type: FunctionType) {
    this.index = index;
    this.type = type;
    this.parameters = type.parameters.map((parameter, position) => ({ index: position, type: parameter }));
  }

  /** A local of its own; its first value is 0 unless it was released before. */
  local(type: ValueType): Local {
    const released = this.#free.get(type)?.pop();
    if (released !== undefined) return released;
    const index = this.type.parameters.length + this.#locals.length;
    this.#locals.push(type);
    return { index, type };
  }

  /** A local that holds what the operand gives. */
  define(type: ValueType, value?: Operand): Local {
    const local = this.local(type);
    this.set(local, value);
    return local;
  }

  /** Gives locals back: later ones reuse them. Nobody reads them afterwards. */
  release(...locals: readonly Local[]): void {
    for (const local of locals) {
      const free = this.#free.get(local.type);
      if (free === undefined) this.#free.set(local.type, [local]);
      else free.push(local);
    }
  }

  push(...operands: readonly Operand[]): void {
    for (const operand of operands) {
      if (typeof operand === "function") operand();
      else this.get(operand);
    }
  }

  get(local: Local): void {
    this.#code.byte(0x20);
    this.#code.unsigned(local.index);
  }

  set(local: Local, value?: Operand): void {
    if (value !== undefined) this.push(value);
    this.#code.byte(0x21);
    this.#code.unsigned(local.index);
  }

  /** Sets the local and leaves the value on the stack. */
  tee(local: Local, value?: Operand): void {
    if (value !== undefined) this.push(value);
    this.#code.byte(0x22);
    this.#code.unsigned(local.index);
  }

  i32(value: number): void {
    this.#code.byte(0x41);
    this.#code.signed(value);
  }

  i64(value: bigint): void {
    this.#code.byte(0x42);
    this.#code.signed64(BigInt.asIntN(64, value));
  }

  f32(value: number): void {
    this.#code.byte(0x43);
    this.#code.float32(value);
  }

  f64(value: number): void {
    this.#code.byte(0x44);
    this.#code.float64(value);
  }

  /** A vector whose lanes are all `value`. */
  f32x4(value: number): void {
    this.v128(new Uint8Array(Float32Array.of(value, value, value, value).buffer));
  }

  f64x2(value: number): void {
    this.v128(new Uint8Array(Float64Array.of(value, value).buffer));
  }

  i32x4(value: number): void {
    this.v128(new Uint8Array(Int32Array.of(value, value, value, value).buffer));
  }

  i64x2(value: bigint): void {
    this.v128(new Uint8Array(BigInt64Array.of(value, value).buffer));
  }

  /** A vector of 16 bytes, lowest first. */
  v128(bytes: Uint8Array): void {
    this.#vector(12);
    this.#code.append(bytes);
  }

  /**
   * A local that holds a vector of one number from the function's beginning on: constants in loops are loaded once. Do not change it.
   */
  constant(lanes: "f32x4" | "f64x2" | "i32x4", value: number): Local {
    const name = `${lanes} ${Object.is(value, -0) ? "-0" : String(value)}`;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const bytes =
      lanes === "f64x2"
        ? Float64Array.of(value, value)
        : lanes === "f32x4"
          ? Float32Array.of(value, value, value, value)
          : Int32Array.of(value, value, value, value);
    const local = this.constantVector(new Uint8Array(bytes.buffer));
    this.#numbers.set(name, local);
    return local;
  }

  /** The same of any 16 bytes; `key` is their text. */
  constantVector(bytes: Uint8Array, key: string = bytes.join(" ")): Local {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const local: Local = { index: this.type.parameters.length + this.#locals.push("v128") - 1, type: "v128" };
    this.#constants.set(key, local);
    this.#prologue.append([0xfd, 12]);
    this.#prologue.append(bytes);
    this.#prologue.byte(0x21);
    this.#prologue.unsigned(local.index);
    return local;
  }

  /** An instruction without immediates; pushes the operands given first. */
  op(name: PlainInstruction, ...operands: readonly Operand[]): void {
    this.push(...operands);
    const code = plain[name];
    if (code !== undefined) this.#code.byte(code);
    else this.#vector(vector[name]!);
  }

  lane(name: LaneInstruction, lane: number, ...operands: readonly Operand[]): void {
    this.push(...operands);
    this.#vector(laneInstructions[name]);
    this.#code.byte(lane);
  }

  /** Picks 16 of the 32 bytes of two vectors. */
  shuffle(bytes: readonly number[], ...operands: readonly Operand[]): void {
    this.push(...operands);
    this.#vector(13);
    this.#code.append(bytes);
  }

  /** Picks 4 of the 8 32-bit lanes of two vectors. */
  shuffle32(lanes: readonly [number, number, number, number], ...operands: readonly Operand[]): void {
    this.shuffle(
      lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
      ...operands,
    );
  }

  /** Picks 2 of the 4 64-bit lanes of two vectors. */
  shuffle64(lanes: readonly [number, number], ...operands: readonly Operand[]): void {
    this.shuffle(
      lanes.flatMap((lane) => [0, 1, 2, 3, 4, 5, 6, 7].map((byte) => 8 * lane + byte)),
      ...operands,
    );
  }

  /** A load or a store at `offset` from the address (and the value, for stores) on the stack. Alignment is not promised. */
  access(name: MemoryInstruction, offset: number, ...operands: readonly Operand[]): void {
    this.push(...operands);
    const code = memory[name];
    if (code !== undefined) this.#code.byte(code);
    else this.#vector(vectorMemory[name]!);
    this.#code.byte(0);
    this.#code.unsigned(offset);
  }

  accessLane(
    name: LaneMemoryInstruction,
    offset: number,
    lane: number,
    ...operands: readonly Operand[]
  ): void {
    this.push(...operands);
    this.#vector(laneMemoryInstructions[name]);
    this.#code.byte(0);
    this.#code.unsigned(offset);
    this.#code.byte(lane);
  }

  /** An atomic access of 32 bits at `offset` from the address, the first operand; what follows is pushed behind it. */
  atomic(name: AtomicInstruction, offset: number, ...operands: readonly Operand[]): void {
    this.push(...operands);
    this.#code.append([0xfe, atomicInstructions[name], 2]);
    this.#code.unsigned(offset);
  }

  /** `memory.fill`: sets `bytes` bytes from the address to a byte. */
  fill(address: Operand, byte: Operand, bytes: Operand): void {
    this.push(address, byte, bytes);
    this.#code.append([0xfc, 11, 0]);
  }

  /** `memory.copy`; the places may overlap. */
  copy(to: Operand, from: Operand, bytes: Operand): void {
    this.push(to, from, bytes);
    this.#code.append([0xfc, 10, 0, 0]);
  }

  call(callee: FunctionRef, ...operands: readonly Operand[]): void {
    this.push(...operands);
    this.#code.byte(0x10);
    this.#code.unsigned(callee.index);
  }

  /** `br` to the label leaves it. */
  block(body: (end: Label) => void, result?: ValueType): void {
    this.#structure(0x02, body, result);
  }

  /** `br` to the label repeats it. */
  loop(body: (head: Label) => void, result?: ValueType): void {
    this.#structure(0x03, body, result);
  }

  /** Takes the condition from the stack. */
  if(then: () => void, otherwise?: () => void, result?: ValueType): void {
    this.#structure(
      0x04,
      () => {
        then();
        if (otherwise === undefined) return;
        this.#code.byte(0x05);
        otherwise();
      },
      result,
    );
  }

  br(label: Label): void {
    this.#code.byte(0x0c);
    this.#code.unsigned(this.#depth - label.depth);
  }

  brIf(label: Label, condition?: Operand): void {
    if (condition !== undefined) this.push(condition);
    this.#code.byte(0x0d);
    this.#code.unsigned(this.#depth - label.depth);
  }

  return(value?: Operand): void {
    if (value !== undefined) this.push(value);
    this.#code.byte(0x0f);
  }

  /** The function's body, complete, for the module's code section. */
  finish(): Uint8Array {
    if (this.#depth !== 0) throw new Error("a function ends inside of a block");
    const body = new ByteWriter();
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    body.unsigned(runs.length);
    for (const { type, count } of runs) {
      body.unsigned(count);
      body.byte(valueTypeCode[type]);
    }
    body.append(this.#prologue.bytes());
    body.append(this.#code.bytes());
    body.byte(0x0b);
    return body.bytes();
  }

  #vector(code: number): void {
    this.#code.byte(0xfd);
    this.#code.unsigned(code);
  }

  #structure(opcode: number, body: (label: Label) => void, result: ValueType | undefined): void {
    this.#code.byte(opcode);
    this.#code.byte(result === undefined ? 0x40 : valueTypeCode[result]);
    this.#depth++;
    body({ depth: this.#depth });
    this.#depth--;
    this.#code.byte(0x0b);
  }
}
