/** The pieces that panel states in the tests are made of. */
import type { CheckReport, PanelState, Range, RunReport, Status, TargetReport } from "../../src/protocol";
import type { FixtureNode } from "./fixture-tensors";

export interface FixtureTarget {
  readonly report: TargetReport;
  readonly nodes: readonly FixtureNode[];
}

export function lineRange(line: number): Range {
  return { start: { line, character: 2 }, end: { line, character: 40 } };
}

export function check(label: string, line: number, more: Partial<CheckReport> = {}): CheckReport {
  const range = lineRange(line);
  return { label, range, at: null, status: "passed", message: "", worst: null, explanation: null, ...more };
}

export function runReport(name: string, status: Status, more: Partial<RunReport>): RunReport {
  const range = lineRange(28);
  return {
    name,
    range,
    milliseconds: 3.2,
    status,
    error: null,
    checks: [],
    gradchecks: [],
    shown: [],
    ...more,
  };
}

export function targetOf(
  run: RunReport,
  nodes: readonly FixtureNode[],
  roots: TargetReport["roots"],
  root = roots[0]?.id ?? null,
): FixtureTarget {
  const { name, range, status, milliseconds } = run;
  const report: TargetReport = {
    kind: "run",
    name,
    range,
    status,
    milliseconds,
    run,
    sampled: null,
    gradchecks: [],
    nodes: nodes.map((node) => node.summary),
    trainings: [],
    roots,
    root,
  };
  return { report, nodes };
}

export function panelState(targets: readonly FixtureTarget[], more: Partial<PanelState> = {}): PanelState {
  return {
    uri: "file:///project/examples/weight-decay.nnspec",
    fileName: "weight-decay.nnspec",
    phase: "finished",
    stale: false,
    runId: 1,
    progress: null,
    targets: targets.map((one) => one.report),
    target: targets[0]?.report.name ?? null,
    message: null,
    history: [],
    earlierRun: null,
    documents: [],
    ...more,
  };
}
