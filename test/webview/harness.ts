/**
 * Stands in for the editor around the panel: the webview's API, the answers to slices, the themes. Bundled for the
 * page; tests and a person's browser drive it through `window.harness`.
 */
import "./without-compiling";
import {
  type AnswerOf,
  type FromPanel,
  nameNonFinite,
  type PanelState,
  type ToPanel,
} from "../../src/protocol";
import { failedTarget } from "./fixture-failed";
import { netTarget, passedTarget } from "./fixture-passed";
import { deepTarget, longTarget, shapesTarget } from "./fixture-shapes";
import { type FixtureTarget, panelState } from "./fixture-states";
import { trainingCurves, trainingPiece, trainingReport, trainingTotal } from "./fixture-training";
import { type FixtureTensor, sliceOf } from "./fixture-tensors";
import { type LiveRun, runLive } from "./live-specs";
import { applyTheme, type ThemeName } from "./themes";

const scenes: Readonly<Record<string, () => PanelState>> = {
  passed: () => panelState([targets.passed, targets.shapes]),
  net: () => panelState([netTarget(targets.passed)]),
  failed: () => panelState([targets.failed, targets.passed]),
  deep: () => panelState([targets.deep]),
  long: () => panelState([targets.long]),
  shapes: () => panelState([targets.shapes]),
  empty: () => panelState([], { phase: "empty" }),
  running: () =>
    panelState([], { phase: "running", progress: { done: 0, total: 0, what: "Compiling section_5_3" } }),
  rerunning: () =>
    panelState([targets.passed], {
      phase: "running",
      progress: { done: 14, total: 23, what: "Gradient check of m.J" },
    }),
  cancelled: () => panelState([], { phase: "cancelled" }),
  "cancelled-later": () => panelState([targets.passed], { phase: "cancelled" }),
  crashed: () =>
    panelState([], {
      phase: "crashed",
      message: "RangeError: WebAssembly.Memory(): could not allocate memory",
    }),
  history: () =>
    panelState([targets.passed], {
      runId: 7,
      history: [
        {
          runId: 7,
          finished: new Date(2030, 0, 1, 14, 3, 22).getTime(),
          status: "passed",
          milliseconds: 3.2,
        },
        { runId: 5, finished: new Date(2030, 0, 1, 14, 1, 5).getTime(), status: "failed", milliseconds: 4.1 },
      ],
      documents: [
        { uri: "file:///project/examples/weight-decay.nnspec", fileName: "weight-decay.nnspec" },
        { uri: "file:///project/other.nnspec", fileName: "other.nnspec" },
      ],
    }),
  training: () =>
    panelState([], { phase: "running", progress: { done: 900, total: trainingTotal, what: "Training" } }),
  trained: () => {
    const { report, nodes } = targets.passed;
    const trainings = [trainingReport()];
    window.harness.answers["training"] = { curves: [trainingCurves(0, trainingTotal)] };
    return panelState([{ report: { ...report, trainings }, nodes }]);
  },
  stopped: () => {
    const { report, nodes } = targets.passed;
    const trainings = [trainingReport({ state: "stopped", done: 900 })];
    window.harness.answers["training"] = { curves: [trainingCurves(0, 900)] };
    return panelState([{ report: { ...report, trainings }, nodes }]);
  },
  stale: () => panelState([targets.passed], { stale: true }),
};

/** Made when first asked for: counting a large tensor's statistics takes its time. */
const made = new Map<string, FixtureTarget>();

function once(name: string, make: () => FixtureTarget): FixtureTarget {
  const target = made.get(name) ?? make();
  made.set(name, target);
  return target;
}

const targets = {
  get passed(): FixtureTarget {
    return once("passed", passedTarget);
  },
  get failed(): FixtureTarget {
    return once("failed", failedTarget);
  },
  get deep(): FixtureTarget {
    return once("deep", deepTarget);
  },
  get long(): FixtureTarget {
    return once("long", longTarget);
  },
  get shapes(): FixtureTarget {
    return once("shapes", shapesTarget);
  },
};

