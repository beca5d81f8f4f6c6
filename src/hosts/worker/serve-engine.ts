/**
 * Owns the engine's side of the worker: one run at a time, sessions kept until they are forgotten, every message of the
 * protocol answered. The port is handed in, so it runs alike in Node and in a browser. Knows no editor.
 */
import {
  CancelledError,
  execute,
  reproduce,
  testStrength,
  type DataFile,
  type EngineDataHost,
  type EngineFile,
  type EngineHost,
  type Refusal,
  type Session,
  type ThreadHost,
} from "../../engine";
import { isWithin, resolveUri } from "../../language/features";
import { standardLibrary } from "../../language/std";
import {
  workerProtocolVersion,
  type FromWorker,
  type RunRequest,
  type StudyOutcome,
  type StudyRequest,
  type ToWorker,
  type TrainingProgress,
} from "../../protocol";
import { ownBuffers } from "./own-buffers";
import { warmUp } from "./warm-up";

/** Where messages come from and go to. */
export interface EnginePort {
  readonly post: (message: FromWorker, transfer: readonly ArrayBuffer[]) => void;
  /** Lets the messages that wait be delivered. */
  readonly breathe: () => Promise<void>;
  /** The next message that waits, taken before its turn; where the platform can, so that long work hears of its cancellation. */
  readonly pull?: () => ToWorker | undefined;
  readonly now: () => number;
  readonly data: LocalData | undefined;
  /** Threads that may help with long trainings. */
  readonly threads?: ThreadHost | undefined;
}

/** The files of this machine by their uri; only what lies in the folders is given, where there are any. */
export interface LocalData {
  open(uri: string, folders: readonly string[] | undefined): DataFile | Refusal;
}

export function serveEngine(port: EnginePort): (message: ToWorker) => void {
  const sessions = new Map<number, Session>();
  const cancelled = new Set<number>();
  const stopping = new Set<number>();
  const waiting = new Set<number>();
  let last: Promise<void> = Promise.resolve();
  const post = (message: FromWorker, transfer: readonly ArrayBuffer[] = []): void =>
    port.post(message, transfer);

  const run = async (runId: number, request: RunRequest): Promise<void> => {
    if (cancelled.has(runId)) {
      post({ type: "cancelled", runId });
      return;
    }
    try {
      const session = await executeRequest(port, request, {
        progress: (done, total, what) => post({ type: "progress", runId, done, total, what }),
        cancelled: () => {
          hear();
          return cancelled.has(runId);
        },
        training: (training) => {
          const { done, total } = training;
          post({ type: "progress", runId, done, total, what: "Training", training });
        },
        // One word ends one training.
        trainingStopped: () => stopping.delete(runId),
        resume: request.resume === undefined ? undefined : sessions.get(request.resume),
      });
      sessions.set(runId, session);
      post({ type: "finished", runId, outcome: session.outcome });
    } catch (error) {
      if (error instanceof CancelledError) post({ type: "cancelled", runId });
      else post({ type: "crashed", runId, message: describe(error) });
    }
  };

  const study = async (runId: number, request: StudyRequest): Promise<void> => {
    try {
      const outcome = await carryOutStudy(port, request, {
        progress: (done, total, what) => post({ type: "progress", runId, done, total, what }),
        cancelled: () => {
          hear();
          return cancelled.has(runId);
        },
      });
      post({ type: "studied", runId, outcome });
    } catch (error) {
      if (error instanceof CancelledError) post({ type: "cancelled", runId });
      else post({ type: "crashed", runId, message: describe(error) });
    }
  };

  let heard = port.now();
  /** Takes what waits, now and then. */
  const hear = (): void => {
    if (port.pull === undefined || port.now() - heard < 20) return;
    heard = port.now();
    for (let message = port.pull(); message !== undefined; message = port.pull()) receive(message);
  };

  const receive = (message: ToWorker): void => {
    switch (message.type) {
      case "hello":
        post({ type: "hello", version: workerProtocolVersion });
        last = last.then(async () => {
          // What was posted with this message comes first.
          await port.breathe();
          await port.breathe();
          if (waiting.size > 0) return;
          const isIdle = (): boolean => {
            hear();
            return waiting.size === 0;
          };
          await warmUp(isIdle, port);
        });
        break;
      case "run": {
        const { runId, request } = message;
        waiting.add(runId);
        last = last.then(async () => {
          await run(runId, request);
          waiting.delete(runId);
          cancelled.delete(runId);
          stopping.delete(runId);
        });
        break;
      }
      case "study": {
        const { runId, request } = message;
        waiting.add(runId);
        last = last.then(async () => {
          await study(runId, request);
          waiting.delete(runId);
          cancelled.delete(runId);
        });
        break;
      }
      case "cancel":
        if (waiting.has(message.runId)) cancelled.add(message.runId);
        break;
      case "stop-training":
        if (waiting.has(message.runId)) stopping.add(message.runId);
        break;
      case "slice": {
        const reply = sessions.get(message.runId)?.slice(message.slice);
        const data = reply && ownBuffer(reply.data);
        if (reply === undefined || data === undefined) {
          post({ type: "slice", requestId: message.requestId, reply: null });
        } else {
          post({ type: "slice", requestId: message.requestId, reply: { ...reply, data } }, [data.buffer]);
        }
        break;
      }
      case "root": {
        const target = sessions.get(message.runId)?.chooseRoot(message.target, message.root);
        post({ type: "root", requestId: message.requestId, target: target ?? null });
        break;
      }
      case "ask": {
        const { requestId, runId, question } = message;
        try {
          const { value, transfer } = ownBuffers(
            sessions.get(runId)?.answer(question, (run) => sessions.get(run)) ?? null,
          );
          post({ type: "answer", requestId, answer: value, problem: null }, transfer);
        } catch (error) {
          post({ type: "answer", requestId, answer: null, problem: describe(error) });
        }
        break;
      }
      case "forget":
        sessions.delete(message.runId);
        break;
    }
  };
  return receive;
}

