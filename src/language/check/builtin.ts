/** What a built-in function of the language is: everything that is no operator on tensors. Knows nothing of any one. */
import type { Call, Expression } from "../syntax";
import type { Elaboration } from "./elaboration";
import type { Frame } from "./frame";
import type { Value } from "./value";

/** One argument as written, evaluated. */
export interface GivenArgument {
  readonly name: string | undefined;
  readonly value: Value;
  readonly expression: Expression;
}

/** A parameter of a builtin; without a default it must be given. */
export interface BuiltinParameter {
  readonly name: string;
  /** What the signature shows after `=`, where it may be left out. */
  readonly default?: string;
  /** Takes all further positional arguments. */
  readonly rest?: boolean;
}

export interface BuiltinCall {
  readonly elaboration: Elaboration;
  readonly frame: Frame;
  readonly site: Call;
  /** By parameter name; a rest parameter's under `name`, `name 2`, … are in `rest`. */
  readonly arguments: ReadonlyMap<string, GivenArgument>;
  readonly rest: readonly GivenArgument[];
}

export interface Builtin {
  readonly name: string;
  readonly doc: string;
  readonly parameters: readonly BuiltinParameter[];
  call(call: BuiltinCall): Value;
}
