/**
 * Owns the engine's worker: starts it when it is first needed, restarts it when it dies or does not answer a
 * cancellation, and pairs questions with answers. Answers to what nobody waits for any more are dropped. Knows no editor.
 */
import {
  workerProtocolVersion,
  type AnswerOf,
  type FromWorker,
  type Question,
  type RunOutcome,
  type RunRequest,
  type SliceReply,
  type SliceRequest,
  type TargetReport,
  type TrainingProgress,
} from "../../protocol";
import type { WorkerPort } from "./worker-port";

export type RunResult =
  | { readonly kind: "finished"; readonly outcome: RunOutcome }
  | { readonly kind: "cancelled" }
  | { readonly kind: "crashed"; readonly message: string };

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly what: string;
  /** What a training has added to its curves. */
  readonly training?: TrainingProgress;
}

/** A run under way. */
export interface Running {
  readonly runId: number;
  readonly result: Promise<RunResult>;
  /** Asks it to stop; where it does not within the time of grace, its worker is ended. */
  cancel(): void;
  /** Asks the training under way to end with what it has. */
  stopTraining(): void;
}

export interface EngineLinkOptions {
  readonly start: () => WorkerPort;
  /** The worker had to be replaced; every session in it is gone. Told once for each replacement. */
  readonly onDidRestart: (cause: "died" | "unresponsive", detail: string) => void;
  readonly graceMilliseconds?: number;
}

/** `problem` is a failure of the tool's own. */
export interface Answered {
  readonly answer: AnswerOf | null;
  readonly problem: string | null;
}

interface PendingRun {
  readonly request: RunRequest;
  readonly settle: (result: RunResult) => void;
  readonly progress: (progress: Progress) => void;
  grace: ReturnType<typeof setTimeout> | undefined;
}

const unanswered: Answered = { answer: null, problem: null };

export class EngineLink {
  readonly #options: EngineLinkOptions;
  #port: WorkerPort | undefined;
  #nextId = 1;
  readonly #runs = new Map<number, PendingRun>();
  readonly #slices = new Map<number, (reply: SliceReply | null) => void>();
  readonly #roots = new Map<number, (target: TargetReport | null) => void>();
  readonly #questions = new Map<number, (answer: Answered) => void>();

  constructor(options: EngineLinkOptions) {
    this.#options = options;
  }

  /** Starts the worker, which warms up while nobody waits for it. */
  prepare(): void {
    this.#connected();
  }

