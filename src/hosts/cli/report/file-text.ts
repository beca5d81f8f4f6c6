/** One file's results as text: its diagnostics, its runs, its ops and nets. */
import type { DiagnosticReport, FileReport, Range } from "../../../protocol";
import { diagnosticText } from "./diagnostic-text";
import type { ReportOptions } from "./gradcheck-text";
import type { Page } from "./page";
import { runText, sampledText } from "./run-text";
import { printable } from "./text-width";
import { placeText } from "./wording";

/** The file's name, then its parts, set apart by empty lines; a file with nothing to tell is one line. */
export function fileText(page: Page, report: FileReport, options: ReportOptions): string[] {
  const { file, diagnostics, runs = [], ops = [], nets = [] } = report;
  const parts: string[][] = [];
  const notes = diagnostics.filter(isNote);
  for (const diagnostic of diagnostics) {
    if (!isNote(diagnostic)) parts.push(diagnosticText(page, file, diagnostic));
  }
  if (notes.length > 0) parts.push(notes.map((note) => noteLine(page, file, note)));
  for (const run of runs) {
    if (options.action === "gradcheck" && run.gradchecks.length === 0 && run.error === null) continue;
    const errorTold = diagnostics.some(
      ({ code, range }) => code === run.error?.code && samePlace(range, run.error.range),
    );
    parts.push(runText(page, file, run, { ...options, errorTold }));
  }
  const sampled = [
    ...ops.flatMap((op) => sampledText(page, file, "op", op, options)),
    ...nets.flatMap((net) => sampledText(page, file, "net", net, options)),
  ];
  if (sampled.length > 0) parts.push(sampled);
  const name = page.paint("strong", printable(file));
  if (parts.length === 0) return [`${name}  ${nothingText(page, options)}`];
  return [name, ...parts.flatMap((part) => ["", ...part]), ""];
}

function nothingText({ paint }: Page, { action }: ReportOptions): string {
  switch (action) {
    case "check":
      return paint("passed", "✓ no problems");
    case "run":
      return paint("faint", "nothing to execute");
    case "gradcheck":
      return paint("faint", "nothing to check");
  }
}

function samePlace(a: Range, b: Range): boolean {
  return a.start.line === b.start.line && a.start.character === b.start.character;
}

/** Hints stand in a line each: they are not problems. */
function isNote({ severity }: DiagnosticReport): boolean {
  return severity === "hint" || severity === "information";
}

function noteLine({ paint }: Page, file: string, { code, message, range }: DiagnosticReport): string {
  return `${paint("note", `note[${code}]`)}: ${printable(message)}${paint("faint", `  ${placeText(file, range)}`)}`;
}
