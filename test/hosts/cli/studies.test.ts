/** `strength` and `reproduce` as processes, and fixes in every report. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Report, ReproductionReport, StrengthReport } from "../../../src/protocol";
import { buildProgram, root, type Outcome, type Program } from "./program";
import { schemaProblems } from "./schema-problems";

const schemaOf = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(root, "docs", name), "utf8")) as Record<string, unknown>;

const wrong = `op square(x: [n, n]) -> [n, n] {
  return x @ x
  vjp x(u) = x @ u + u @ x.T
}

run r {
  x = [[1, 2], [2, 1]]
  y = square(x)
  check backward(sum(y)).x ~= [[6, 6], [6, 6]]
}
`;

suite("command line: strength and reproduce", function () {
  this.timeout(120_000);
  let program: Program;
  let folder = "";

  suiteSetup(async () => {
    program = await buildProgram();
    folder = mkdtempSync(path.join(tmpdir(), "nnspec-studies-"));
    writeFileSync(path.join(folder, "wrong.nnspec"), wrong);
    writeFileSync(path.join(folder, "right.nnspec"), wrong.replace("x @ u", "x.T @ u"));
    writeFileSync(
      path.join(folder, "imports.nnspec"),
      'import { square } from "wrong.nnspec"\n\nrun r {\n  J = sum(square(randn([2, 2])))\n  gradcheck J\n}\n',
    );
    writeFileSync(path.join(folder, "broken.nnspec"), "run r {\n  x = unknown\n}\n");
  });

  suiteTeardown(() => {
    program.remove();
    rmSync(folder, { recursive: true });
  });

  const start = (...args: readonly string[]): Promise<Outcome> => program.start(args, { cwd: folder });

  test("strength tells what is missed and what would catch it: exit 1, or 0 where nothing is", async () => {
    const { code, stdout } = await start("strength", "right.nnspec");
    assert.equal(code, 1, stdout);
    assert.match(stdout, /✗ square vjp x {2}right\.nnspec:3:3/u);
    assert.match(stdout, /missed: `x\.T` without its transpose/u);
    assert.match(stdout, /gradcheck (?:y|square)/u);
    assert.match(stdout, /^mutants {5}\d+ caught, \d+ missed/mu);
    const strong = wrong.replace("x @ u", "x.T @ u").replace("  check", "  gradcheck square\n  check");
    writeFileSync(path.join(folder, "strong.nnspec"), strong);
    const second = await start("strength", "strong.nnspec");
    assert.equal(second.code, 0, second.stdout);
    assert.doesNotMatch(second.stdout, /missed/u);
  });

  test("strength as data has its schema; a limit leaves mutants untried, errors end with 2", async () => {
    const { stdout } = await start("strength", "right.nnspec", "--json");
    const report = JSON.parse(stdout) as StrengthReport;
    assert.deepEqual(schemaProblems(schemaOf("strength.schema.json"), report), []);
    const limited = await start("strength", "right.nnspec", "--json", "--limit", "0.000001");
    assert.equal(limited.code, 1);
    assert.ok((JSON.parse(limited.stdout) as StrengthReport).files[0]!.untried > 3);
    assert.equal((await start("strength", "broken.nnspec")).code, 2);
    assert.equal((await start("strength", "right.nnspec", "--limit", "soon")).code, 3);
  });

  test("reproduce prints a spec that fails, and executes it so", async () => {
    const { code, stdout } = await start("reproduce", "wrong.nnspec");
    assert.equal(code, 1);
    assert.match(stdout, /^# wrong\.nnspec:1:4: op square/u);
    writeFileSync(path.join(folder, "small.nnspec"), stdout);
    const again = await start("run", "small.nnspec", "--json");
    assert.equal(again.code, 1, again.stdout);
    const [run] = (JSON.parse(again.stdout) as Report).files[0]?.runs ?? [];
    assert.deepEqual(
      run?.gradchecks.map(({ verdict, blame }) => [verdict, blame[0]?.explanation.kind]),
      [["failed", "transposed"]],
    );
    const right = await start("reproduce", "right.nnspec");
    assert.equal(right.code, 0);
    assert.match(right.stdout, /✓ nothing fails/u);
  });

  test("reproductions as data have their schema", async () => {
    const { stdout } = await start("reproduce", "wrong.nnspec", "--json");
    const report = JSON.parse(stdout) as ReproductionReport;
    assert.deepEqual(schemaProblems(schemaOf("reproductions.schema.json"), report), []);
    assert.ok(report.files[0]!.reproductions.every(({ selfContained }) => selfContained));
  });

  test("a fix is told in the text, in the data and in SARIF, at the same place", async () => {
    const sarif = path.join(folder, "wrong.sarif");
    const { stdout } = await start("gradcheck", "wrong.nnspec", "--json", "--sarif", sarif);
    const report = JSON.parse(stdout) as Report;
    assert.deepEqual(schemaProblems(schemaOf("results.schema.json"), report), []);
    const fix = report.files[0]?.ops?.[0]?.gradcheck.blame[0]?.explanation.fix;
    assert.deepEqual(fix?.edits, [
      { range: { start: { line: 2, character: 13 }, end: { line: 2, character: 14 } }, newText: "x.T" },
    ]);
    const log = JSON.parse(readFileSync(sarif, "utf8")) as {
      runs: { results: { fixes?: { artifactChanges: { replacements: unknown[] }[] }[] }[] }[];
    };
    assert.deepEqual(log.runs[0]?.results[0]?.fixes?.[0]?.artifactChanges[0]?.replacements, [
      {
        deletedRegion: { startLine: 3, startColumn: 14, endLine: 3, endColumn: 15 },
        insertedContent: { text: "x.T" },
      },
    ]);
    assert.match((await start("gradcheck", "wrong.nnspec")).stdout, /fix: Transpose `x`/u);
  });

  test("a fix in an imported file is told with that file", async () => {
    const sarif = path.join(folder, "imports.sarif");
    const { stdout } = await start("run", "imports.nnspec", "--sarif", sarif);
    assert.match(stdout, /fix in \S*wrong\.nnspec: Transpose `x`/u);
    const log = JSON.parse(readFileSync(sarif, "utf8")) as {
      runs: { results: { fixes?: { artifactChanges: { artifactLocation: { uri: string } }[] }[] }[] }[];
    };
    const uris = log.runs[0]!.results.flatMap(({ fixes = [] }) =>
      fixes.flatMap(({ artifactChanges }) =>
        artifactChanges.map(({ artifactLocation }) => artifactLocation.uri),
      ),
    );
    assert.deepEqual(uris, ["wrong.nnspec"]);
  });
});
