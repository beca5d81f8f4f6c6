// Owns how unit and end-to-end tests report: one line for each top-level suite as it ends, every failure in
// full, and `N passed, N failed` as the last line, which scripts/test.mjs adds up. NNSPEC_FILE_RESULTS names a file for what
// each test file came to, which scripts/run-e2e-tests.mjs reads.
const { writeFileSync } = require("node:fs");
const Mocha = require("mocha");

const { EVENT_SUITE_BEGIN, EVENT_SUITE_END, EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_RUN_END } =
  Mocha.Runner.constants;

module.exports = class SummaryReporter extends Mocha.reporters.Base {
  /**
   * @param {Mocha.Runner} runner
   * @param {Mocha.MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    let passed = 0;
    let failed = 0;
    let before = { passed: 0, failed: 0, time: 0 };
    /** @param {Mocha.Suite} suite */
    const isTopLevel = (suite) => suite.parent?.root === true;

    /** @type {Map<string, { file: string, passed: number, failures: { title: string, error: string }[] }>} */
    const files = new Map();
    const resultOf = (/** @type {Mocha.Runnable} */ { file = "" }) => {
      const result = files.get(file) ?? { file, passed: 0, failures: [] };
      files.set(file, result);
      return result;
    };

    runner.on(EVENT_TEST_PASS, (test) => {
      passed++;
      resultOf(test).passed++;
    });
    // A failing hook arrives here too: it counts, because the tests behind it did not run.
    runner.on(EVENT_TEST_FAIL, (test, error) => {
      failed++;
      resultOf(test).failures.push({ title: test.fullTitle(), error: String(error?.message ?? error) });
    });
    runner.on(EVENT_SUITE_BEGIN, (suite) => {
      if (isTopLevel(suite)) before = { passed, failed, time: Date.now() };
    });
    runner.on(EVENT_SUITE_END, (suite) => {
      if (!isTopLevel(suite)) return;
      const bad = failed - before.failed;
      const counts = `${passed - before.passed} passed${bad > 0 ? `, ${bad} failed` : ""}`;
      console.log(`  ${bad > 0 ? "✘" : "✔"} ${suite.title}: ${counts} (${Date.now() - before.time} ms)`);
    });
    runner.on(EVENT_RUN_END, () => {
      if (failed > 0) Mocha.reporters.Base.list(this.failures);
      console.log(`${passed} passed, ${failed} failed`);
      const report = process.env.NNSPEC_FILE_RESULTS;
      if (report !== undefined) writeFileSync(report, JSON.stringify([...files.values()]));
    });
  }
};
