/** The report as JUnit XML: a suite for each file's problems, each run, and the sampled ops and nets. */
import {
  blamedSentence,
  type CheckReport,
  type DiagnosticReport,
  type FileReport,
  type GradcheckReport,
  type Report,
  type RunReport,
} from "../../../protocol";
import { checkName, placeText, turnText } from "./wording";

export interface JUnitOptions {
  /** Whether an undecided gradient check counts as a failure; otherwise it is skipped, with its reason. */
  readonly strict: boolean;
  readonly source: (file: string) => string | undefined;
}

interface Case {
  readonly name: string;
  readonly milliseconds: number;
  readonly outcome: {
    readonly kind: "failure" | "error" | "skipped";
    readonly type: string;
    readonly message: string;
    readonly text: string;
  } | null;
}

interface Suite {
  readonly name: string;
  readonly file: string;
  readonly milliseconds: number;
  readonly cases: readonly Case[];
}

export function junitText(report: Report, options: JUnitOptions): string {
  const suites = report.files.flatMap((file) => suitesOf(file, options));
  return [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<testsuites name="nnspec" ${totals(suites)}>`,
    ...suites.flatMap(suiteText),
    "</testsuites>",
    "",
  ].join("\n");
}

function suitesOf(report: FileReport, options: JUnitOptions): Suite[] {
  const { file, diagnostics, runs = [], ops = [], nets = [] } = report;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  // A file without any error is one passed case, so that it does not vanish from the results.
  const problems =
    errors.length > 0
      ? errors.map((error) => problemCase(file, error))
      : [{ name: "no errors", milliseconds: 0, outcome: null }];
  const suites: Suite[] = [
    { name: file, file, milliseconds: 0, cases: problems },
    ...runs.map((run) => runSuite(file, run, options)),
  ];
  const sampled = [
    ...ops.map((op) => ({ kind: "op", ...op })),
    ...nets.map((net) => ({ kind: "net", ...net })),
  ];
  if (sampled.length > 0) {
    const cases = sampled.map(({ kind, name, gradcheck }) =>
      gradcheckCase(file, `${kind} ${name}`, gradcheck, options),
    );
    suites.push({ name: `${file} › ops and nets`, file, milliseconds: sum(cases), cases });
  }
  return suites;
}

function problemCase(file: string, { code, message, range }: DiagnosticReport): Case {
  return {
    name: `${code} at ${placeText(file, range)}`,
    milliseconds: 0,
    outcome: { kind: "error", type: code, message, text: placeText(file, range) },
  };
}

function runSuite(file: string, run: RunReport, options: JUnitOptions): Suite {
  const cases: Case[] = run.checks.map((check) => checkCase(file, check, options));
  cases.push(
    ...run.gradchecks.map((each) =>
      gradcheckCase(file, `gradcheck ${each.of}${turnSuffix(each.at)}`, each, options),
    ),
  );
  if (run.error !== null) {
    const { code, message, range } = run.error;
    cases.push({
      name: "runs to its end",
      milliseconds: 0,
      outcome: { kind: "error", type: code, message, text: placeText(file, range) },
    });
  }
  if (cases.length === 0)
    cases.push({ name: "runs to its end", milliseconds: run.milliseconds, outcome: null });
  return { name: `${file} › ${run.name}`, file, milliseconds: run.milliseconds, cases };
}

function checkCase(file: string, check: CheckReport, { source }: JUnitOptions): Case {
  const { status, message, range, worst, explanation } = check;
  const name = checkName(check, source(file)) + turnSuffix(check.at);
  if (status === "passed") return { name, milliseconds: 0, outcome: null };
  const lines = [placeText(file, range), message];
  if (worst !== null)
    lines.push(
      `at [${worst.index.join(", ")}]: ${String(worst.actual)}, expected ${String(worst.expected)}, tolerance ${String(worst.tolerance)}`,
    );
  if (explanation !== null) lines.push(explanation.message);
  return {
    name,
    milliseconds: 0,
    outcome: {
      kind: status === "error" ? "error" : "failure",
      type: status,
      message,
      text: lines.join("\n"),
    },
  };
}

function gradcheckCase(file: string, name: string, report: GradcheckReport, { strict }: JUnitOptions): Case {
  const { verdict, reason, blame, range, milliseconds } = report;
  if (verdict === "passed") return { name, milliseconds, outcome: null };
  const blamed = blame.map(blamedSentence);
  const kind = verdict === "undecided" && !strict ? "skipped" : "failure";
  const message = reason ?? blamed[0] ?? verdict;
  return {
    name,
    milliseconds,
    outcome: { kind, type: verdict, message, text: [placeText(file, range), ...blamed].join("\n") },
  };
}

function turnSuffix(at: CheckReport["at"]): string {
  return at === null ? "" : ` (${turnText(at)})`;
}

function suiteText(suite: Suite): string[] {
  return [
    `  <testsuite name="${escaped(suite.name)}" file="${escaped(suite.file)}" ${totals([suite])}>`,
    ...suite.cases.flatMap((each) => caseText(suite, each)),
    "  </testsuite>",
  ];
}

function caseText(suite: Suite, { name, milliseconds, outcome }: Case): string[] {
  const head = `    <testcase classname="${escaped(suite.name)}" name="${escaped(name)}" time="${seconds(milliseconds)}"`;
  if (outcome === null) return [`${head}/>`];
  const { kind, type, message, text } = outcome;
  const attributes =
    kind === "skipped"
      ? `message="${escaped(message)}"`
      : `type="${escaped(type)}" message="${escaped(message)}"`;
  return [`${head}>`, `      <${kind} ${attributes}>${escaped(text)}</${kind}>`, "    </testcase>"];
}

function totals(suites: readonly Suite[]): string {
  const cases = suites.flatMap((suite) => suite.cases);
  const count = (kind: string): number => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  const time = suites.reduce((total, suite) => total + suite.milliseconds, 0);
  return `tests="${String(cases.length)}" failures="${String(count("failure"))}" errors="${String(count("error"))}" skipped="${String(count("skipped"))}" time="${seconds(time)}"`;
}

function sum(cases: readonly Case[]): number {
  return cases.reduce((total, { milliseconds }) => total + milliseconds, 0);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(6);
}

/** XML 1.0 allows no control characters but tab and line ends, and no half of a surrogate pair. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
