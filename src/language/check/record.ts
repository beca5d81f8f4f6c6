/** What elaborating a run leaves behind for whoever executes it: checks, gradchecks, values to show, named nodes. */
import type { Expression, Op, Run } from "../syntax";
import type { Place } from "./diagnostics/diagnostic";
import type { Turn } from "./frame";
import type { InstanceValue, PassValue, TensorValue, Value } from "./value";

export interface RunRecord {
  readonly run: Run | undefined;
  readonly checks: CheckPlan[];
  readonly gradchecks: GradcheckPlan[];
  readonly shown: NamedValue[];
  readonly plots: { readonly place: Place; readonly turn: Turn; readonly series: readonly NamedValue[] }[];
  /** Every named node, in order of making. */
  readonly named: NamedNode[];
  readonly passes: PassValue[];
  readonly instances: InstanceValue[];
  /** The hyperparameters of the first application of each op. */
  readonly applied: Map<Op, ReadonlyMap<string, Value>>;
}

export function emptyRecord(run?: Run): RunRecord {
  return {
    run,
    checks: [],
    gradchecks: [],
    shown: [],
    plots: [],
    named: [],
    passes: [],
    instances: [],
    applied: new Map(),
  };
}

export interface NamedValue {
  readonly name: string;
  readonly place: Place;
  readonly turn: Turn;
  readonly value: Value;
}

export interface NamedNode {
  /** Its name in the body that makes it: `z[1]`. */
  readonly name: string;
  /** The instance whose body that is; undefined in the run itself. */
  readonly owner: InstanceValue | undefined;
  readonly role: "parameter" | "input" | "draw" | "value" | "gradient";
  readonly value: TensorValue;
  readonly place: Place;
  readonly turn: Turn;
}

export interface CheckPlan {
  readonly label: string | undefined;
  readonly place: Place;
  readonly turn: Turn;
  readonly condition: Condition;
  /** The constants in scope that are no whole numbers, by name. */
  readonly rates: () => ReadonlyMap<string, number>;
  /** The passes in scope, by name: `d`, `d[2]`. */
  readonly passes: () => ReadonlyMap<string, PassValue>;
}

export interface TolerancePlan {
  readonly absolute: number;
  readonly relative: number;
}

/** A check's condition: each comparison is reduced with `all` before `and or not`. */
export type Condition =
  | {
      readonly kind: "comparison";
      readonly operator: string;
      readonly left: Value;
      readonly right: Value;
      readonly tolerance: TolerancePlan;
      readonly place: Place;
      readonly expressions: readonly [Expression, Expression];
    }
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly operand: Condition; readonly place: Place }
  | { readonly kind: "truth"; readonly value: Value; readonly place: Place };

export interface GradcheckPlan {
  readonly text: string;
  readonly of: Value;
  readonly wrt: readonly NamedValue[];
  readonly tolerance: TolerancePlan | undefined;
  readonly place: Place;
  readonly turn: Turn;
}
