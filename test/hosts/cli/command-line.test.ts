/** What arguments mean, and what is said of those that mean nothing. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parseCommandLine, type Invocation } from "../../../src/hosts/cli/command-line";
import { helpText } from "../../../src/hosts/cli/help-text";
import { commandNames, commands } from "../../../src/hosts/cli/options";

function parsed(...args: string[]): Extract<Invocation, { kind: "command" }> {
  const invocation = parseCommandLine(args);
  assert.equal(invocation.kind, "command", JSON.stringify(invocation));
  return invocation;
}

function refused(...args: string[]): string {
  const invocation = parseCommandLine(args);
  assert.equal(invocation.kind, "usage-error");
  const { message } = invocation;
  assert.doesNotMatch(message, /\n/, "one line");
  return message;
}

suite("command line: arguments", () => {
  test("options may stand before, between and after files, with a space or an equals sign", () => {
    const { command, operands, options } = parsed(
      "run",
      "--json",
      "a",
      "--junit",
      "x.xml",
      "b",
      "--sarif=y.sarif",
      "--values",
      "all",
    );
    assert.equal(command, "run");
    assert.deepEqual(operands, ["a", "b"]);
    assert.deepEqual([...options.flags], ["json"]);
    assert.deepEqual(
      [...options.values],
      [
        ["junit", "x.xml"],
        ["sarif", "y.sarif"],
        ["values", "all"],
      ],
    );
  });

  test("after -- everything is a file", () => {
    assert.deepEqual(parsed("check", "--", "--json").operands, ["--json"]);
  });

  test("the last of --color and --no-color counts", () => {
    assert.equal(parsed("run", "a").options.color, undefined);
    assert.equal(parsed("run", "a", "--color", "--no-color").options.color, false);
    assert.equal(parsed("run", "a", "--no-color", "--color").options.color, true);
  });

  test("an unknown option names the nearest one, or the commands that have it", () => {
    assert.equal(refused("run", "a", "--jsn"), "`run` has no `--jsn`. Did you mean `--json`?");
    assert.equal(
      refused("check", "a", "--strict"),
      "`check` has no `--strict`; `run` and `gradcheck` have it.",
    );
    assert.match(refused("run", "-x", "a"), /`run` has no `-x`\./);
  });

  test("an unknown command names the nearest one; a file in its place, how to execute it", () => {
    assert.equal(refused("chek", "a"), "There is no command `chek`. Did you mean `check`?");
    assert.equal(
      refused("a.nnspec"),
      "There is no command `a.nnspec`. To execute a file: nnspec run a.nnspec",
    );
    assert.match(refused("--json", "run", "a"), /A command comes first/);
    assert.match(refused("export", "a"), /There is no command `export`/);
    assert.match(refused(), /No command/);
  });

  test("values are required, checked, and refused where there is none", () => {
    assert.equal(refused("run", "a", "--junit"), "`--junit` needs a value: --junit FILE");
    assert.equal(refused("run", "a", "--junit", "--json"), "`--junit` needs a value: --junit FILE");
    assert.equal(refused("run", "a", "--values", "some"), "`--values` can be all, not `some`.");
    assert.equal(refused("run", "a", "--json=yes"), "`--json` takes no value.");
  });

  test("files are required; lsp takes none but its transport; standard input is for fmt alone", () => {
    assert.match(refused("run"), /^Which files\?/);
    assert.match(refused("lsp"), /nnspec lsp --stdio/);
    assert.match(refused("lsp", "--stdio", "a"), /takes no files/);
    assert.match(refused("run", "-"), /Standard input/);
    assert.match(refused("fmt", "-", "a"), /stands alone/);
    assert.match(refused("fmt", "a", "--check", "--stdout"), /exclude each other/);
    assert.deepEqual(parsed("fmt", "-").operands, ["-"]);
    assert.equal(parsed("lsp", "--stdio").command, "lsp");
  });

  test("help and version, everywhere", () => {
    assert.deepEqual(parseCommandLine(["--help"]), { kind: "help", command: undefined });
    assert.deepEqual(parseCommandLine(["help", "run"]), { kind: "help", command: "run" });
    assert.deepEqual(parseCommandLine(["run", "a", "--help", "--nonsense"]), {
      kind: "help",
      command: "run",
    });
    assert.deepEqual(parseCommandLine(["--version"]), { kind: "version" });
    assert.match(refused("help", "rn"), /Did you mean `run`/);
  });

  test("the overview names every command, each command's help every option, in 100 columns", () => {
    for (const name of commandNames) {
      assert.ok(helpText(undefined).includes(commands[name].summary));
      for (const option of commands[name].options) assert.ok(helpText(name).includes(`--${option.name}`));
    }
    for (const text of [helpText(undefined), ...commandNames.map(helpText)]) {
      for (const line of text.split("\n")) assert.ok(line.length <= 100, line);
    }
  });

  test("the documentation tells every command and every option with its commands", () => {
    const text = readFileSync(path.resolve(__dirname, "../../../docs/command-line.md"), "utf8");
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    for (const name of commandNames) {
      assert.ok(
        rows.some((row) => row.includes(`nnspec ${name}`)),
        name,
      );
      for (const option of commands[name].options) {
        if (name === "lsp") continue;
        const row = rows.find((each) => each.includes(`\`--${option.name}`));
        assert.match(row?.split("|")[2] ?? "", new RegExp(`\\b${name}\\b`), `${name} --${option.name}`);
      }
    }
  });
});
