/** A call as the callee sees it: evaluated arguments and the places of everything. */
import type { ArgumentPath, Expression, Span } from "../syntax";
import type { Value } from "./value";

export interface CallArgument {
  /** `name = …`, `W[1] = …`, `fc.W = …`. */
  readonly path: ArgumentPath | undefined;
  readonly value: Value;
  readonly expression: Expression;
  readonly span: Span;
  /** What messages call it, where that is not what is written. */
  readonly text?: string;
}

export interface CallSite {
  /** The whole call. */
  readonly span: Span;
  /** The callee as written. */
  readonly callee: Span;
  readonly calleeText: string;
  readonly arguments: readonly CallArgument[];
}
