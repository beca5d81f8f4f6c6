/** `run`, `check` and `gradcheck`: reads the files, has them executed, reports. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { resultSchema, type FileReport, type Report } from "../../protocol";
import { systemReason } from "../node";
import type { GivenOptions } from "./command-line";
import type { ExecuteJob } from "./engine-job";
import { runInThread } from "./engine-thread";
import { ProgressBar } from "./progress-bar";
import { exitCodeOf, exitCodes, type ExitCode } from "./report/exit-code";
import { fileText } from "./report/file-text";
import { jsonText } from "./report/json-text";
import { junitText } from "./report/junit-text";
import type { Page } from "./report/page";
import { sarifText } from "./report/sarif-text";
import { summaryText } from "./report/summary-text";
import { makeSource, readSpecFiles } from "./spec-files";
import type { Terminal } from "./terminal";

export interface ExecuteRequest {
  readonly action: ExecuteJob["action"];
  readonly operands: readonly string[];
  readonly options: GivenOptions;
  readonly terminal: Terminal;
  /** The program's own file, and its version. */
  readonly program: string;
  readonly version: string;
}

export async function executeCommand(request: ExecuteRequest): Promise<ExitCode> {
  const { action, operands, options, terminal, program } = request;
  const { files, problems } = readSpecFiles(operands);
  if (problems.length > 0) {
    for (const problem of problems) terminal.warn(`nnspec: ${problem}`);
    return exitCodes.usage;
  }
  const page: Page = { paint: terminal.paint, width: terminal.width, source: makeSource(files) };
  const asJson = options.flags.has("json");
  const bar = terminal.progress && new ProgressBar(terminal.progress, terminal.errorPaint);
  const reports: FileReport[] = [];
  const printed: Promise<void>[] = [];
  const job = {
    action,
    files,
    allValues: options.values.has("values"),
    full: options.flags.has("full"),
    secondOrder: options.flags.has("second-order"),
  };
  await runInThread(program, job, (message) => {
    if (message.type === "started") bar?.show({ file: message.file, what: "", done: 0, total: 0 });
    else if (message.type === "progress") bar?.show(message);
    else if (message.type === "finished") {
      bar?.clear();
      reports.push(message.report);
      if (asJson) return;
      const { report, errorMaps } = message;
      printed.push(terminal.write(`${fileText(page, report, { action, errorMaps }).join("\n")}\n`));
    }
  });
  bar?.clear();
  await Promise.all(printed);
  const report: Report = { schema: resultSchema, files: reports };
  if (asJson) await writeJson(terminal, report);
  else await terminal.write(`${summaryText(page, report).join("\n")}\n`);
  const written = writeFiles(request, report, page.source);
  return written ? exitCodeOf(report, { strict: options.flags.has("strict") }) : exitCodes.usage;
}

async function writeJson(terminal: Terminal, report: Report): Promise<void> {
  for (const piece of jsonText(report)) await terminal.write(piece);
  await terminal.write("\n");
}

/** The files for other tools; false where one cannot be written. */
function writeFiles(
  { options, terminal, version }: ExecuteRequest,
  report: Report,
  source: Page["source"],
): boolean {
  const strict = options.flags.has("strict");
  const texts = new Map([
    ["junit", () => junitText(report, { strict, source })],
    ["sarif", () => sarifText(report, { version, strict, source, uri: fileUri })],
  ]);
  let written = true;
  for (const [name, text] of texts) {
    const file = options.values.get(name);
    if (file === undefined) continue;
    try {
      writeFileSync(file, text());
    } catch (error) {
      terminal.warn(`nnspec: --${name} ${file} cannot be written: ${systemReason(error)}`);
      written = false;
    }
  }
  return written;
}

/** Relative where the file lies below the working directory, as SARIF viewers expect. */
function fileUri(file: string): string {
  const relative = path.relative("", file);
  const outside = relative.startsWith("..") || path.isAbsolute(relative);
  return outside ? pathToFileURL(file).href : relative.split(path.sep).map(encodeURIComponent).join("/");
}
