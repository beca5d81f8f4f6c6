/** Puts the parts of the elaborator together: one object that reports, evaluates, executes and calls. */
import type { Expression, Span, Statement } from "../syntax";
import { callValue } from "./calls";
import type { CallSite } from "./call-site";
import { problems } from "./diagnostics/catalogue";
import type { Diagnostic, Place, Problem } from "./diagnostics/diagnostic";
import { placeOf, type Elaboration, type ReapplyOptions, type ReportExtras } from "./elaboration";
import { evaluateExpression } from "./expressions";
import { Facts } from "./facts";
import type { Frame } from "./frame";
import { reapplyLayer } from "./instances";
import type { Library } from "./machine";
import { executeStatements } from "./statements";
import type { LayerValue, TensorValue, Value } from "./value";

export interface ElaboratorOptions {
  readonly library: Library | undefined;
  /** Units of work before unrolling stops. */
  readonly budget: number;
  /** Polled now and then, with what is being done; throwing from it abandons the elaboration. */
  readonly poll?: (what?: string) => void;
}

/** Collects diagnostics, one for each place and code. */
export class Elaborator implements Elaboration {
  readonly facts: Facts;
  readonly library: Library | undefined;
  readonly #diagnostics = new Map<string, Diagnostic>();
  readonly #poll: ((what?: string) => void) | undefined;
  #budget: number;
  #exhausted = false;

  constructor({ library, budget, poll }: ElaboratorOptions, facts = new Facts()) {
    this.library = library;
    this.facts = facts;
    this.#budget = budget;
    this.#poll = poll;
  }

  get diagnostics(): readonly Diagnostic[] {
    return [...this.#diagnostics.values()];
  }

  report(frame: Frame, problem: Problem, span: Span, extras: ReportExtras = {}): void {
    // After the last unit what seems to be missing may only not have been reached.
    if (frame.silent || this.#exhausted) return;
    this.add({
      ...problem,
      place: placeOf(frame, span),
      related: [...(extras.related ?? []), ...appliedHere(frame)],
      fixes: extras.fixes ?? [],
    });
  }

  add(diagnostic: Diagnostic): void {
    const { file, start, end } = diagnostic.place;
    const key = `${diagnostic.code} ${file} ${String(start)} ${String(end)}`;
    if (!this.#diagnostics.has(key)) this.#diagnostics.set(key, diagnostic);
  }

  evaluate(frame: Frame, expression: Expression): Value {
    return evaluateExpression(this, frame, expression);
  }

  execute(frame: Frame, statements: readonly Statement[]): void {
    executeStatements(this, frame, statements);
  }

  call(frame: Frame, callee: Value, site: CallSite): Value {
    return callValue(this, frame, callee, site);
  }

  reapply(frame: Frame, layer: LayerValue, inputs: readonly TensorValue[], options: ReapplyOptions): Value {
    return reapplyLayer(this, frame, layer, inputs, options);
  }

  /** What is left to spend. */
  get budget(): number {
    return this.#budget;
  }

  tell(what: string): void {
    this.#poll?.(what);
  }

  spend(frame: Frame, span: Span): boolean {
    this.#budget -= 1;
    if (this.#budget % 256 === 0) this.#poll?.();
    if (this.#budget > 0) return true;
    if (!this.#exhausted && frame.machine !== undefined) {
      this.add({
        ...problems.tooLarge("The unrolled program"),
        place: placeOf(frame, span),
        related: [],
        fixes: [],
      });
    }
    this.#exhausted = true;
    return false;
  }
}

function appliedHere(frame: Frame): { readonly place: Place; readonly message: string }[] {
  return frame.appliedAt === undefined ? [] : [{ place: frame.appliedAt, message: "Applied here" }];
}
