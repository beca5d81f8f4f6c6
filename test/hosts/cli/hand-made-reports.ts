/** Reports made by hand, for the report builders' tests; none of their numbers matters. */
import type {
  CheckReport,
  DiagnosticReport,
  Explanation,
  FileReport,
  GradcheckReport,
  Range,
  Report,
  RunReport,
} from "../../../src/protocol";
import type { Page } from "../../../src/hosts/cli/report/page";
import { plain, type Paint } from "../../../src/hosts/cli/report/paint";

export function rangeAt(line: number, character: number, length = 1): Range {
  return { start: { line, character }, end: { line, character: character + length } };
}

export function pageOf(texts: Readonly<Record<string, string>>, paint: Paint = plain, width = 80): Page {
  return { paint, width, source: (file) => texts[file] };
}

export function aCheck(more: Partial<CheckReport> = {}): CheckReport {
  const range = rangeAt(1, 2, 10);
  return {
    label: "a label",
    range,
    at: null,
    status: "passed",
    message: "Equal.",
    worst: null,
    explanation: null,
    ...more,
  };
}

export const anExplanation: Explanation = {
  kind: "transposed",
  factor: null,
  expression: null,
  fit: 2e-16,
  runnerUp: { kind: "sign", fit: 0.4 },
  message: "It fits the transpose.",
};

export function aGradcheck(more: Partial<GradcheckReport> = {}): GradcheckReport {
  return {
    of: "m.J",
    range: rangeAt(4, 2, 13),
    at: null,
    verdict: "passed",
    reason: null,
    entries: 23,
    worstError: 3.1e-10,
    milliseconds: 0.41,
    leaves: [
      {
        name: "m.W1",
        verdict: "passed",
        entries: 12,
        worst: { index: [0, 2], rule: 0.5, autodiff: 0.5, forward: 0.5, finiteDifference: 0.50000001 },
      },
      { name: "m.b1", verdict: "passed", entries: 3, worst: null },
    ],
    adjoint: [{ op: "linear", rule: "W", error: 2e-16 }],
    slope: { value: 2, steps: [0.1, 0.01], remainders: [1e-2, 1e-4] },
    kinks: [],
    blame: [],
    ...more,
  };
}

/** A hand rule that gives the transpose. */
export function aFailedGradcheck(more: Partial<GradcheckReport> = {}): GradcheckReport {
  return aGradcheck({
    verdict: "failed",
    leaves: [
      {
        name: "m.W1",
        verdict: "failed",
        entries: 12,
        worst: { index: [0, 2], rule: 0.75, autodiff: 0.5, forward: 0.5, finiteDifference: 0.50000001 },
      },
    ],
    adjoint: [{ op: "linear", rule: "W", error: 0.3 }],
    kinks: [{ node: "m.h", op: "relu", range: rangeAt(2, 2), index: [3, 1] }],
    blame: [
      {
        op: "linear",
        rule: "vjp W",
        node: "m.s1",
        range: rangeAt(7, 2),
        file: "lib.nnspec",
        index: [2, 0],
        explanation: anExplanation,
      },
    ],
    ...more,
  });
}

export function aRun(more: Partial<RunReport> = {}): RunReport {
  return {
    name: "a_run",
    range: rangeAt(0, 4, 5),
    milliseconds: 3.2,
    status: "passed",
    error: null,
    checks: [],
    gradchecks: [],
    shown: [],
    ...more,
  };
}

export function aDiagnostic(more: Partial<DiagnosticReport> = {}): DiagnosticReport {
  return {
    code: "NN202",
    severity: "error",
    message: "Sizes differ.",
    range: rangeAt(1, 4, 3),
    related: [],
    ...more,
  };
}

export function aFile(more: Partial<FileReport> = {}): FileReport {
  return { file: "a.nnspec", diagnostics: [], ...more };
}

export function aReport(...files: readonly FileReport[]): Report {
  return { schema: 1, files };
}
