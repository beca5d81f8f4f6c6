/** The results of a document as the command line's `--json` writes them, and without their tensors. Knows no editor. */
import { nameNonFinite, resultSchema, type FileReport, type Report, type TargetReport } from "../../protocol";
import type { DocumentResults } from "./document-results";

export function reportBytes(file: string, results: DocumentResults): Uint8Array {
  const reports = results.targets().map((each) => results.looked(each).report);
  const sampledOf = (kind: "op" | "net"): FileReport["ops"] =>
    reports.flatMap((report) => (report.kind === kind && report.sampled !== null ? [report.sampled] : []));
  const whole: Report = {
    schema: resultSchema,
    files: [
      {
        file,
        diagnostics: results.problems,
        runs: reports.flatMap(({ run }) => (run === null ? [] : [run])),
        ops: sampledOf("op") ?? [],
        nets: sampledOf("net") ?? [],
      },
    ],
  };
  return new TextEncoder().encode(`${JSON.stringify(nameNonFinite(plain(whole)), undefined, 2)}\n`);
}

/** Typed arrays as lists: JSON knows no others. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array); // Reports hold arrays of numbers alone.
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

/** The panel asks for windows of tensors; the whole ones that a run shows and plots stay here. */
export function withoutTensors(report: TargetReport): TargetReport {
  if (report.run === null) return report;
  const { plots: _plots, values: _values, ...run } = report.run;
  return { ...report, run: { ...run, shown: [] } };
}
