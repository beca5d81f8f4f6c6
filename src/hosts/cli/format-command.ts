/** `fmt`: formats files in place, lists those that are not formatted, or prints the formatted text. */
import { readFileSync, writeFileSync } from "node:fs";
import { format } from "../../language/syntax";
import { systemReason } from "../node";
import type { GivenOptions } from "./command-line";
import { exitCodes, type ExitCode } from "./report/exit-code";
import { plural } from "./report/wording";
import { readSpecFiles } from "./spec-files";
import type { Terminal } from "./terminal";

export interface FormatRequest {
  readonly operands: readonly string[];
  readonly options: GivenOptions;
  readonly terminal: Terminal;
}

export async function formatCommand({ operands, options, terminal }: FormatRequest): Promise<ExitCode> {
  if (operands[0] === "-") return formatInput(options, terminal);
  const { files, problems } = readSpecFiles(operands);
  if (problems.length > 0) {
    for (const problem of problems) terminal.warn(`nnspec: ${problem}`);
    return exitCodes.usage;
  }
  if (options.flags.has("stdout")) {
    for (const { text } of files) await terminal.write(formatted(text));
    return exitCodes.passed;
  }
  const changed = files.filter(({ text }) => formatted(text) !== text);
  if (options.flags.has("check")) {
    for (const { id } of changed) await terminal.write(`${id}\n`);
    const words =
      changed.length === 0
        ? `${plural(files.length, "file")} formatted`
        : `${String(changed.length)} of ${plural(files.length, "file")} not formatted`;
    terminal.warn(words);
    return changed.length === 0 ? exitCodes.passed : exitCodes.failed;
  }
  for (const { id, text } of changed) {
    try {
      writeFileSync(id, formatted(text));
    } catch (error) {
      terminal.warn(`nnspec: ${id} cannot be written: ${systemReason(error)}`);
      return exitCodes.usage;
    }
    await terminal.write(`formatted ${id}\n`);
  }
  if (changed.length === 0) await terminal.write(`${plural(files.length, "file")}, nothing to do\n`);
  return exitCodes.passed;
}

async function formatInput(options: GivenOptions, terminal: Terminal): Promise<ExitCode> {
  const text = readFileSync(0, "utf8");
  const result = formatted(text);
  if (options.flags.has("check")) return result === text ? exitCodes.passed : exitCodes.failed;
  await terminal.write(result);
  return exitCodes.passed;
}

const byteOrderMark = "\ufeff";

/** A byte order mark stays what it is. */
function formatted(text: string): string {
  return text.startsWith(byteOrderMark) ? byteOrderMark + format(text.slice(1)) : format(text);
}
