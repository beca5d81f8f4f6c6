// Owns running the in-editor suites in the web extension host, a worker: VS Code loads this module and calls `run`.
import mocha from "mocha-browser";
import { printFailure, printReportLine, routeMochaOutput } from "./report";

export async function run(): Promise<void> {
  mocha.setup({
    ui: "tdd",
    timeout: 20_000,
    color: false,
    reporter: Mocha.reporters.Spec,
    forbidPending: true,
    forbidOnly: true,
  });
  routeMochaOutput(Mocha.reporters.Base);
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
