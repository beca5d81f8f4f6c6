/** One line for the output channel about how a run ended. Knows no editor. */
import type { RunRequest } from "../../protocol";
import type { RunResult } from "./engine-link";
import { gradchecksOf, gradcheckVerdict, lensTitle } from "./verdict-text";

export function outcomeLine({ uri, action, target }: RunRequest, result: RunResult): string {
  const name = decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
  const what = `${action} ${target === undefined ? name : `${target.kind} ${target.name} of ${name}`}`;
  switch (result.kind) {
    case "cancelled":
      return `${what}: cancelled`;
    case "crashed":
      return `${what}: the engine failed: ${result.message}`;
    case "finished": {
      const verdicts = result.outcome.targets.map((report) => {
        const gradchecks = gradchecksOf(report);
        const state = { running: false, stale: false, report };
        const verdict =
          action === "gradcheck" ? gradcheckVerdict(gradchecks) : lensTitle("run", report.status, state);
        return `${report.name}: ${verdict}`;
      });
      return `${what}: ${verdicts.length === 0 ? "nothing to run" : verdicts.join("; ")}`;
    }
  }
}
