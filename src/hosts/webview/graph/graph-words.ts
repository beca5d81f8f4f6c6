/** What a screen reader says of a box. Knows nothing of where it is. */
import { shapeText, shortNumber } from "../look/number-format";
import { secondLine } from "./box-size";
import type { Box } from "./folded-graph";
import type { Scene } from "./scene";

/** More neighbours than these are counted, not named. */
const mostNames = 4;

const known = new WeakMap<Scene, ReadonlyMap<string, string>>();

/** By the boxes' keys. */
export function boxSentences(scene: Scene): ReadonlyMap<string, string> {
  let sentences = known.get(scene);
  if (sentences === undefined) {
    const inputs = neighbours(scene, "to", "from");
    const outputs = neighbours(scene, "from", "to");
    sentences = new Map(
      scene.drawing.boxes.map(({ box }) => [
        box.key,
        sentence(scene, box, inputs.get(box.key) ?? [], outputs.get(box.key) ?? []),
      ]),
    );
    known.set(scene, sentences);
  }
  return sentences;
}

function sentence(scene: Scene, box: Box, inputs: readonly string[], outputs: readonly string[]): string {
  const parts = [box.title];
  const what = secondLine(box);
  if (what !== "" && what !== box.title) parts.push(what);
  if (box.node !== null) parts.push(`shape ${shapeText(box.node.shape)}`);
  else if (box.fold === "closed") parts.push(`${String(box.members.length)} nodes inside`);
  if (inputs.length > 0) parts.push(`from ${listed(inputs)}`);
  if (outputs.length > 0) parts.push(`to ${listed(outputs)}`);
  if (scene.mode === "backward" && box.node !== null) {
    const { gradient, norm } = box.node;
    if (gradient === "zero") parts.push("gradient 0");
    else if (gradient === "pending") parts.push("gradient pending");
    else if (norm !== null) parts.push(`gradient of size ${shortNumber(norm)}`);
  }
  return parts.join(", ");
}

/** The titles at the other ends of each box's edges. */
function neighbours(
  { drawing }: Scene,
  here: "from" | "to",
  there: "from" | "to",
): ReadonlyMap<string, readonly string[]> {
  const titles = new Map(drawing.boxes.map(({ box }) => [box.key, box.title]));
  const found = new Map<string, string[]>();
  for (const { line } of drawing.edges) {
    const title = titles.get(line[there]) ?? "";
    const others = found.get(line[here]);
    if (others === undefined) found.set(line[here], [title]);
    else others.push(title);
  }
  return found;
}

function listed(names: readonly string[]): string {
  if (names.length > mostNames) return `${String(names.length)} nodes`;
  return names.join(" and ");
}
