/** Judges what the panel asks to have mended. Knows no editor. */
import type { FailureTarget, FixReport, Position, Range, RepairMessage } from "../../protocol";
import { isCount, isFields } from "./unknown-values";

/** The message, or undefined where it is none of these. */
export function readRepairMessage(value: unknown): RepairMessage | undefined {
  if (!isFields(value)) return undefined;
  switch (value["type"]) {
    case "apply-fix": {
      const fix = readFix(value["fix"]);
      return fix && { type: "apply-fix", fix };
    }
    case "reproduce": {
      const of = readFailure(value["of"]);
      return of && { type: "reproduce", of };
    }
    default:
      return undefined;
  }
}

function readFix(value: unknown): FixReport | undefined {
  if (!isFields(value) || typeof value["title"] !== "string" || !Array.isArray(value["edits"]))
    return undefined;
  const edits: FixReport["edits"][number][] = [];
  for (const edit of value["edits"] as readonly unknown[]) {
    if (!isFields(edit) || typeof edit["newText"] !== "string") return undefined;
    const range = readRange(edit["range"]);
    if (range === undefined) return undefined;
    edits.push({ range, newText: edit["newText"] });
  }
  const file = value["file"];
  if (file !== undefined && typeof file !== "string") return undefined;
  return { title: value["title"], ...(file === undefined ? {} : { file }), edits };
}

function readFailure(value: unknown): FailureTarget | undefined {
  if (!isFields(value)) return undefined;
  const { kind, name, index } = value;
  if (kind !== "check" && kind !== "gradcheck" && kind !== "op" && kind !== "net") return undefined;
  return typeof name === "string" && isCount(index) ? { kind, name, index } : undefined;
}

function readRange(value: unknown): Range | undefined {
  if (!isFields(value)) return undefined;
  const start = readPosition(value["start"]);
  const end = readPosition(value["end"]);
  return start && end && { start, end };
}

function readPosition(value: unknown): Position | undefined {
  if (!isFields(value)) return undefined;
  const { line, character } = value;
  return isCount(line) && isCount(character) ? { line, character } : undefined;
}
