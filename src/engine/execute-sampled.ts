/** Executes an op or a net on sampled inputs, with its gradcheck. */
import type { Diagnostic } from "../language/check";
import type { Net, Op } from "../language/syntax";
import type { GradcheckReport, SampledReport } from "../protocol";
import type { RunContext } from "./execute-run";
import { mendSampled } from "./fixes";
import { blankReport, checkGradients, errorsInRules } from "./gradcheck-report";
import { Places } from "./places";
import { sampleDeclaration } from "./sample-declaration";
import { Target } from "./target";

export interface ExecutedSample {
  readonly report: SampledReport;
  readonly target: Target;
  /** What is wrong in its rules; the rest is told by the check of the file, or as the reason that there is no verdict. */
  readonly diagnostics: readonly Diagnostic[];
}

export function executeSampled(context: RunContext, declaration: Op | Net): ExecutedSample {
  const { module, now } = context;
  const started = now();
  const name = declaration.name.name;
  const places = new Places(module);
  const place = { file: module.id, start: declaration.name.start, end: declaration.name.end };
  const sample = sampleDeclaration(context, declaration);
  const { machine, record, diagnostics: diagnosticsSoFar, applied } = sample;
  const range = places.rangeOf(place);
  let gradcheckReport: GradcheckReport;
  if ("reason" in applied)
    gradcheckReport = blankReport(
      name,
      range,
      null,
      applied.pending === true ? "pending" : "undecided",
      applied.reason,
    );
  else if (!context.gradchecks) gradcheckReport = blankReport(name, range, null, "undecided", "Not checked.");
  else {
    const found = checkGradients({ ...context, errors: diagnosticsSoFar }, machine, record, {
      of: name,
      range,
      at: null,
      root: applied.root,
      leaves: applied.leaves,
      places,
    });
    gradcheckReport = mendSampled(context, declaration, { report: found, record });
  }
  const diagnostics = diagnosticsSoFar();
  const milliseconds = now() - started;
  const report: SampledReport = { name, range, gradcheck: gradcheckReport };
  const failed = diagnostics.some(({ severity }) => severity === "error");
  const status = failed ? "error" : context.gradchecks ? gradcheckReport.verdict : "passed";
  const target = new Target({
    kind: declaration.kind,
    name,
    place,
    module,
    machine,
    record,
    report: {
      run: null,
      sampled: context.gradchecks ? report : null,
      gradchecks: context.gradchecks ? [gradcheckReport] : [],
      status,
      milliseconds,
    },
  });
  return { report, target, diagnostics: errorsInRules(machine, diagnostics) };
}
