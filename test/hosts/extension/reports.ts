/** Small reports for tests of what is made of them; every part can be replaced. */
import type {
  BlameReport,
  CheckReport,
  GradcheckReport,
  NodeSummary,
  Range,
  RunOutcome,
  RunReport,
  RunRequest,
  TargetReport,
  TensorSummary,
} from "../../../src/protocol";

export function range(line: number, character = 0, length = 3): Range {
  return { start: { line, character }, end: { line, character: character + length } };
}

export function checkReport(part: Partial<CheckReport> = {}): CheckReport {
  return {
    label: null,
    range: range(5),
    at: null,
    status: "passed",
    message: "",
    worst: null,
    explanation: null,
    ...part,
  };
}

/** A rule that is transposed. */
export const blame: BlameReport = {
  op: "linear",
  rule: "vjp W",
  node: "m.s1",
  range: range(9),
  index: [2, 0],
  explanation: {
    kind: "transposed",
    factor: null,
    expression: null,
    fit: 1e-16,
    runnerUp: null,
    message: "The rule is the transpose.",
  },
};

export function gradcheckReport(part: Partial<GradcheckReport> = {}): GradcheckReport {
  return {
    of: "m.J",
    range: range(6),
    at: null,
    verdict: "passed",
    reason: null,
    entries: 23,
    worstError: 3.1e-10,
    milliseconds: 1.8,
    leaves: [],
    adjoint: [],
    slope: null,
    kinks: [],
    blame: [],
    ...part,
  };
}

export function runReport(part: Partial<RunReport> = {}): RunReport {
  return {
    name: "one",
    range: range(4),
    milliseconds: 3.2,
    status: "passed",
    error: null,
    checks: [],
    gradchecks: [],
    shown: [],
    ...part,
  };
}

export function targetReport(part: Partial<TargetReport> = {}): TargetReport {
  return {
    kind: "run",
    name: "one",
    range: range(4),
    status: "passed",
    milliseconds: 3.2,
    run: runReport(),
    sampled: null,
    gradchecks: [],
    nodes: [],
    roots: [],
    root: null,
    ...part,
  };
}

export function summary(part: Partial<TensorSummary> = {}): TensorSummary {
  return {
    shape: [2, 3],
    dtype: "float64",
    count: 6,
    mean: 0.125,
    deviation: 1.9,
    min: -2.3,
    max: 4.2,
    zeros: 0,
    nan: 0,
    infinite: 0,
    histogram: [],
    ...part,
  };
}

export function nodeSummary(part: Partial<NodeSummary> = {}): NodeSummary {
  return {
    id: 0,
    name: "m.o",
    group: "m",
    role: "value",
    op: "add",
    parents: [],
    range: range(2),
    file: null,
    at: null,
    dims: [],
    value: summary(),
    gradient: null,
    fault: null,
    ...part,
  };
}

export function runRequest(part: Partial<RunRequest> = {}): RunRequest {
  const uri = "file:///a.nnspec";
  return { uri, version: 1, action: "run", target: undefined, files: { [uri]: "run one {\n}\n" }, ...part };
}

export function runOutcome(part: Partial<RunOutcome> = {}): RunOutcome {
  const uri = "file:///a.nnspec";
  return {
    uri,
    version: 1,
    report: { file: uri, diagnostics: [] },
    diagnostics: [],
    targets: [targetReport()],
    ...part,
  };
}
