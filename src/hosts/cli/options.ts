/** The commands and their options, one row each: parsing, help and the documentation's test read this table alone. */

export const commandNames = ["run", "check", "gradcheck", "strength", "reproduce", "fmt", "lsp"] as const;
export type CommandName = (typeof commandNames)[number];

export interface OptionRow {
  readonly name: string;
  /** What the value is called; absent for a flag. */
  readonly value?: string;
  /** The only values allowed. */
  readonly choices?: readonly string[];
  readonly help: string;
}

export interface CommandRow {
  readonly usage: string;
  readonly summary: string;
  readonly details: readonly string[];
  readonly options: readonly OptionRow[];
}

const json: OptionRow = { name: "json", help: "print the results as data on standard output" };
const junit: OptionRow = { name: "junit", value: "FILE", help: "also write the results as JUnit XML" };
const sarif: OptionRow = { name: "sarif", value: "FILE", help: "also write the results as SARIF 2.1.0" };
const strict: OptionRow = { name: "strict", help: "an undecided gradient check is a failure too" };
const full: OptionRow = {
  name: "full",
  help: "gradient checks compare every entry, however long that takes",
};
const secondOrder: OptionRow = {
  name: "second-order",
  help: "gradient checks differentiate the gradients again as well",
};
const values: OptionRow = {
  name: "values",
  value: "all",
  choices: ["all"],
  help: "show every named value, not only those that `show` names",
};

const limit: OptionRow = {
  name: "limit",
  value: "SECONDS",
  help: "how long each search may take (a file of `strength`, a failure of `reproduce`)",
};

/** Every command takes these. */
export const commonOptions: readonly OptionRow[] = [
  { name: "color", help: "colours even where the output is no terminal" },
  { name: "no-color", help: "no colours" },
  { name: "help", help: "this text" },
];

const exitLines = "Exit code 0: all passed; 1: failed or pending; 2: errors in a file or run; 3: bad usage.";

export const commands: Readonly<Record<CommandName, CommandRow>> = {
  run: {
    usage: "nnspec run FILE… [options]",
    summary: "execute the runs of each file: shown values, checks, gradient checks",
    details: [exitLines],
    options: [json, junit, sarif, strict, values, full, secondOrder],
  },
  check: {
    usage: "nnspec check FILE… [options]",
    summary: "names, shapes and everything else that is known without running",
    details: [exitLines],
    options: [json, junit, sarif],
  },
  gradcheck: {
    usage: "nnspec gradcheck FILE… [options]",
    summary: "the gradient checks of each run, and every op and net on sampled inputs",
    details: ["Each rule is compared with plain autodiff, forward mode and finite differences.", exitLines],
    options: [json, junit, sarif, strict, full, secondOrder],
  },
  strength: {
    usage: "nnspec strength FILE… [options]",
    summary: "plant mistakes in hand-derived code; tell which the tests would miss",
    details: [
      "Each mutant is tried with the file's own checks and gradient checks.",
      "Of a missed one it tells what would catch it.",
      "Exit code 0: none is missed; 1: some are, or were not tried; 2: errors in a file; 3: bad usage.",
    ],
    options: [json, limit],
  },
  reproduce: {
    usage: "nnspec reproduce FILE… [options]",
    summary: "the smallest spec that fails like each failing check and gradient check",
    details: ["Exit code 0: nothing fails; 1: something does; 2: errors in a file; 3: bad usage."],
    options: [json, limit],
  },
  fmt: {
    usage: "nnspec fmt FILE… [options]",
    summary: "format files in place (white space only); `-` formats standard input",
    details: ["Exit code 0: done, or nothing to do; 1: with --check, a file is not formatted; 3: bad usage."],
    options: [
      { name: "check", help: "change nothing; list the files that are not formatted" },
      { name: "stdout", help: "change nothing; print the formatted text" },
    ],
  },
  lsp: {
    usage: "nnspec lsp --stdio",
    summary: "the language server, for any editor",
    details: ["Speaks the Language Server Protocol over standard input and output."],
    options: [{ name: "stdio", help: "the transport; the only one" }],
  },
};
