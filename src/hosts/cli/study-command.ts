/** `strength` and `reproduce`: reads the files, has them executed many times over, reports. */
import type { FileReproductions, FileStrength, ReproductionReport, StrengthReport } from "../../protocol";
import type { GivenOptions } from "./command-line";
import type { StudyJob } from "./engine-job";
import { runInThread } from "./engine-thread";
import { ProgressBar } from "./progress-bar";
import { exitCodes, type ExitCode } from "./report/exit-code";
import { jsonText } from "./report/json-text";
import type { Page } from "./report/page";
import { reproductionText } from "./report/reproduction-text";
import { strengthSummary, strengthText } from "./report/strength-text";
import { makeSource, readSpecFiles } from "./spec-files";
import type { Terminal } from "./terminal";

export interface StudyRequest {
  readonly action: StudyJob["action"];
  readonly operands: readonly string[];
  readonly options: GivenOptions;
  readonly terminal: Terminal;
  /** The program's own file. */
  readonly program: string;
}

export async function studyCommand({
  action,
  operands,
  options,
  terminal,
  program,
}: StudyRequest): Promise<ExitCode> {
  const { files, problems } = readSpecFiles(operands);
  if (problems.length > 0) {
    for (const problem of problems) terminal.warn(`nnspec: ${problem}`);
    return exitCodes.usage;
  }
  const page: Page = { paint: terminal.paint, width: terminal.width, source: makeSource(files) };
  const bar = terminal.progress && new ProgressBar(terminal.progress, terminal.errorPaint);
  const tested: FileStrength[] = [];
  const reproduced: FileReproductions[] = [];
  const seconds = options.values.get("limit");
  const limit = seconds === undefined ? undefined : Number(seconds) * 1000;
  await runInThread(program, { action, files, limit }, (message) => {
    if (message.type === "started") bar?.show({ file: message.file, what: "", done: 0, total: 0 });
    else if (message.type === "progress") bar?.show(message);
    else if (message.type === "tested") tested.push(message.report);
    else if (message.type === "reproduced") reproduced.push(message.report);
  });
  bar?.clear();
  const report: StrengthReport | ReproductionReport =
    action === "strength" ? { schema: 1, files: tested } : { schema: 1, files: reproduced };
  if (options.flags.has("json")) {
    for (const piece of jsonText(report)) await terminal.write(piece);
    await terminal.write("\n");
  } else {
    const lines =
      action === "strength"
        ? [...tested.flatMap((file) => strengthText(page, file)), ...strengthSummary(page, tested)]
        : reproduced.flatMap((file) => reproductionText(page, file));
    await terminal.write(`${lines.join("\n")}\n`);
  }
  return exitCodeOf([...tested, ...reproduced]);
}

function exitCodeOf(files: readonly (FileStrength | FileReproductions)[]): ExitCode {
  if (files.some(({ errors }) => errors > 0)) return exitCodes.errors;
  return files.some(isBad) ? exitCodes.failed : exitCodes.passed;
}

function isBad(file: FileStrength | FileReproductions): boolean {
  if ("reproductions" in file) return file.reproductions.length > 0;
  const mutants = file.subjects.flatMap((subject) => subject.mutants);
  return file.untried > 0 || mutants.some(({ outcome }) => outcome === "missed" || outcome === "masked");
}
