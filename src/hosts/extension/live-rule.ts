/** When a run is repeated as one types. Knows no editor. */
import type { DiagnosticReport, RunOutcome, RunRequest } from "../../protocol";

/** `auto` repeats runs that last less than a tenth of a second. */
export type LiveMode = "auto" | "on" | "off";

/** A finished run that may be repeated. */
export interface LastRun {
  readonly action: RunRequest["action"];
  readonly target: RunRequest["target"];
  readonly milliseconds: number;
  /** It was a live run itself, of an engine that had run the same before. */
  readonly warm: boolean;
}

const quickMilliseconds = 100;

/** A first run compiles what it runs; one repetition tells how long it lasts without that. */
const quickWhenCold = 400;

/** A live run that lasts longer is ended, so that a change that makes it endless costs a moment. */
export const liveLimit: Readonly<Record<LiveMode, number>> = { auto: 1000, on: 10_000, off: 0 };

export function isQuick(mode: LiveMode, { milliseconds, warm }: LastRun): boolean {
  return mode === "on" || (mode === "auto" && milliseconds < (warm ? quickMilliseconds : quickWhenCold));
}

export function lastRunOf({ action, target }: RunRequest, { targets }: RunOutcome): LastRun {
  const milliseconds = targets.reduce((sum, report) => sum + report.milliseconds, 0);
  return { action, target, milliseconds, warm: false };
}

/** Codes of what only a change of the text mends; values show the others. */
const ofTheText = /^NN[0-2]/;

/**
 * Whether the text is half-typed where it was run, so that it has errors that the results before did not have: while one
 * types, those are worth more than none.
 */
export function isBroken({ targets, diagnostics }: RunOutcome, before: readonly DiagnosticReport[]): boolean {
  if (targets.length === 0 || errorsIn(diagnostics) > errorsIn(before)) return true;
  return targets.some(({ run }) => run !== null && run.error !== null && ofTheText.test(run.error.code));
}

function errorsIn(diagnostics: readonly DiagnosticReport[]): number {
  return diagnostics.filter(({ severity, code }) => severity === "error" && ofTheText.test(code)).length;
}
