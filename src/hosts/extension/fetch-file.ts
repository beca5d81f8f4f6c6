/** Fetches a file that the engine lays out, part by part. Knows no editor. */
import type { FilePart } from "../../protocol";
import type { Answered } from "./engine-link";

/** So much at a time, that neither side stops for long. */
const partBytes = 1 << 24;

/** Throws a sentence for the user where the engine cannot give it. */
export async function fetchFile(ask: (from: number, to: number) => Promise<Answered>): Promise<Uint8Array> {
  const first = await part(ask, 0);
  const whole = new Uint8Array(first.total);
  whole.set(first.bytes);
  for (let at = first.bytes.length; at < whole.length;) {
    const { bytes } = await part(ask, at);
    if (bytes.length === 0) throw new Error("The tensor changed while it was being saved.");
    whole.set(bytes.subarray(0, whole.length - at), at);
    at += bytes.length;
  }
  return whole;
}

async function part(ask: (from: number, to: number) => Promise<Answered>, from: number): Promise<FilePart> {
  const { answer, problem } = await ask(from, from + partBytes);
  if (problem !== null) throw new Error(problem);
  if (answer === null) throw new Error("The engine has no numbers to save any more: run again.");
  return answer as FilePart; // The question was of this kind.
}
