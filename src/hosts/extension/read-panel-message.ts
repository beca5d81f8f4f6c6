/** Judges what arrives from the panel: nothing is believed before it has been through here. Knows no editor. */
import type { FromPanel, Position, Range, SliceRequest } from "../../protocol";
import { readQuestion } from "./read-question";
import { readRepairMessage } from "./read-repair-message";
import { readTensor } from "./read-tensor-questions";
import { isCount, isFields, isFiniteNumber } from "./unknown-values";

/** The message, or undefined where it is none of the protocol's. */
export function readPanelMessage(value: unknown): FromPanel | undefined {
  if (!isFields(value)) return undefined;
  switch (value["type"]) {
    case "ready":
      return isFiniteNumber(value["version"]) ? { type: "ready", version: value["version"] } : undefined;
    case "slice": {
      const slice = readSlice(value["slice"]);
      const requestId = value["requestId"];
      return slice !== undefined && isCount(requestId) ? { type: "slice", requestId, slice } : undefined;
    }
    case "ask": {
      const question = readQuestion(value["question"]);
      const requestId = value["requestId"];
      return question !== undefined && isCount(requestId) ? { type: "ask", requestId, question } : undefined;
    }
    case "save-tensor": {
      const { name, target, tensor: given } = value;
      const tensor = given === null ? null : readTensor(given);
      if (typeof name !== "string" || !isFileName(name) || typeof target !== "string" || tensor === undefined)
        return undefined;
      return { type: "save-tensor", name, target, tensor };
    }
    case "reveal": {
      const range = readRange(value["range"]);
      const file = value["file"];
      return range !== undefined && (file === null || typeof file === "string")
        ? { type: "reveal", range, file }
        : undefined;
    }
    case "choose-target":
      return typeof value["target"] === "string"
        ? { type: "choose-target", target: value["target"] }
        : undefined;
    case "choose-root": {
      const { target, root } = value;
      return typeof target === "string" && isCount(root) ? { type: "choose-root", target, root } : undefined;
    }
    case "run":
      return value["action"] === "run" || value["action"] === "gradcheck"
        ? { type: "run", action: value["action"] }
        : undefined;
    case "cancel":
    case "stop-training":
    case "continue-training":
    case "save-report":
      return { type: value["type"] };
    case "keep-run":
    case "choose-run": {
      const { type, runId } = value;
      return runId === null || isCount(runId) ? { type, runId } : undefined;
    }
    case "choose-document":
      return typeof value["uri"] === "string" ? { type: "choose-document", uri: value["uri"] } : undefined;
    case "pin":
      return typeof value["pinned"] === "boolean" ? { type: "pin", pinned: value["pinned"] } : undefined;
    case "copy":
      return typeof value["text"] === "string" ? { type: "copy", text: value["text"] } : undefined;
    case "insert-line": {
      const { target, expression, name } = value;
      const isLine = typeof expression === "string" && isExpression(expression);
      return typeof target === "string" && isLine && typeof name === "string" && isName(name)
        ? { type: "insert-line", target, expression, name }
        : undefined;
    }
    case "save": {
      const { name, bytes } = value;
      return typeof name === "string" && isFileName(name) && bytes instanceof Uint8Array
        ? { type: "save", name, bytes }
        : undefined;
    }
    default:
      return readRepairMessage(value);
  }
}

/** One line, of a length that people write. */
function isExpression(text: string): boolean {
  return /^\S.*$/u.test(text) && text.length <= 10_000;
}

/** What a value of a spec may be called. */
function isName(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_]{0,200}$/u.test(text);
}

/** A name alone, not a way to another folder. */
function isFileName(name: string): boolean {
  return /^[^/\\:*?"<>|]{1,200}$/.test(name) && name !== "." && name !== "..";
}

function readSlice(value: unknown): SliceRequest | undefined {
  if (!isFields(value)) return undefined;
  const { run, node, of, root, leading, limit, pooled } = value;
  const rows = readSpan(value["rows"]);
  const columns = readSpan(value["columns"]);
  if (!isCount(node) || (of !== "value" && of !== "gradient") || !isCount(limit)) return undefined;
  if (rows === undefined || columns === undefined) return undefined;
  if (!(root === null || isCount(root)) || !Array.isArray(leading) || !leading.every(isCount))
    return undefined;
  if (pooled !== undefined && typeof pooled !== "boolean") return undefined;
  if (run !== undefined && !isCount(run)) return undefined;
  return {
    ...(run === undefined ? {} : { run }),
    ...{ node, of, root, leading, rows, columns, limit },
    ...(pooled === undefined ? {} : { pooled }),
  };
}

function readSpan(value: unknown): { readonly from: number; readonly to: number } | undefined {
  if (!isFields(value) || !isCount(value["from"]) || !isCount(value["to"])) return undefined;
  return value["to"] < value["from"] ? undefined : { from: value["from"], to: value["to"] };
}

function readRange(value: unknown): Range | undefined {
  if (!isFields(value)) return undefined;
  const start = readPosition(value["start"]);
  const end = readPosition(value["end"]);
  return start === undefined || end === undefined ? undefined : { start, end };
}

function readPosition(value: unknown): Position | undefined {
  if (!isFields(value)) return undefined;
  const { line, character } = value;
  return isCount(line) && isCount(character) ? { line, character } : undefined;
}
