/** The command line as a process: on the examples, on bad files and bad usage, and interrupted. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Report } from "../../../src/protocol";
import { buildProgram, root, type Outcome, type Program, type StartOptions } from "./program";
import { schemaProblems } from "./schema-problems";

const schema = JSON.parse(readFileSync(path.join(root, "docs/results.schema.json"), "utf8")) as Record<
  string,
  unknown
>;

suite("command line: the program", function () {
  this.timeout(120_000);
  let program: Program;
  let folder = "";

  suiteSetup(async () => {
    program = await buildProgram();
    folder = mkdtempSync(path.join(tmpdir(), "nnspec-specs-"));
  });

  suiteTeardown(() => {
    program.remove();
    rmSync(folder, { recursive: true });
  });

  function spec(name: string, ...lines: readonly string[]): string {
    writeFileSync(path.join(folder, name), `${lines.join("\n")}\n`);
    return name;
  }

  /** In the folder of the test's own files. */
  const start = (args: readonly string[], options: StartOptions = {}): Promise<Outcome> =>
    program.start(args, { cwd: folder, ...options });

  async function reportOf(
    args: readonly string[],
    code: number,
    options: StartOptions = {},
  ): Promise<Report> {
    const outcome = await start([...args, "--json"], options);
    assert.equal(outcome.code, code, outcome.stdout + outcome.stderr);
    assert.equal(outcome.stderr, "");
    const report = JSON.parse(outcome.stdout) as Report;
    assert.deepEqual(schemaProblems(schema, report), []);
    return report;
  }

  async function refusal(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await start(args);
    assert.deepEqual([code, stdout], [3, ""], stderr);
    assert.match(stderr, /^nnspec: [^\n]+\n$/, "one clear line");
    return stderr;
  }

  test("weight-decay: all checks and gradient checks pass, the printed PyTorch numbers included", async () => {
    const report = await reportOf(["run", "examples/weight-decay.nnspec"], 0, { cwd: root });
    const [file] = report.files;
    assert.equal(file?.file, "examples/weight-decay.nnspec");
    const [run] = file.runs ?? [];
    assert.equal(run?.status, "passed");
    const text = readFileSync(path.join(root, "examples/weight-decay.nnspec"), "utf8");
    assert.equal(run.checks.length, text.match(/^ {2}check /gm)?.length);
    assert.ok(run.checks.every(({ status }) => status === "passed"));
    assert.deepEqual(
      run.gradchecks.map(({ verdict }) => verdict),
      ["passed"],
    );
    assert.deepEqual(
      run.shown.map(({ name }) => name),
      ["m.o", "m.J", "dJ.W1", "dJ.W2", "dJ.o", "dJ.h", "dJ.z"],
    );
    assert.deepEqual(run.shown[0]?.shape, [5, 2]);
  });

  for (const name of readdirSync(path.join(root, "examples"))
    .filter((each) => each.endsWith(".nnspec"))
    .sort()) {
    // An exercise has holes, which are pending.
    const [code, word] = name === "exercise.nnspec" ? [1, "pending"] : [0, "passed"];
    test(`${name} runs: ${word}`, async () => {
      const { code: actual, stdout, stderr } = await start(["run", `examples/${name}`], { cwd: root });
      assert.equal(actual, code, stdout + stderr);
      assert.ok(stdout.startsWith(`examples/${name}`));
      assert.doesNotMatch(stdout, /✗|undefined|\[object/);
      assert.ok(!stdout.includes("\u001b"), "no colours into a pipe");
    });
  }

  test("gradcheck reports runs, ops and nets; check leaves runs out", async () => {
    const args = ["examples/weight-decay.nnspec", "examples/lib.nnspec"];
    const checked = await reportOf(["check", ...args], 0, { cwd: root });
    assert.ok(checked.files.every((file) => !("runs" in file)));
    const report = await reportOf(["gradcheck", "examples/weight-decay.nnspec"], 0, { cwd: root });
    const [file] = report.files;
    assert.deepEqual(
      file?.nets?.map(({ name, gradcheck }) => [name, gradcheck.verdict]),
      [["SimpleClassifier", "passed"]],
    );
    assert.deepEqual(
      file.runs?.map(({ checks }) => checks.length),
      [0],
    );
  });

  test("a wrong rule fails: exit 1, the leaf and the four answers in the text", async () => {
    const file = spec(
      "wrong.nnspec",
      "op double(x: [n]) -> [n] {",
      "  return 2 * x",
      "  vjp x(u) = 3 * u",
      "}",
      "run r {",
      "  x = [1, 2]",
      "  gradcheck sum(double(x)) wrt x",
      "}",
    );
    const { code, stdout } = await start(["gradcheck", file]);
    assert.equal(code, 1);
    assert.match(stdout, /✗ gradcheck op double failed/);
    assert.match(stdout, /✗ x +2 +\[0\] +3 +2 +2 +2/);
  });

  test("errors in a file: exit 2, every one with its place; the rest still runs", async () => {
    const file = spec(
      "errors.nnspec",
      'import { nothing } from "none.nnspec"',
      "run one {",
      "  X = ones([5, 4])",
      "  Y = X @ X",
      "  check 1 == 1",
      "}",
      "run two {",
      "  check unknown == 1",
      "}",
      "run three {",
      '  check "fine": 1 == 1',
      "}",
    );
    const report = await reportOf(["run", file], 2);
    const errors = report.files[0]?.diagnostics.filter(({ severity }) => severity === "error") ?? [];
    assert.deepEqual(
      errors.map(({ code, range }) => `${code} ${String(range.start.line)}`),
      ["NN216 0", "NN202 3", "NN201 7"],
    );
    assert.deepEqual(
      report.files[0]?.runs?.map(({ status }) => status),
      ["error", "error", "passed"],
    );
    const { stdout } = await start(["run", file]);
    assert.match(stdout, /--> errors\.nnspec:4:7\n +\|\n4 \| +Y = X @ X\n +\| +\^{5}\n/);
    assert.match(stdout, /✓ fine/);
    const checked = await start(["check", file]);
    assert.equal(checked.code, 2);
  });

  test("a failed check and a hole: exit 1; an undecided gradient check only with --strict", async () => {
    const failed = spec("failed.nnspec", "run r {", '  check "no": [1, 2] ~= [1, 2.5]', "}");
    const report = await reportOf(["run", failed], 1);
    const check = report.files[0]?.runs?.[0]?.checks[0];
    assert.deepEqual(check?.worst, {
      index: [1],
      actual: 2,
      expected: 2.5,
      difference: 0.5,
      tolerance: 1e-8 + 1e-5 * 2.5,
    });
    assert.equal(
      (await start(["run", spec("hole.nnspec", "run r {", "  a = ?", "  check a == 1", "}")])).code,
      1,
    );
    const kink = spec("kink.nnspec", "run r {", "  x = [0, 1]", "  gradcheck relu(x)", "}");
    assert.equal((await start(["run", kink])).code, 0);
    assert.equal((await start(["run", kink, "--strict"])).code, 1);
  });

  test("NaN and infinities are strings; --values all adds every named value", async () => {
    const file = spec(
      "values.nnspec",
      "run r {",
      "  x = [nan, inf, -inf, 1]",
      "  y = x * 2",
      "  show y",
      "}",
    );
    const run = (await reportOf(["run", file], 0)).files[0]?.runs?.[0];
    assert.deepEqual(run?.shown[0]?.data, ["NaN", "Infinity", "-Infinity", 2]);
    assert.equal(run.values, undefined);
    const all = (await reportOf(["run", file, "--values", "all"], 0)).files[0]?.runs?.[0];
    assert.deepEqual(
      all?.values?.map(({ name }) => name),
      ["x", "y"],
    );
  });

  test("--full compares every entry, --second-order differentiates the gradients again", async () => {
    const net = "net Wide(X: [N, 60]) -> [] {\n  param W: [60, 40] = randn()\n  return sum(tanh(X @ W)^2)\n}";
    const large = spec("large.nnspec", net, "run r {", "  gradcheck Wide()(randn([40, 60]))", "}");
    const entries = async (...flags: string[]): Promise<number> =>
      (await reportOf(["run", large, ...flags], 0)).files[0]!.runs![0]!.gradchecks[0]!.entries;
    assert.ok((await entries()) <= 2400); // as many as are cheap here
    assert.equal(await entries("--full"), 2400);
    const rule = "  vjp x(u) = u * 3 * stop_gradient(x)^2";
    const frozen = spec("frozen.nnspec", "op f(x: [n]) -> [n] {", "  return x^3", rule, "}");
    assert.equal((await start(["gradcheck", frozen])).code, 0);
    const second = await start(["gradcheck", frozen, "--second-order"]);
    assert.equal(second.code, 1);
    assert.match(second.stdout, /the gradients of f failed/);
  });

  test("bad usage: one clear line on standard error, nothing else, exit 3", async () => {
    assert.match(await refusal("run", "none.nnspec"), /none\.nnspec does not exist/);
    assert.match(await refusal("run", "."), /is a folder/);
    assert.match(await refusal("check", "*.nothing"), /No file matches \*\.nothing/);
    assert.match(await refusal("run", "--jsn", "a"), /Did you mean `--json`/);
    assert.match(await refusal("rn"), /Did you mean `run`/);
    assert.match(await refusal(), /No command/);
    assert.match(await refusal("fmt", "none.nnspec"), /does not exist/);
  });

  test("one file that cannot be read: each is named, and nothing runs", async () => {
    const file = spec("fine.nnspec", "run r { check 1 == 1 }");
    const { code, stdout, stderr } = await start(["run", file, "none.nnspec", "gone.nnspec"]);
    assert.deepEqual([code, stdout], [3, ""]);
    assert.deepEqual(stderr.trimEnd().split("\n"), [
      "nnspec: none.nnspec does not exist",
      "nnspec: gone.nnspec does not exist",
    ]);
  });

  test("help and version: exit 0, on standard output", async () => {
    const version = (JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string })
      .version;
    assert.deepEqual(await start(["--version"]), { code: 0, stdout: `${version}\n`, stderr: "" });
    for (const args of [["--help"], ["run", "--help"], ["help", "fmt"]]) {
      const { code, stdout, stderr } = await start(args);
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /usage: nnspec/);
    }
  });

  test("JUnit and SARIF are written beside the report; where they cannot be, one line and exit 3", async () => {
    const file = spec("both.nnspec", "run r {", '  check "a < b & c": 1 == 2', "}");
    const { code, stdout } = await start(["run", file, "--junit", "out.xml", "--sarif=out.sarif"]);
    assert.equal(code, 1);
    assert.match(stdout, /✗ a < b & c/);
    assert.match(
      readFileSync(path.join(folder, "out.xml"), "utf8"),
      /<testcase classname="both\.nnspec › r" name="a &lt; b &amp; c"/,
    );
    const log = JSON.parse(readFileSync(path.join(folder, "out.sarif"), "utf8")) as {
      runs: { results: { ruleId: string }[] }[];
    };
    assert.deepEqual(
      log.runs[0]?.results.map(({ ruleId }) => ruleId),
      ["check-failed"],
    );
    const refused = await start(["run", file, "--junit", "none/out.xml"]);
    assert.equal(refused.code, 3);
    assert.match(refused.stderr, /^nnspec: --junit none\/out\.xml cannot be written: [^\n]+\n$/);
  });

  test("colours: not into a pipe, unless asked for; NO_COLOR and --no-color win over FORCE_COLOR", async () => {
    const file = spec("colours.nnspec", "run r { check 1 == 1 }");
    const colored = async (args: readonly string[], environment = {}): Promise<boolean> => {
      const { stdout } = await start(["run", file, ...args], { environment });
      return stdout.includes("\u001b[32m✓");
    };
    assert.equal(await colored([]), false);
    assert.equal(await colored(["--color"]), true);
    assert.equal(await colored([], { FORCE_COLOR: "1" }), true);
    assert.equal(await colored([], { FORCE_COLOR: "1", NO_COLOR: "1" }), false);
    assert.equal(await colored(["--no-color"], { FORCE_COLOR: "1" }), false);
    assert.equal(await colored(["--color"], { NO_COLOR: "1" }), true);
  });

  test("a data file lies beside its spec, wherever the program is started", async () => {
    writeFileSync(path.join(folder, "d.csv"), "1,2\n3,4\n");
    const file = spec("data.nnspec", "run r {", '  check csv("d.csv") == [[1, 2], [3, 4]]', "}");
    const { code, stdout } = await start(["run", path.join(folder, file)], { cwd: root });
    assert.equal(code, 0, stdout);
  });

  test("ctrl-C ends it at once with exit 130, even inside long work", async () => {
    const quick = spec("quick.nnspec", "run r { check 1 == 1 }");
    const long = spec(
      "long.nnspec",
      "run r {",
      "  seed torch 0",
      "  x = randn([700, 700])",
      "  iterate y = x while norm(y) < inf do y @ x / 30",
      "  check y == y",
      "}",
    );
    let asked = 0;
    const { code, stdout, stderr } = await start(["run", quick, long], {
      // The first file's report says that the second is under way.
      watch: (child) =>
        child.stdout?.once("data", () => {
          asked = performance.now();
          child.kill("SIGINT");
        }),
    });
    assert.equal(code, 130);
    assert.ok(performance.now() - asked < 5_000, "at once");
    assert.match(stdout, /^quick\.nnspec/);
    assert.doesNotMatch(stdout, /long\.nnspec|checks {2}/);
    assert.equal(stderr, "cancelled\n");
  });

  test("a reader that goes away ends it quietly", async () => {
    const file = spec("much.nnspec", "run r {", "  x = zeros([300, 300])", "  show x", "}");
    const { stderr } = await start(["run", file, "--json"], {
      watch: (child) => child.stdout?.once("data", () => child.stdout?.destroy()),
    });
    assert.equal(stderr, "");
  });
});
