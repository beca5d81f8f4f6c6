// Owns how unit and end-to-end tests report: one line for each top-level suite as it ends, every failure in
// full, and `N passed, N failed` as the last line, which scripts/test.mjs adds up.
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

    runner.on(EVENT_TEST_PASS, () => passed++);
    // A failing hook arrives here too: it counts, because the tests behind it did not run.
    runner.on(EVENT_TEST_FAIL, () => failed++);
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
    });
  }
};
