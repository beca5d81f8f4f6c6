/** Who reads each value of a program, and which values are wanted at all. Knows nothing of steps. */
import { isContiguous, type Access } from "../program/access";
import type { Program } from "../program/program";
import { operandsOf, type Value } from "../program/value";
import type { Shape } from "../../tensor";

export interface Use {
  readonly consumer: number;
  readonly access: Access;
}

export interface Usage {
  /** By value; empty for those that nobody wants. */
  readonly uses: readonly (readonly Use[])[];
  /** Whether something depends on the value, or it is wanted itself. */
  readonly isAlive: readonly boolean[];
  /** Values that must be in memory when the run has ended. */
  readonly isWanted: readonly boolean[];
}

export function usageOf({ values, outputs, updates, guard }: Program): Usage {
  const uses: Use[][] = values.map(() => []);
  const isAlive = values.map(() => false);
  const isWanted = values.map(() => false);
  const wanted = [...outputs, ...updates.map(({ access }) => access)];
  if (guard !== undefined) wanted.push(guard);
  for (const { value } of wanted) {
    isWanted[value] = true;
    isAlive[value] = true;
  }
  for (let consumer = values.length - 1; consumer >= 0; consumer--) {
    if (!isAlive[consumer]) continue;
    for (const access of operandsOf(values[consumer]!)) {
      isAlive[access.value] = true;
      uses[access.value]!.push({ consumer, access });
    }
  }
  return { uses, isAlive, isWanted };
}

/** The shape without what broadcasting ignores. */
export function squeezed(shape: Shape): number[] {
  return shape.filter((size) => size !== 1);
}

/** The shape of the loop that computes the value; undefined where none does. */
export function loopShape(value: Value): Shape | undefined {
  if (value.kind === "elementwise") return value.shape;
  return value.kind === "fold" ? value.operand.shape : undefined;
}

/** Whether the access reads all elements of the value in their order, in a shape that differs in sizes of 1 only. */
export function isAligned(access: Access, value: Value): boolean {
  if (access.offset !== 0 || !isContiguous(access)) return false;
  const [own, other] = [squeezed(access.shape), squeezed(value.shape)];
  return own.length === other.length && own.every((size, axis) => size === other[axis]);
}
