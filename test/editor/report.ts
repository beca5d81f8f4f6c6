// Owns how Mocha's report leaves the extension host: one finished line per console call, because nothing on
// the other side fills in `%s`. Lines begin with `[mocha]`, which the runner takes off again.

interface Reporting {
  consoleLog: (...parts: unknown[]) => void;
}

export function routeMochaOutput(base: Reporting): void {
  base.consoleLog = (format: unknown = "", ...values: unknown[]) => {
    const rest = [...values];
    const filled = String(format).replace(/%[sd]/g, () => String(rest.shift() ?? ""));
    for (const line of [filled, ...rest.map(String)].join(" ").split("\n")) printReportLine(line);
  };
}

export function printReportLine(line: string): void {
  console.log(`[mocha] ${line}`);
}
