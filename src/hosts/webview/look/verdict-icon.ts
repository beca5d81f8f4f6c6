/** One icon for each verdict, the same in every view. */
import type { TemplateResult } from "lit";
import type { Status } from "../../../protocol";
import { icon, type IconName } from "./icons";

const drawn: Readonly<Record<Status, IconName>> = {
  passed: "check",
  failed: "cross",
  error: "error",
  pending: "pending",
  undecided: "undecided",
};

export function verdictIcon(status: Status): TemplateResult {
  return icon(drawn[status], status);
}
