/** What a run found, as problems at places: failed checks, blamed rules, faults. Knows no editor. */
import {
  blamedSentence,
  type BlameReport,
  type DiagnosticReport,
  type GradcheckReport,
  type Range,
  type Severity,
  type TargetReport,
} from "../../protocol";
import { explained, gradchecksOf, indexText } from "./verdict-text";

export interface RunProblem {
  /** Another file than the run's, where it is in one. */
  readonly file: string | null;
  readonly range: Range;
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly related: readonly {
    readonly file: string | null;
    readonly range: Range;
    readonly message: string;
  }[];
}

/** The catalogue's codes for what only a run can find. */
const isOfRun = ({ code }: DiagnosticReport): boolean => code.startsWith("NN5");

/** Everything worth a squiggle in the given reports and in the run's own diagnostics. */
export function problemsOf(
  targets: readonly TargetReport[],
  diagnostics: readonly DiagnosticReport[],
): readonly RunProblem[] {
  const found = [
    // What the checker finds is the language server's to tell.
    ...diagnostics.filter(isOfRun).map(({ code, severity, message, range, related }): RunProblem => ({
      file: null,
      code,
      severity,
      message,
      range,
      related,
    })),
    ...targets.flatMap(problemsOfTarget),
  ];
  const seen = new Set<string>();
  return found.filter(({ file, range, code, message }) => {
    const key = JSON.stringify([file, range, code, message]);
    return !seen.has(key) && seen.add(key);
  });
}

function problemsOfTarget(target: TargetReport): readonly RunProblem[] {
  const problems: RunProblem[] = [];
  for (const { status, range, label, message, explanation, blame = [] } of target.run?.checks ?? []) {
    // One that depends on an error is not wrong itself: the error has its own place.
    if (status !== "failed") continue;
    const named = label === null ? message : `${label}: ${message}`;
    // Rules that are blamed are told at their places.
    const told = explanation === null || blame.length > 0 ? named : `${named}\n${explanation.message}`;
    problems.push({
      file: null,
      range,
      severity: "error",
      code: "check",
      message: told,
      related: blame.map((each) => ({
        file: each.file ?? null,
        range: each.range,
        message: blamedSentence(each),
      })),
    });
  }
  for (const gradcheck of gradchecksOf(target)) problems.push(...problemsOfGradcheck(target, gradcheck));
  return problems;
}

/** The rule that is wrong by way of a blamed value. */
function inherited({ rule, ruleRange, file }: BlameReport): RunProblem["related"] {
  return ruleRange === undefined
    ? []
    : [{ file: file ?? null, range: ruleRange, message: `${rule} is wrong by way of it` }];
}

function problemsOfGradcheck({ kind }: TargetReport, gradcheck: GradcheckReport): readonly RunProblem[] {
  if (gradcheck.verdict !== "failed") return [];
  const { of, range, blame, leaves } = gradcheck;
  if (blame.length > 0) {
    const related = kind === "run" ? [{ file: null, range, message: `Found by the gradcheck of ${of}` }] : [];
    return blame.map((each) => ({
      file: each.file ?? null,
      range: each.range,
      severity: "error",
      code: "gradcheck",
      message: `${explained(each)} (at ${each.node}, entry ${indexText(each.index)})`,
      related: [...inherited(each), ...related],
    }));
  }
  const wrong = leaves.filter(({ verdict }) => verdict === "failed").map(({ name }) => name);
  const message = `The gradient of ${of} with respect to ${wrong.join(", ")} is not what finite differences say.`;
  return [{ file: null, range, severity: "error", code: "gradcheck", message, related: [] }];
}
