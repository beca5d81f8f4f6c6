// Runs a text with a clock that is slow: what is found does not depend on how busy the machine is.
import path from "node:path";
import { execute, type Session } from "../../../src/engine";
import { examples, hostFor } from "../run-text";

export function runText(
  text: string,
  action: "run" | "gradcheck" = "run",
  files: Readonly<Record<string, string>> = {},
): Promise<Session> {
  const host = { ...hostFor(files), now: () => performance.now() / 20 };
  const file = { id: path.join(examples, "test.nnspec"), text, version: 1 };
  return execute(host, file, { action, target: undefined });
}
