// Owns how Mocha's report leaves the extension host: one finished line per console call, because nothing on
// the other side fills in `%s`. Lines begin with `[mocha]`, which the runner takes off again.

interface Failed {
  readonly fullTitle: () => string;
}

interface Reporting {
  consoleLog: (...parts: string[]) => void;
}

export function routeMochaOutput(base: Reporting): void {
  base.consoleLog = (format = "", ...values) => {
    const rest = values.map(String);
    const filled = format.replace(/%[sd]/g, () => rest.shift() ?? "");
    for (const line of [filled, ...rest].join(" ").split("\n")) printReportLine(line);
  };
}

/** The runner (scripts/editor/host-tests.mjs) reads which tests have failed from these lines. */
export function printFailure(test: Failed, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  printReportLine(`✘ ${test.fullTitle()} — ${message.split("\n")[0] ?? ""}`);
}

export function printReportLine(line: string): void {
  console.log(`[mocha] ${line}`);
}
