// The standard library's layers draw, compute and differentiate as PyTorch's modules do; the numbers are PyTorch's
// (test/oracle/torch_layers.json).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { execute, type EngineHost } from "../../../src/engine";
import { checkModule, ModuleLoader } from "../../../src/language/check";
import { standardLibrary } from "../../../src/language/std";
import { parse } from "../../../src/language/syntax";

interface StoredCase {
  readonly name: string;
  readonly imports: readonly string[];
  readonly body: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
}

const host: EngineHost = {
  resolve: (_from, path) => (path === "std" ? { id: "std", text: standardLibrary() } : undefined),
  data: undefined,
  now: () => 0,
};

suite("the standard library", () => {
  test("has no diagnostics", () => {
    const { diagnostics } = checkModule(new ModuleLoader(host.resolve).load("std", standardLibrary()));
    assert.deepEqual(
      diagnostics.map(({ code, message }) => `${code} ${message}`),
      [],
    );
  });

  test("says of every layer what it is", () => {
    const lines = standardLibrary().split("\n");
    const silent = parse(standardLibrary()).declarations.flatMap((declaration) => {
      const line = standardLibrary().slice(0, declaration.start).split("\n").length - 1;
      return lines[line - 1]?.startsWith("#") === true ? [] : [lines[line]];
    });
    assert.deepEqual(silent, []);
  });

  const { cases } = JSON.parse(readFileSync("test/oracle/torch_layers.json", "utf8")) as {
    cases: readonly StoredCase[];
  };
  for (const stored of cases) {
    test(`${stored.name} draws and computes as PyTorch's`, async () => {
      const file = { id: "case.nnspec", text: textOf(stored), version: 1 };
      const session = await execute(host, file, { action: "run", target: undefined });
      const { diagnostics, runs = [] } = session.outcome.report;
      assert.deepEqual(
        diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message),
        [],
      );
      const checks = runs[0]?.checks ?? [];
      assert.equal(checks.length, Object.keys(stored.values).length);
      for (const { label, status, message } of checks) {
        assert.equal(status, "passed", `${label ?? ""}: ${message}`);
      }
    });
  }
});

function textOf({ imports, body, values }: StoredCase): string {
  const checks = Object.entries(values).map(
    ([expression, value]) =>
      `check "${expression}": ${expression} ~= ${JSON.stringify(value)} within (1e-12, 1e-9)`,
  );
  const lines = [...body, ...checks].map((line) => `  ${line}`);
  return [`import { ${imports.join(", ")} } from "std"`, "run case {", ...lines, "}", ""].join("\n");
}
