/** What the engine is asked to do with some files, and doing it. Runs in a thread of its own; knows no terminal. */
import { setImmediate } from "node:timers/promises";
import { checkReport, execute, reproduce, testStrength, type EngineHost } from "../../engine";
import type { FileReport, FileReproductions, FileStrength } from "../../protocol";
import { nodeThreads } from "../node";
import { dataBeside } from "./data-files";
import { failedErrorMaps, type ErrorMap } from "./error-maps";
import { makeResolver, type SpecFile } from "./spec-files";

export type EngineJob = ExecuteJob | StudyJob;

export interface ExecuteJob {
  readonly action: "run" | "check" | "gradcheck";
  readonly files: readonly SpecFile[];
  /** Whether runs report the value of every name. */
  readonly allValues: boolean;
  /** Whether gradient checks compare every entry, and whether they differentiate twice. */
  readonly full: boolean;
  readonly secondOrder: boolean;
}

/** What executes a file many times over. */
export interface StudyJob {
  readonly action: "strength" | "reproduce";
  readonly files: readonly SpecFile[];
  /** Milliseconds. */
  readonly limit: number | undefined;
}

/** What a job tells while it goes on. */
export type JobMessage =
  | { readonly type: "started"; readonly file: string }
  | {
      readonly type: "progress";
      readonly file: string;
      readonly done: number;
      readonly total: number;
      readonly what: string;
    }
  | {
      readonly type: "finished";
      readonly report: FileReport;
      readonly errorMaps: readonly ErrorMap[];
    }
  | { readonly type: "tested"; readonly report: FileStrength }
  | { readonly type: "reproduced"; readonly report: FileReproductions };

export async function carryOut(job: EngineJob, tell: (message: JobMessage) => void): Promise<void> {
  const host: EngineHost = {
    resolve: makeResolver(),
    data: dataBeside,
    now: () => performance.now(),
    threads: nodeThreads,
  };
  for (const file of job.files) {
    tell({ type: "started", file: file.id });
    if ("limit" in job) tell(await study(host, job, file, tell));
    else tell(await reportOn(host, job, file, tell));
  }
}

async function study(
  host: EngineHost,
  { action, limit }: StudyJob,
  { id, text }: SpecFile,
  tell: (message: JobMessage) => void,
): Promise<JobMessage> {
  const options = {
    breathe: () => setImmediate(),
    onProgress: (done: number, total: number, what: string) =>
      tell({ type: "progress", file: id, done, total, what }),
    ...(limit === undefined ? {} : { limit }),
  };
  const file = { id, text, version: 0 };
  return action === "strength"
    ? { type: "tested", report: await testStrength(host, file, options) }
    : { type: "reproduced", report: await reproduce(host, file, options) };
}

async function reportOn(
  host: EngineHost,
  { action, allValues, full, secondOrder }: ExecuteJob,
  { id, text }: SpecFile,
  tell: (message: JobMessage) => void,
): Promise<JobMessage> {
  const file = { id, text, version: 0 };
  if (action === "check") return { type: "finished", report: checkReport(host, file), errorMaps: [] };
  const session = await execute(host, file, {
    action,
    target: undefined,
    allValues,
    full,
    secondOrder,
    breathe: () => setImmediate(),
    onProgress: (done, total, what) => tell({ type: "progress", file: id, done, total, what }),
  });
  return { type: "finished", report: session.outcome.report, errorMaps: failedErrorMaps(session) };
}