  /** `again`: the run whose session it makes anew. */
  run(request: RunRequest, progress: (progress: Progress) => void, again?: number): Running {
    const runId = again ?? this.#nextId++;
    const result = new Promise<RunResult>((settle) => {
      this.#runs.set(runId, { request, settle, progress, grace: undefined });
    });
    this.#connected().post({ type: "run", runId, request });
    const stopTraining = (): void => this.#port?.post({ type: "stop-training", runId });
    return { runId, result, cancel: () => this.#cancel(runId), stopTraining };
  }

  /** Part of a tensor of a finished run; null where the session is gone. */
  slice(runId: number, slice: SliceRequest): Promise<SliceReply | null> {
    if (this.#port === undefined) return Promise.resolve(null);
    const requestId = this.#nextId++;
    const reply = new Promise<SliceReply | null>((resolve) => this.#slices.set(requestId, resolve));
    this.#port.post({ type: "slice", requestId, runId, slice });
    return reply;
  }

  /** The target with the gradients of another root. */
  chooseRoot(runId: number, target: string, root: number): Promise<TargetReport | null> {
    if (this.#port === undefined) return Promise.resolve(null);
    const requestId = this.#nextId++;
    const reply = new Promise<TargetReport | null>((resolve) => this.#roots.set(requestId, resolve));
    this.#port.post({ type: "root", requestId, runId, target, root });
    return reply;
  }

  /** What is asked about a finished run; no answer where the session is gone. */
  ask(runId: number, question: Question): Promise<Answered> {
    if (this.#port === undefined) return Promise.resolve(unanswered);
    const requestId = this.#nextId++;
    const answered = new Promise<Answered>((resolve) => this.#questions.set(requestId, resolve));
    this.#port.post({ type: "ask", requestId, runId, question });
    return answered;
  }

  /** Its tensors are not needed any more. */
  forget(runId: number): void {
    this.#port?.post({ type: "forget", runId });
  }

  dispose(): void {
    this.#end();
    for (const runId of [...this.#runs.keys()]) this.#settle(runId, { kind: "cancelled" });
  }

  #cancel(runId: number): void {
    const run = this.#runs.get(runId);
    if (run === undefined || run.grace !== undefined) return;
    this.#port?.post({ type: "cancel", runId });
    run.grace = setTimeout(() => {
      this.#settle(runId, { kind: "cancelled" });
      this.#restart("unresponsive", "A cancelled run did not stop.");
    }, this.#options.graceMilliseconds ?? 500);
  }

  #connected(): WorkerPort {
    if (this.#port !== undefined) return this.#port;
    const port = this.#options.start();
    this.#port = port;
    port.onMessage((message) => {
      if (this.#port === port) this.#receive(message);
    });
    port.onDied((reason) => {
      if (this.#port === port) this.#died(reason);
    });
    port.post({ type: "hello", version: workerProtocolVersion });
    return port;
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case "hello":
        if (message.version !== workerProtocolVersion) this.#refuse(message.version);
        break;
      case "progress": {
        const { done, total, what, training } = message;
        const progress = { done, total, what, ...(training === undefined ? {} : { training }) };
        this.#runs.get(message.runId)?.progress(progress);
        break;
      }
      case "finished":
        this.#settle(message.runId, { kind: "finished", outcome: message.outcome });
        break;
      case "studied":
        break; // studies have workers of their own
      case "cancelled":
        this.#settle(message.runId, { kind: "cancelled" });
        break;
      case "crashed":
        this.#settle(message.runId, { kind: "crashed", message: message.message });
        break;
      case "slice":
        this.#slices.get(message.requestId)?.(message.reply);
        this.#slices.delete(message.requestId);
        break;
      case "root":
        this.#roots.get(message.requestId)?.(message.target);
        this.#roots.delete(message.requestId);
        break;
      case "answer": {
        const { answer, problem } = message;
        this.#questions.get(message.requestId)?.({ answer, problem });
        this.#questions.delete(message.requestId);
        break;
      }
    }
  }

  #settle(runId: number, result: RunResult): void {
    const run = this.#runs.get(runId);
    if (run === undefined) return;
    clearTimeout(run.grace);
    this.#runs.delete(runId);
    run.settle(result);
  }

  /** The extension was updated under a window that still runs the old worker, or the reverse. */
  #refuse(version: number): void {
    this.#end();
    const message = `The engine speaks version ${String(version)} of the protocol, the extension version ${String(workerProtocolVersion)}. Reload the window.`;
    for (const runId of [...this.#runs.keys()]) this.#settle(runId, { kind: "crashed", message });
  }

  #died(reason: string): void {
    for (const runId of [...this.#runs.keys()]) this.#settle(runId, { kind: "crashed", message: reason });
    this.#restart("died", reason);
  }

  /** What waits is sent again to the new worker. */
  #restart(cause: "died" | "unresponsive", detail: string): void {
    this.#end();
    for (const [runId, { request }] of this.#runs) this.#connected().post({ type: "run", runId, request });
    this.#options.onDidRestart(cause, detail);
  }

  #end(): void {
    this.#port?.end();
    this.#port = undefined;
    for (const resolve of this.#slices.values()) resolve(null);
    for (const resolve of this.#roots.values()) resolve(null);
    for (const resolve of this.#questions.values()) resolve(unanswered);
    this.#slices.clear();
    this.#roots.clear();
    this.#questions.clear();
  }
}
