// The second attempt of end-to-end tests: what failed by chance is told and passes, what fails twice fails, and what is
// broken through and through is not tried again.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inTwoAttempts } from "../../scripts/second-attempt.mjs";

const root = path.resolve(__dirname, "../..");

suite("second attempt of end-to-end tests", () => {
  let folder: string;

  setup(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), "nnspec-attempts-")));
    const reporter = path.join(root, "scripts/mocha-reporter.cjs");
    plant(".mocharc.json", JSON.stringify({ ui: "tdd", reporter, forbidOnly: true }));
  });

  teardown(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function plant(name: string, text: string): string {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** A suite that notes in a file of its own each time that it runs. */
  function plantSuite(name: string, body: string): string {
    return plant(
      `${name}.test.cjs`,
      `const { appendFileSync, readFileSync } = require("node:fs");
      const log = ${JSON.stringify(path.join(folder, `${name}.log`))};
      appendFileSync(log, "x");
      const times = readFileSync(log, "utf8").length;
      suite(${JSON.stringify(name)}, () => { ${body} });`,
    );
  }

  function timesRun(name: string): number {
    return readFileSync(path.join(folder, `${name}.log`), "utf8").length;
  }

  function run(...files: readonly string[]): { readonly status: number | null; readonly lines: string[] } {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        path.join(root, "scripts/run-e2e-tests.mjs"),
        "--config",
        path.join(folder, ".mocharc.json"),
        ...files,
      ],
      { cwd: root, encoding: "utf8", timeout: 15_000, env: { ...process.env, NO_COLOR: "1" } },
    );
    return { status, lines: `${stdout}${stderr}`.trim().split("\n") };
  }

  test("a file that fails once is run again, and the line says what it failed of", () => {
    const calm = plantSuite("calm", `test("a", () => {}); test("b", () => {});`);
    const flaky = plantSuite(
      "flaky",
      `test("late", () => { if (times === 1) throw new Error("waited 30 s\\nfor nothing"); });
      test("steady", () => {});`,
    );
    const { status, lines } = run(calm, flaky);
    assert.equal(status, 0, lines.join("\n"));
    assert.deepEqual(lines.slice(-2), [
      "flaky: flaky late failed first (waited 30 s), passed at the second attempt",
      "4 passed, 0 failed",
    ]);
    assert.deepEqual([timesRun("calm"), timesRun("flaky")], [1, 2]);
  });

  test("a file that fails twice fails, in whichever test it does", () => {
    const broken = plantSuite(
      "broken",
      `test("first", () => { if (times === 1) throw new Error("no"); });
      test("then", () => { if (times === 2) throw new Error("neither"); });`,
    );
    const { status, lines } = run(broken);
    assert.equal(status, 1);
    assert.equal(lines.at(-1), "1 passed, 1 failed");
    assert.ok(lines.some((line) => line.startsWith("flaky: broken first failed first (no)")));
    assert.equal(timesRun("broken"), 2);
  });

  test("a hook that fails once counts as its file", () => {
    const hook = plantSuite(
      "hook",
      `suiteSetup(() => { if (times === 1) throw new Error("closed"); }); test("a", () => {});`,
    );
    const { status, lines } = run(hook);
    assert.equal(status, 0, lines.join("\n"));
    assert.match(lines.at(-2) ?? "", /^flaky: hook "before all" hook.* failed first \(closed\)/);
    assert.equal(lines.at(-1), "1 passed, 0 failed");
  });

  test("where everything fails nothing is run again, and where all is well neither", () => {
    const names = ["one", "two", "three", "four"];
    const all = names.map((name) => plantSuite(name, `test("a", () => { throw new Error("no"); });`));
    const { status, lines } = run(...all);
    assert.equal(status, 1);
    assert.equal(lines.filter((line) => line === "0 passed, 4 failed").length, 1);
    assert.deepEqual(names.map(timesRun), [1, 1, 1, 1]);
    const well = plantSuite("well", `test("a", () => {});`);
    assert.deepEqual([run(well).status, timesRun("well")], [0, 1]);
  });

  test("a file that cannot be loaded fails", () => {
    const { status } = run(plant("torn.test.cjs", "suite("));
    assert.notEqual(status, 0);
  });

  test("a suite that runs as one has its second attempt too", async () => {
    const late = { title: "live: late", error: "waited\nlong" };
    const failed = { code: 1, failures: [late], counts: "3 passed, 1 failed" };
    const passed = { code: 0, failures: [], counts: "4 passed, 0 failed" };
    const stuck = { code: 124, failures: [], counts: undefined };
    const outcome = async (...attempts: (typeof failed | typeof stuck)[]): Promise<unknown> => {
      const said: string[] = [];
      const code = await inTwoAttempts(
        () => Promise.resolve(attempts.shift()!),
        (line) => said.push(line),
      );
      return { code, said: said.slice(1), left: attempts.length };
    };
    assert.deepEqual(await outcome(passed, failed), { code: 0, said: [], left: 1 });
    assert.deepEqual(await outcome(failed, passed), {
      code: 0,
      said: ["flaky: live: late failed first (waited), passed at the second attempt", "4 passed, 0 failed"],
      left: 0,
    });
    assert.deepEqual(await outcome(failed, failed), { code: 1, said: ["3 passed, 1 failed"], left: 0 });
    assert.deepEqual(await outcome(failed, stuck), { code: 124, said: ["0 passed, 1 failed"], left: 0 });
    assert.deepEqual(await outcome(stuck, passed), {
      code: 0,
      said: [
        "flaky: the suite failed first (exit code 124), passed at the second attempt",
        "4 passed, 0 failed",
      ],
      left: 0,
    });
  });
});