export interface Harness {
  /** Everything the panel has posted. */
  readonly posted: FromPanel[];
  /** Slices asked for and answered. */
  asked: number;
  answered: number;
  /** Swaps rows and columns in the answers, so that a test can see itself fail. */
  transposeSlices: boolean;
  /** A run whose tensors are not kept. */
  gone?: number;
  /** False: slices are left unanswered. */
  answering: boolean;
  version: number;
  /** A real run behind the panel: `?live=weight-decay`. */
  live: LiveRun | null;
  /** Answers given instead of the live run's, by the question's kind. */
  readonly answers: Partial<Record<string, AnswerOf>>;
  /** Tells the panel of these steps of a training. */
  train(from: number, to: number, runId?: number): void;
  send(message: ToPanel): void;
  sendRaw(message: unknown): void;
  show(scene: string, more?: Partial<PanelState>): void;
  theme(name: ThemeName): void;
  /** The first elements of a fixture's tensor, for comparing. */
  elements: (node: number, of: "value" | "gradient", most?: number) => number[];
}

declare global {
  interface Window {
    harness: Harness;
  }
}

function tensorFor(id: number, of: "value" | "gradient"): FixtureTensor | null {
  const nodes = [...made.values()].flatMap((target) => target.nodes);
  return nodes.find((node) => node.summary.id === id)?.[of] ?? null;
}

async function showLive(name: string): Promise<void> {
  const live = await runLive(name);
  window.harness.live = live;
  window.harness.send({ type: "state", state: live.state });
}

function answer(message: FromPanel): void {
  const { harness } = window;
  if (message.type === "ready") {
    harness.send({ type: "hello", version: harness.version });
    const live = new URLSearchParams(location.search).get("live");
    if (live !== null) void showLive(live);
    const scene = new URLSearchParams(location.search).get("scene");
    if (scene !== null) harness.show(scene);
  }
  if (message.type === "ask") {
    const { requestId, question } = message;
    const given =
      harness.answers[question.kind] ?? harness.live?.session.answer(question, harness.live.earlier) ?? null;
    harness.send({ type: "answer", requestId, answer: given });
  }
  if (message.type === "slice" && harness.live !== null) {
    const { requestId, slice } = message;
    harness.answered++;
    const { session, earlier } = harness.live;
    const of = slice.run === undefined ? session : earlier(slice.run);
    harness.send({ type: "slice", requestId, reply: of?.slice(slice) ?? null });
    return;
  }
  if (message.type === "slice" && harness.answering) {
    const isGone = message.slice.run !== undefined && message.slice.run === harness.gone;
    const tensor = isGone ? null : tensorFor(message.slice.node, message.slice.of);
    const reply = tensor === null ? null : sliceOf(tensor, message.slice);
    const { requestId } = message;
    harness.answered++;
    if (reply !== null && harness.transposeSlices) {
      const data = reply.data.map(
        (_, i) => reply.data[(i % reply.columns) * reply.rows + Math.floor(i / reply.columns)] ?? 0,
      );
      harness.send({ type: "slice", requestId, reply: { ...reply, data } });
    } else harness.send({ type: "slice", requestId, reply });
  }
}

window.harness = {
  posted: [],
  asked: 0,
  answered: 0,
  transposeSlices: false,
  answering: true,
  version: Number(new URLSearchParams(location.search).get("version") ?? "1"),
  live: null,
  answers: {},
  train: (from, to, runId = 1) =>
    window.harness.send({ type: "training", runId, training: trainingPiece(from, to) }),
  send: (message) => window.postMessage(nameNonFinite(message)),
  sendRaw: (message) => window.postMessage(message),
  show: (scene, more) => window.harness.send({ type: "state", state: { ...scenes[scene]!(), ...more } }),
  theme: applyTheme,
  elements: (node, of, most = 100_000) => {
    const tensor = tensorFor(node, of);
    const count = tensor?.shape.reduce((a, b) => a * b, 1) ?? 0;
    return Array.from({ length: Math.min(count, most) }, (_, i) => tensor?.at(i) ?? NaN);
  },
};

const stateKey = "panel-state";

Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: FromPanel) => {
      // As in the editor, what is posted is a copy.
      const copy = structuredClone(message);
      window.harness.posted.push(copy);
      if (copy.type === "slice") window.harness.asked++;
      setTimeout(() => answer(copy), 1);
    },
    getState: (): unknown => JSON.parse(sessionStorage.getItem(stateKey) ?? "null"),
    setState: (state: unknown) => sessionStorage.setItem(stateKey, JSON.stringify(state)),
  }),
});

applyTheme((new URLSearchParams(location.search).get("theme") ?? "dark") as ThemeName); // Tests name real themes.
