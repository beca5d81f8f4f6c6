/** The report as SARIF 2.1.0: diagnostics, and checks and gradient checks that did not pass. */
import {
  blamedSentence,
  type CheckReport,
  type DiagnosticReport,
  type Explanation,
  type FileReport,
  type FixReport,
  type GradcheckReport,
  type Range,
  type Report,
  type RunReport,
  type Severity,
} from "../../../protocol";
import { checkName, turnText } from "./wording";

export interface SarifOptions {
  readonly version: string;
  /** Whether an undecided gradient check is an error, rather than a warning. */
  readonly strict: boolean;
  readonly source: (file: string) => string | undefined;
  /** The file as a URI reference: relative to the working directory where it lies below it. */
  readonly uri: (file: string) => string;
}

interface Result {
  readonly ruleId: string;
  readonly level: "error" | "warning" | "note";
  readonly message: { readonly text: string };
  readonly locations: readonly unknown[];
  readonly relatedLocations?: readonly unknown[];
  readonly fixes?: readonly unknown[];
}

const levels: Readonly<Record<Severity, Result["level"]>> = {
  error: "error",
  warning: "warning",
  information: "note",
  hint: "note",
};

/** What the rules that are not diagnostics mean. */
const ruleTexts: Readonly<Record<string, string>> = {
  "check-failed": "A check does not hold.",
  "check-pending": "A check depends on a hole.",
  "check-error": "A check could not be carried out.",
  "gradcheck-failed": "A hand-written rule is not the derivative.",
  "gradcheck-pending": "A gradient check depends on a hole.",
  "gradcheck-undecided": "A gradient check came to no verdict.",
};

export function sarifText(report: Report, options: SarifOptions): string {
  const results = report.files.flatMap((file) => resultsOf(file, options));
  const rules = [...new Set(results.map(({ ruleId }) => ruleId))]
    .sort()
    .map((id) => (ruleTexts[id] === undefined ? { id } : { id, shortDescription: { text: ruleTexts[id] } }));
  const driver = { name: "nnspec", version: options.version, rules };
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultsOf(report: FileReport, options: SarifOptions): Result[] {
  const { file, diagnostics, runs = [], ops = [], nets = [] } = report;
  return [
    ...diagnostics.map((diagnostic) => diagnosticResult(file, diagnostic, options)),
    ...runs.flatMap((run) => runResults(report, run, options)),
    ...[...ops, ...nets].flatMap(({ name, gradcheck }) =>
      gradcheckResults(file, { ...gradcheck, of: name }, options),
    ),
  ];
}

function diagnosticResult(file: string, diagnostic: DiagnosticReport, options: SarifOptions): Result {
  const { code, severity, message, range, related, fixes = [] } = diagnostic;
  return {
    ruleId: code,
    level: levels[severity],
    message: { text: message },
    locations: [location(options, file, range)],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((place, id) => ({
            id,
            ...location(options, place.file, place.range),
            message: { text: place.message },
          })),
        }),
    ...(fixes.length === 0 ? {} : { fixes: fixes.map((fix) => sarifFix(options, file, fix)) }),
  };
}

function sarifFix(options: SarifOptions, file: string, { title, file: other, edits }: FixReport): unknown {
  const replacements = edits.map(({ range, newText }) => ({
    deletedRegion: region(range),
    insertedContent: { text: newText },
  }));
  return {
    description: { text: title },
    artifactChanges: [{ artifactLocation: { uri: options.uri(other ?? file) }, replacements }],
  };
}

function runResults({ file, diagnostics }: FileReport, run: RunReport, options: SarifOptions): Result[] {
  const { error } = run;
  const told = diagnostics.some(
    ({ code, range }) =>
      code === error?.code &&
      range.start.line === error.range.start.line &&
      range.start.character === error.range.start.character,
  );
  const stopped: Result[] =
    error === null || told
      ? []
      : [
          {
            ruleId: error.code,
            level: "error",
            message: { text: error.message },
            locations: [location(options, file, error.range)],
          },
        ];
  return [
    ...stopped,
    ...run.checks.flatMap((check) => checkResults(file, check, options)),
    ...run.gradchecks.flatMap((each) => gradcheckResults(file, each, options)),
  ];
}

function checkResults(file: string, check: CheckReport, options: SarifOptions): Result[] {
  if (check.status === "passed") return [];
  const turn = check.at === null ? "" : ` (${turnText(check.at)})`;
  const because = check.explanation === null ? "" : ` ${check.explanation.message}`;
  const text = `${checkName(check, options.source(file))}${turn}: ${check.message}${because}`;
  return [
    {
      ruleId: `check-${check.status}`,
      level: "error",
      message: { text },
      locations: [location(options, file, check.range)],
      ...explanationFixes(options, file, check.explanation),
    },
  ];
}

function gradcheckResults(file: string, report: GradcheckReport, options: SarifOptions): Result[] {
  const { verdict, of, reason, blame, range } = report;
  if (verdict === "passed") return [];
  const turn = report.at === null ? "" : ` (${turnText(report.at)})`;
  const base = {
    ruleId: `gradcheck-${verdict}`,
    level: verdict === "undecided" && !options.strict ? ("warning" as const) : ("error" as const),
  };
  const head = `gradcheck ${of}${turn} ${verdict}`;
  if (blame.length === 0) {
    return [
      {
        ...base,
        message: { text: reason === null ? `${head}.` : `${head}: ${reason}` },
        locations: [location(options, file, range)],
      },
    ];
  }
  const asked = { id: 0, ...location(options, file, range), message: { text: "Checked here" } };
  return blame.map((each) => ({
    ...base,
    message: { text: `${head}: ${blamedSentence(each)}` },
    locations: [location(options, each.file ?? file, each.range)],
    relatedLocations:
      each.ruleRange === undefined
        ? [asked]
        : [
            asked,
            {
              id: 1,
              ...location(options, each.file ?? file, each.ruleRange),
              message: { text: `${each.rule} is wrong by way of it` },
            },
          ],
    ...explanationFixes(options, file, each.explanation),
  }));
}

function explanationFixes(
  options: SarifOptions,
  file: string,
  explanation: Explanation | null,
): Pick<Result, "fixes"> {
  const fixes = [explanation?.fix, explanation?.otherFix].flatMap((fix) => fix ?? []);
  return fixes.length === 0 ? {} : { fixes: fixes.map((fix) => sarifFix(options, file, fix)) };
}

function location({ uri }: SarifOptions, file: string, range: Range) {
  return { physicalLocation: { artifactLocation: { uri: uri(file) }, region: region(range) } };
}

/** Counted from 1, the end exclusive. */
function region({ start, end }: Range) {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}
