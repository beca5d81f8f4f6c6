/**
 * `npm run bench:editor`: the language server as an editor has it, over its real protocol in a process of its own. Measures its
 * start, keystrokes to diagnostics, completion and hover, and memory, on files of 1,000 and 10,000 lines; and the extension's
 * activation in a real editor. Writes bench/RESULTS-editor.md.
 */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from "vscode-languageserver-protocol/node";
import { measureActivation, type ActivationFigures } from "./activation";

const root = path.resolve(__dirname, "..");
const keystrokes = process.argv.includes("--quick") ? 20 : 100;

/** A spec of about so many lines: the example of two layers and its run again and again, under other names. */
function specOf(lines: number): string {
  const example = readFileSync(path.join(root, "examples/weight-decay.nnspec"), "utf8");
  const library = readFileSync(path.join(root, "examples/lib.nnspec"), "utf8");
  const body = example.replace(/^import .*$/m, "");
  const parts = [library];
  for (let copy = 0, count = library.split("\n").length; count < lines; copy++) {
    parts.push(body.replaceAll("SimpleClassifier", `Net${copy}`).replaceAll("section_5_3", `run${copy}`));
    count += body.split("\n").length;
  }
  return parts.join("\n");
}

interface Server {
  readonly client: ProtocolConnection;
  readonly startMilliseconds: number;
  readonly megabytes: () => number;
  readonly diagnosticsOf: (version: number) => Promise<PublishDiagnosticsParams>;
  readonly end: () => void;
}

async function startServer(): Promise<Server> {
  const start = performance.now();
  const child = spawn(process.execPath, [
    path.resolve(root, process.env["NNSPEC_DIST"] ?? "dist", "server.js"),
    "--stdio",
  ]);
  const client = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const waiting = new Map<number, (params: PublishDiagnosticsParams) => void>();
  client.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) =>
    waiting.get(params.version ?? -1)?.(params),
  );
  client.onRequest("workspace/configuration", () => null);
  client.listen();
  await client.sendRequest("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
  const startMilliseconds = performance.now() - start;
  await client.sendNotification("initialized", {});
  return {
    client,
    startMilliseconds,
    diagnosticsOf: (version) => new Promise((resolve) => waiting.set(version, resolve)),
    megabytes: () => {
      const status = readFileSync(`/proc/${child.pid ?? 0}/status`, "utf8");
      return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1024;
    },
    end: () => {
      client.dispose();
      child.kill();
    },
  };
}

interface Spread {
  readonly median: number;
  readonly p95: number;
}

function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1]!, p95: sorted[Math.floor(sorted.length * 0.95)]! };
}

interface EditorFigures {
  readonly lines: number;
  readonly start: number;
  readonly firstDiagnostics: number;
  readonly keystroke: Spread;
  readonly completion: Spread;
  readonly hover: Spread;
  readonly megabytes: number;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function measure(lines: number): Promise<EditorFigures> {
  const uri = "untitled:bench.nnspec";
  const text = specOf(lines);
  const server = await startServer();
  const { client } = server;
  try {
    const open = { textDocument: { uri, languageId: "nnspec", version: 1, text } };
    const firstDiagnostics = await timed(async () => {
      const arrived = server.diagnosticsOf(1);
      await client.sendNotification("textDocument/didOpen", open);
      await arrived;
    });
    // In the middle of the file, within a run: a name is typed letter by letter, and taken back.
    const at = text.split("\n");
    const middle = at.findIndex((line, i) => i > at.length / 2 && line.includes("m = Net"));
    const character = at[middle]!.length;
    let version = 1;
    let typed = 0;
    const press = async (): Promise<void> => {
      version++;
      const grows = typed < 8;
      const change = grows
        ? {
            range: {
              start: { line: middle, character: character + typed },
              end: { line: middle, character: character + typed },
            },
            text: typed === 0 ? " " : "+1"[typed % 2]!,
          }
        : {
            range: {
              start: { line: middle, character },
              end: { line: middle, character: character + typed },
            },
            text: "",
          };
      typed = grows ? typed + 1 : 0;
      const arrived = server.diagnosticsOf(version);
      await client.sendNotification("textDocument/didChange", {
        textDocument: { uri, version },
        contentChanges: [change],
      });
      await arrived;
    };
    for (let i = 0; i < 9; i++) await press();
    const keystroke: number[] = [];
    for (let i = 0; i < keystrokes; i++) keystroke.push(await timed(press));
    // Right after a change, as an editor asks.
    const ask = (method: string, column: number): Promise<unknown> =>
      client.sendRequest(method, { textDocument: { uri }, position: { line: middle, character: column } });
    const completion: number[] = [];
    const hover: number[] = [];
    for (let i = 0; i < keystrokes / 4; i++) {
      await press();
      completion.push(await timed(() => ask("textDocument/completion", character)));
      hover.push(await timed(() => ask("textDocument/hover", at[middle]!.indexOf("Net") + 1)));
    }
    return {
      lines: at.length,
      start: server.startMilliseconds,
      firstDiagnostics,
      keystroke: spread(keystroke),
      completion: spread(completion),
      hover: spread(hover),
      megabytes: server.megabytes(),
    };
  } finally {
    server.end();
  }
}

function page(all: readonly EditorFigures[], { activation, ready }: ActivationFigures): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const both = ({ median, p95 }: Spread): string => `${median.toFixed(1)} / ${p95.toFixed(1)} ms`;
  const row = (name: string, target: string, figure: (figures: EditorFigures) => string): string =>
    `| ${name} | ${all.map(figure).join(" | ")} | ${target} |`;
  return [
    "# The editor, measured",
    "",
    "Made by `npm run bench:editor`, over the language server's real protocol. Spreads are median / 95th percentile.",
    "",
    `- ${cpus()[0]?.model ?? "unknown processor"}, ${cpus().length} cores; Node ${process.version}`,
    "",
    `| | ${all.map(({ lines }) => `${lines} lines`).join(" | ")} | target |`,
    `| --- | ${all.map(() => "---: |").join(" ")} --- |`,
    row("start to its first answer", "≤ 200 ms", ({ start }) => ms(start)),
    row("opening to first diagnostics", "", ({ firstDiagnostics }) => ms(firstDiagnostics)),
    row("keystroke to diagnostics", "≤ 50 ms; 10,000 lines ≤ 250 ms", ({ keystroke }) => both(keystroke)),
    row("completion", "≤ 20 ms", ({ completion }) => both(completion)),
    row("hover", "≤ 20 ms", ({ hover }) => both(hover)),
    row("most memory", "≤ 300 MB at 10,000 lines", ({ megabytes }) => `${megabytes.toFixed(0)} MB`),
    "",
    `In a real extension host the extension is active after ${ms(activation)}, its code's loading included (target ≤ 100 ms); its`,
    `language server answers after ${ms(ready)}.`,
    "",
  ].join("\n");
}

async function main(): Promise<void> {
  const figures = [await measure(1_000), await measure(10_000)];
  const text = page(figures, await measureActivation(process.argv.includes("--quick") ? 1 : 3));
  console.log(text);
  if (!process.argv.includes("--quick")) writeFileSync(path.join(__dirname, "RESULTS-editor.md"), text);
}

void main();
