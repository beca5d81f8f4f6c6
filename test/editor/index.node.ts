// Owns running the in-editor suites in the Node extension host: VS Code loads this module and calls `run`.
import Mocha from "mocha";
import { printFailure, printReportLine, routeMochaOutput } from "./report";

export async function run(): Promise<void> {
  routeMochaOutput(Mocha.reporters.Base);
  const mocha = new Mocha({
    ui: "tdd",
    timeout: 20_000,
    color: false,
    reporter: "spec",
    forbidPending: true,
    forbidOnly: true,
  });
  // Puts `suite` and `test` into the global scope before the suites are loaded.
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis, "", mocha);
  await import("editor-suites");
  await new Promise<void>((resolve, reject) => {
    const failed: { readonly test: Mocha.Runnable; readonly error: unknown }[] = [];
    const runner = mocha.run((failures) => {
      const passes = runner.stats?.passes ?? 0;
      for (const { test, error } of failed) printFailure(test, error);
      printReportLine(`${passes} passed, ${failures} failed`);
      if (failures > 0) reject(new Error(`${failures} failed`));
      else if (passes === 0) reject(new Error("no test ran"));
      else resolve();
    });
    runner.on("fail", (test, error: unknown) => failed.push({ test, error }));
  });
}
