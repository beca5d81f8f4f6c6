/**
 * Why an operator refuses its operands, as data: the language's catalogue makes the sentence, with names and origins.
 * Also faults: what only values can show. Knows nothing of text or graphs.
 */
import type { Dim, DType } from "../tensor";

/** A dimension of an operand: `axis` of input `input` (of its `item`-th tensor where the input is a list). */
export interface DimRef {
  readonly input: string;
  readonly item?: number;
  readonly axis: number;
  readonly dim: Dim;
}

export type Rejection =
  /** Two dimensions that must be equal are not: `rule` says why, as in "`@` needs equal inner dimensions". */
  | {
      readonly kind: "unequal-dimensions";
      readonly rule: string;
      readonly left: DimRef;
      readonly right: DimRef;
    }
  /** Two operands that cannot be broadcast together. */
  | { readonly kind: "broadcast"; readonly left: DimRef; readonly right: DimRef }
  /** An operand of the wrong number of dimensions; `needs` as in "a matrix" or "2 to 4 dimensions". */
  | {
      readonly kind: "rank";
      readonly input: string;
      readonly item?: number;
      readonly found: number;
      readonly needs: string;
    }
  /** A dimension that must have a certain size, as in "12 elements cannot be reshaped to [5, -1]". */
  | { readonly kind: "size"; readonly at: DimRef; readonly needs: string }
  /** An operand of the wrong element type. */
  | { readonly kind: "dtype"; readonly input: string; readonly found: DType; readonly needs: string }
  /** `dim = 3` of a tensor with 2 dimensions. */
  | {
      readonly kind: "dim-out-of-range";
      readonly attribute: string;
      readonly found: number;
      readonly rank: number;
    }
  /** An attribute whose value is refused: `message` is a whole clause, as in "stride must be at least 1, not 0". */
  | { readonly kind: "attribute"; readonly attribute: string; readonly message: string }
  /** Anything else, at an operand or the whole call: a whole sentence. */
  | { readonly kind: "other"; readonly input?: string; readonly message: string };

export interface Rejected {
  readonly rejected: Rejection;
}

export function reject(rejected: Rejection): Rejected {
  return { rejected };
}

export function isRejected(value: object): value is Rejected {
  return "rejected" in value;
}

/** What is wrong with values: a label out of range, an index past the end. `index` is the element of `input` at fault. */
export interface Fault {
  readonly fault: {
    readonly kind: "index-out-of-range" | "value" | "memory";
    readonly input: string;
    readonly index: readonly number[] | undefined;
    /** A whole clause, as in "label 7 is not one of 0 … 2". */
    readonly message: string;
  };
}

export function isFault(value: object): value is Fault {
  return "fault" in value;
}
