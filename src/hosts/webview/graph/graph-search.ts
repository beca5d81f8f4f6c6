/** Finding nodes by name, text, operator, role or shape. No DOM. */
import { shapeText } from "../look/number-format";
import type { LaidOut } from "./graph-source";

/** The keys of the boxes that are found or hold what is found, in the order of the computation. */
export function graphSearch(
  { report, graph }: Pick<LaidOut, "report" | "graph">,
  sought: string,
): readonly string[] {
  const words = sought
    .toLowerCase()
    .split(/\s+(?![^[]*\])/)
    .filter((word) => word !== "");
  if (words.length === 0) return [];
  const present = new Set(graph.boxes.map(({ key }) => key));
  const found = new Set<string>();
  const isMeant = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word));
  for (const [position, node] of report.nodes.entries()) {
    const key = graph.boxOf[position] ?? null;
    if (key === null || !present.has(key)) continue;
    const bodies = node.group === null ? "" : (report.groups[node.group]?.name ?? "");
    if (isMeant([bodies, node.name ?? "", node.text, node.op, node.role, shapeText(node.shape)].join(" ")))
      found.add(key);
  }
  for (const { key, title, what } of graph.boxes) if (isMeant(`${title} ${what}`)) found.add(key);
  return [...found];
}
