/**
 * What one turn of a fused loop computes for each element: a list of operations in single assignment. Knows nothing of
 * instructions or addresses.
 */
import type { Intrinsic, ScalarExpression } from "../../ops";
import type { DType } from "../../tensor";

/** Truth values are masks: all bits of a lane set, or none. */
export type LaneType = "f32" | "f64" | "mask";

export type LaneOperation =
  | { readonly kind: "load"; readonly input: number; readonly type: LaneType }
  | { readonly kind: "constant"; readonly value: number; readonly type: "f32" | "f64" }
  | { readonly kind: "convert"; readonly operand: number; readonly type: LaneType }
  | {
      readonly kind: "intrinsic";
      readonly name: Intrinsic;
      /** Numbers of type `working`, or masks where the intrinsic takes truth values. */
      readonly operands: readonly number[];
      readonly working: "f32" | "f64";
      readonly type: LaneType;
    };

export function laneTypeOf(dtype: DType): LaneType {
  return dtype === "bool" ? "mask" : dtype === "float32" ? "f32" : "f64";
}

const comparisons: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  "less",
  "lessEqual",
  "greater",
  "greaterEqual",
  "equal",
  "notEqual",
  "isnan",
]);
const connectives: ReadonlySet<Intrinsic> = new Set<Intrinsic>(["and", "or", "not"]);

/** Collects operations; equal ones are one. */
export class LaneProgramBuilder {
  readonly operations: LaneOperation[] = [];
  readonly #known = new Map<string, number>();

  load(input: number, dtype: DType): number {
    const type = laneTypeOf(dtype);
    return this.#add(`load ${input}`, { kind: "load", input, type });
  }

  constant(value: number, type: "f32" | "f64"): number {
    const rounded = type === "f32" ? Math.fround(value) : value;
    const key = `${type} ${Object.is(rounded, -0) ? "-0" : String(rounded)}`;
    return this.#add(key, { kind: "constant", value: rounded, type });
  }

  /** The same in another type: rounded or widened, 1 and 0 of a mask, not 0 of a number. */
  as(operand: number, type: LaneType): number {
    const own = this.operations[operand]!;
    if (own.type === type) return operand;
    if (own.kind === "constant" && type !== "mask") return this.constant(own.value, type);
    return this.#add(`convert ${operand} ${type}`, { kind: "convert", operand, type });
  }

  /** The expression of these variables, computed in `working`. */
  expression(expression: ScalarExpression, variables: readonly number[], working: "f32" | "f64"): number {
    const made = new Map<ScalarExpression, number>();
    const visit = (at: ScalarExpression): number => {
      let id = made.get(at);
      if (id === undefined) {
        id =
          at.kind === "variable"
            ? variables[at.index]!
            : at.kind === "constant"
              ? this.constant(at.value, working)
              : this.#intrinsic(at.name, at.operands.map(visit), working);
        made.set(at, id);
      }
      return id;
    };
    return visit(expression);
  }

  #intrinsic(name: Intrinsic, given: readonly number[], working: "f32" | "f64"): number {
    const record = (operands: readonly number[], type: LaneType): number =>
      this.#add(`${name} ${working} ${operands.join(" ")}`, {
        kind: "intrinsic",
        name,
        operands,
        working,
        type,
      });
    const number = (id: number): number => this.as(id, working);
    if (connectives.has(name))
      return record(
        given.map((id) => this.as(id, "mask")),
        "mask",
      );
    if (comparisons.has(name)) {
      // A truth value that is compared with 0 is itself.
      const [x, y] = given.map((id) => this.operations[id]!);
      if (name === "notEqual" && x?.type === "mask" && y?.kind === "constant" && y.value === 0)
        return given[0]!;
      return record(given.map(number), "mask");
    }
    if (name === "where") {
      const [condition, x, y] = given as [number, number, number];
      const masks = [x, y].every((id) => this.operations[id]!.type === "mask");
      const chosen = masks ? [x, y] : [number(x), number(y)];
      return record([this.as(condition, "mask"), ...chosen], masks ? "mask" : working);
    }
    return record(given.map(number), working);
  }

  #add(key: string, operation: LaneOperation): number {
    let id = this.#known.get(key);
    if (id === undefined) {
      id = this.operations.push(operation) - 1;
      this.#known.set(key, id);
    }
    return id;
  }
}
