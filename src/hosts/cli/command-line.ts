/** Reads the arguments: an invocation, or what is wrong with them in one sentence. Does no I/O. */
import { nearestName } from "../../language/check";
import { commandNames, commands, commonOptions, type CommandName, type OptionRow } from "./options";

export type Invocation =
  | { readonly kind: "help"; readonly command: CommandName | undefined }
  | { readonly kind: "version" }
  | { readonly kind: "usage-error"; readonly command: CommandName | undefined; readonly message: string }
  | {
      readonly kind: "command";
      readonly command: CommandName;
      readonly operands: readonly string[];
      readonly options: GivenOptions;
    };

/** The options as given: flags are true, others have their value. */
export interface GivenOptions {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  /** The last of --color and --no-color; undefined where neither is given. */
  readonly color: boolean | undefined;
}

export function parseCommandLine(args: readonly string[]): Invocation {
  const [first, ...rest] = args;
  if (first === undefined) return usageError(undefined, "No command is given.");
  if (first === "--version" || first === "-V") return { kind: "version" };
  if (first === "--help" || first === "-h") return { kind: "help", command: undefined };
  if (first === "help") return helpFor(rest[0]);
  const command = commandNames.find((name) => name === first);
  if (command !== undefined) return parseCommand(command, rest);
  if (first.startsWith("-"))
    return usageError(undefined, `A command comes first; \`${first}\` is an option.`);
  const hint = first.endsWith(".nnspec")
    ? ` To execute a file: nnspec run ${first}`
    : didYouMean(first, commandNames);
  return usageError(undefined, `There is no command \`${first}\`.${hint}`);
}

function helpFor(name: string | undefined): Invocation {
  const command = commandNames.find((each) => each === name);
  if (name !== undefined && command === undefined)
    return usageError(undefined, `There is no command \`${name}\`.${didYouMean(name, commandNames)}`);
  return { kind: "help", command };
}

function parseCommand(command: CommandName, args: readonly string[]): Invocation {
  const rows = [...commands[command].options, ...commonOptions];
  const operands: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  let color: boolean | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--") {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (arg === "-" || !arg.startsWith("-")) {
      operands.push(arg);
      continue;
    }
    if (arg === "-h") return { kind: "help", command };
    const equals = arg.indexOf("=");
    const written = equals === -1 ? arg : arg.slice(0, equals);
    const row = rows.find(({ name }) => `--${name}` === written);
    if (row === undefined) return usageError(command, unknownOption(command, written, rows));
    const { name } = row;
    if (name === "help") return { kind: "help", command };
    const attached = equals === -1 ? undefined : arg.slice(equals + 1);
    if (row.value === undefined) {
      if (attached !== undefined) return usageError(command, `\`--${name}\` takes no value.`);
      if (name === "color" || name === "no-color") color = name === "color";
      else flags.add(name);
      continue;
    }
    const value = attached ?? args[++i];
    const problem = valueProblem(row, value);
    if (problem !== undefined) return usageError(command, problem);
    values.set(name, value!);
  }
  return completed({ kind: "command", command, operands, options: { flags, values, color } });
}

function valueProblem(
  { name, value: wanted, choices }: OptionRow,
  value: string | undefined,
): string | undefined {
  if (value === undefined || value === "" || (value.startsWith("-") && value.length > 1))
    return `\`--${name}\` needs a value: --${name} ${String(wanted)}`;
  if (choices !== undefined && !choices.includes(value))
    return `\`--${name}\` can be ${choices.join(" or ")}, not \`${value}\`.`;
  if (wanted === "SECONDS" && !(Number(value) > 0 && Number.isFinite(Number(value))))
    return `\`--${name}\` is a number of seconds above 0, not \`${value}\`.`;
  return undefined;
}

/** What one option alone cannot tell. */
function completed(invocation: Extract<Invocation, { kind: "command" }>): Invocation {
  const { command, operands, options } = invocation;
  if (command === "lsp") {
    if (operands.length > 0) return usageError(command, "`lsp` takes no files: the editor opens them.");
    return options.flags.has("stdio")
      ? invocation
      : usageError(command, "The transport is missing: nnspec lsp --stdio");
  }
  if (operands.length === 0) return usageError(command, `Which files? ${commands[command].usage}`);
  if (command === "fmt" && options.flags.has("check") && options.flags.has("stdout"))
    return usageError(command, "`--check` and `--stdout` exclude each other.");
  if (operands.includes("-")) {
    if (command !== "fmt")
      return usageError(
        command,
        "Standard input cannot be read here: imports and data files are found beside a file.",
      );
    if (operands.length > 1) return usageError(command, "`-` stands alone.");
  }
  return invocation;
}

function unknownOption(command: CommandName, written: string, rows: readonly OptionRow[]): string {
  const known = rows.map(({ name }) => `--${name}`);
  const elsewhere = commandNames.filter((other) =>
    commands[other].options.some(({ name }) => `--${name}` === written),
  );
  if (elsewhere.length > 0)
    return `\`${command}\` has no \`${written}\`; ${elsewhere.map((name) => `\`${name}\``).join(" and ")} ${elsewhere.length === 1 ? "has" : "have"} it.`;
  return `\`${command}\` has no \`${written}\`.${didYouMean(written, known)}`;
}

function didYouMean(written: string, known: readonly string[]): string {
  const nearest = nearestName(written, known);
  return nearest === undefined ? "" : ` Did you mean \`${nearest}\`?`;
}

function usageError(command: CommandName | undefined, message: string): Invocation {
  return { kind: "usage-error", command, message };
}
