/** Which containers of a graph are open before anybody has chosen. No DOM. */
import type { GraphReport } from "../../../protocol";
import type { Containers } from "./containers";
import { countBoxes, type Detail } from "./folded-graph";

/** Nets are open at first while no more boxes than these are seen. */
const comfortable = 60;
/** Each try folds the whole graph. */
const mostRefusals = 8;
/** The nets that are open at first, outer ones before inner ones, while there is room. */
export function opening(report: GraphReport, containers: Containers, detail: Detail): ReadonlySet<string> {
  const open = new Set<string>();
  let refused = 0;
  for (const container of containers.all) {
    if (refused >= mostRefusals) break;
    if (container.kind !== "net" || (container.parent !== null && !open.has(container.parent.key))) continue;
    open.add(container.key);
    if (countBoxes(report, containers, detail, ({ key }) => open.has(key)) > comfortable) {
      open.delete(container.key);
      refused++;
    }
  }
  return open;
}
