/** Executes an op or a net on sampled inputs, with its gradcheck. */
import type { Diagnostic } from "../language/check";
import type { Net, Op } from "../language/syntax";
import type { GradcheckReport, SampledReport } from "../protocol";
import type { RunContext } from "./execute-run";
import { mendSampled } from "./fixes";
import { blankReport, checkGradients } from "./gradcheck-report";
import { Places } from "./places";
import { sampleDeclaration } from "./sample-declaration";
import { Target } from "./target";

export interface ExecutedSample {
  readonly report: SampledReport;
  readonly target: Target;
  readonly diagnostics: readonly Diagnostic[];
}

export function executeSampled(context: RunContext, declaration: Op | Net): ExecutedSample {
  const { module, now } = context;
  const started = now();
  const name = declaration.name.name;
  const places = new Places(module);
  const place = { file: module.id, start: declaration.name.start, end: declaration.name.end };
  const { machine, record, diagnostics, applied } = sampleDeclaration(context, declaration);
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
    const found = checkGradients(context, machine, record, {
      of: name,
      range,
      at: null,
      root: applied.root,
      leaves: applied.leaves,
      places,
    });
    gradcheckReport = mendSampled(context, declaration, { report: found, record });
  }
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
  return { report, target, diagnostics };
}
