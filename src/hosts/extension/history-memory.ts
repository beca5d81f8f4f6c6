/**
 * Owns what of past runs outlives a reload of the window: their reports and the texts they were made from, the newest
 * first, as much as is cheap to keep. Knows of the editor only where it keeps things.
 */
import { nameNonFinite, type TargetReport } from "../../protocol";
import type { DocumentResults } from "./document-results";
import { withoutTensors } from "./report-file";
import type { Asked, PastRun } from "./run-history";
import { isFields } from "./unknown-values";

/** As `vscode.Memento`. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

interface RememberedRun {
  readonly uri: string;
  readonly finished: number;
  readonly asked: Asked;
  readonly files: Readonly<Record<string, string>>;
  readonly report: TargetReport;
}

const memoryKey = "nnspec.history";
/** Raised when a report changes: what an older extension has kept is not understood then. */
const format = 1;
const mostRuns = 24;
/** Characters of JSON, of one run and of all. */
const largestRun = 400_000;
const mostCharacters = 1_500_000;
/** Ids of sessions count from 1. */
const firstId = 1_000_000_000;

export class HistoryMemory {
  readonly #memory: Memory;
  #remembered: readonly RememberedRun[];
  #nextId = firstId;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#remembered = readMemory(memory.get(memoryKey));
  }

  /** The runs of a document, the newest first. Nothing has their tensors. */
  of(uri: string): readonly PastRun[] {
    return this.#remembered
      .filter((run) => run.uri === uri)
      .map(({ finished, asked, files, report }) => ({
        finished,
        asked,
        files,
        report,
        runId: this.#nextId++,
        byAction: new Map(),
        asleep: true,
      }));
  }

  /** Of documents that have no runs now, what is remembered stays. */
  async keep(documents: readonly DocumentResults[]): Promise<void> {
    const present = documents.filter(({ history }) => history.runs.length > 0);
    const now = present.flatMap(({ uri, history }) =>
      history.runs.flatMap(({ finished, asked, files, report }): RememberedRun[] =>
        asked === undefined ? [] : [{ uri, finished, asked, files, report: withoutTensors(report) }],
      ),
    );
    const others = this.#remembered.filter(({ uri }) => !present.some((each) => each.uri === uri));
    this.#remembered = fitting([...now, ...others].sort((a, b) => b.finished - a.finished));
    await this.#memory.update(memoryKey, { format, runs: nameNonFinite(this.#remembered) });
  }
}

function fitting(runs: readonly RememberedRun[]): readonly RememberedRun[] {
  let characters = 0;
  return runs.slice(0, mostRuns).filter((run) => {
    const size = JSON.stringify(run).length;
    if (size > largestRun || characters + size > mostCharacters) return false;
    characters += size;
    return true;
  });
}

/** What this extension has written itself; anything else is forgotten. */
function readMemory(value: unknown): readonly RememberedRun[] {
  if (!isFields(value) || value["format"] !== format || !Array.isArray(value["runs"])) return [];
  return value["runs"].filter(isRemembered);
}

function isRemembered(value: unknown): value is RememberedRun {
  return (
    isFields(value) &&
    typeof value["uri"] === "string" &&
    typeof value["finished"] === "number" &&
    isFields(value["asked"]) &&
    isFields(value["files"]) &&
    isFields(value["report"]) &&
    typeof value["report"]["name"] === "string" &&
    Array.isArray(value["report"]["nodes"])
  );
}