interface Watching {
  readonly progress: (done: number, total: number, what: string) => void;
  readonly cancelled: () => boolean;
  readonly training?: (progress: TrainingProgress) => void;
  readonly trainingStopped?: () => boolean;
  readonly resume?: Session | undefined;
}

function executeRequest(port: EnginePort, request: RunRequest, watching: Watching): Promise<Session> {
  return execute(hostOf(port, request), fileOf(request), {
    action: request.action,
    target: request.target,
    full: request.full === true,
    secondOrder: request.secondOrder === true,
    fixes: request.fixes !== false,
    cancelled: watching.cancelled,
    breathe: port.breathe,
    breathesToHear: port.pull === undefined,
    onProgress: watching.progress,
    ...(watching.training === undefined ? {} : { onTraining: watching.training }),
    ...(watching.trainingStopped === undefined ? {} : { trainingStopped: watching.trainingStopped }),
    resume: watching.resume,
  });
}

async function carryOutStudy(
  port: EnginePort,
  request: StudyRequest,
  watching: Watching,
): Promise<StudyOutcome> {
  const { study } = request;
  const [host, file] = [hostOf(port, request), fileOf(request)];
  const options = {
    cancelled: watching.cancelled,
    breathe: port.breathe,
    onProgress: watching.progress,
  };
  switch (study.kind) {
    case "strength":
      return { kind: "strength", report: await testStrength(host, file, options) };
    case "reproduce":
      return {
        kind: "reproduce",
        report: await reproduce(host, file, { ...options, target: study.target }),
      };
  }
}

/** What every request says of the texts and the files beside them. */
type Texts = Omit<RunRequest, "action" | "target">;

function fileOf({ uri, files, version }: Texts): EngineFile {
  return { id: uri, text: files[uri] ?? "", version };
}

function hostOf(port: EnginePort, request: Texts): EngineHost {
  return {
    resolve: (from, path) => {
      if (path === "std") return { id: "std", text: standardLibrary() };
      const id = resolveUri(from, path);
      const text = id === undefined ? undefined : request.files[id];
      return id === undefined || text === undefined ? undefined : { id, text };
    },
    data: dataHost(port.data, request),
    now: port.now,
    threads: port.threads,
  };
}

/** Data files as they were sent with the request, else this machine's. */
function dataHost(local: LocalData | undefined, { data, folders }: Texts): EngineDataHost {
  return {
    open(from, path) {
      const uri = resolveUri(from, path);
      if (uri === undefined) return { problem: "unreadable", detail: "the path names no file" };
      if (folders !== undefined && !isWithin(uri, folders))
        return { problem: "outside-workspace", detail: `it would be ${uri}` };
      const sent = data?.[uri];
      if (sent instanceof Uint8Array)
        return { size: sent.length, read: (offset, length) => sent.subarray(offset, offset + length) };
      return (
        sent ?? local?.open(uri, folders) ?? { problem: "unreadable", detail: "the editor gave no such file" }
      );
    },
  };
}

/** The numbers in a buffer of exactly their size, so that it can be given away. */
function ownBuffer(data: Float64Array): Float64Array<ArrayBuffer> {
  const { buffer } = data;
  const exact = buffer instanceof ArrayBuffer && buffer.byteLength === data.byteLength;
  return exact ? (data as Float64Array<ArrayBuffer>) : new Float64Array(data);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
