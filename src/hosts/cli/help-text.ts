/** The help texts, made from the table of options. */
import { commandNames, commands, commonOptions, type CommandName, type OptionRow } from "./options";

export function helpText(command: CommandName | undefined): string {
  return command === undefined ? overview() : commandHelp(command);
}

function overview(): string {
  const lines = commandNames.map((name) => [name, commands[name].summary] as const);
  return [
    "nnspec: networks, hand-derived gradients, and the checks that prove them",
    "",
    "usage: nnspec COMMAND FILE… [options]",
    "",
    ...columns(lines),
    "",
    "nnspec COMMAND --help tells a command's options; nnspec --version the version.",
    "Exit code 0: all passed; 1: failed or pending; 2: errors in a file or run; 3: bad usage.",
    "",
  ].join("\n");
}

function commandHelp(command: CommandName): string {
  const { usage, summary, details, options } = commands[command];
  const rows = [...options, ...commonOptions].map((row) => [written(row), row.help] as const);
  return [
    `usage: ${usage}`,
    "",
    `${summary[0]!.toUpperCase()}${summary.slice(1)}.`,
    ...details,
    "",
    ...columns(rows),
    "",
  ].join("\n");
}

function written({ name, value }: OptionRow): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
