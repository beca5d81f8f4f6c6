/** Executes an op or a net on sampled inputs, with its gradcheck. */
import type { Diagnostic } from "../language/check";
import type { Net, Op } from "../language/syntax";
import type { GradcheckReport, SampledReport } from "../protocol";
import type { RunContext } from "./execute-run";
import { mendSampled } from "./fixes";
import { blankReport, checkGradients, errorsInRules } from "./gradcheck-report";
import { Places } from "./places";
import { domainsText, noDomainText } from "./sample-domains";
import { placeOfInput, type DeclarationSample } from "./sample-declaration";
import { isFiniteDraw, sampleDraws } from "./sample-draws";
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
  const place = placeOfInput(module, declaration);
  const range = places.rangeOf(place);
  // A rule may be wrong where another draw takes it.
  let checked: Checked | undefined;
  for (const sample of sampleDraws(context, declaration)) {
    const next = { sample, report: check(context, declaration, sample, places) };
    if (checked === undefined || next.report.verdict === "failed") checked = next;
    if (checked.report.verdict === "failed" || !context.gradchecks) break;
  }
  if (checked === undefined) throw new Error("a declaration has at least one draw");
  const { machine, record, diagnostics: diagnosticsSoFar } = checked.sample;
  const gradcheckReport = checked.report;
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

interface Checked {
  readonly sample: DeclarationSample;
  readonly report: GradcheckReport;
}

function check(
  context: RunContext,
  declaration: Op | Net,
  sample: DeclarationSample,
  places: Places,
): GradcheckReport {
  const { machine, record, diagnostics, applied, domains } = sample;
  const { name } = declaration.name;
  const range = places.rangeOf(placeOfInput(context.module, declaration));
  if ("reason" in applied) {
    const verdict = applied.pending === true ? "pending" : "undecided";
    return blankReport(name, range, null, verdict, applied.reason);
  }
  if (!context.gradchecks) return blankReport(name, range, null, "undecided", "Not checked.");
  const found = checkGradients({ ...context, errors: diagnostics }, machine, record, {
    of: name,
    range,
    at: null,
    root: applied.root,
    leaves: applied.leaves,
    places,
  });
  const told = domainsText(domains);
  const reason =
    found.verdict === "undecided" && !isFiniteDraw(sample)
      ? noDomainText(found.reason ?? "It gives no number", declaration.inputs)
      : (found.reason ?? told);
  return mendSampled(context, declaration, { report: { ...found, reason }, record });
}
