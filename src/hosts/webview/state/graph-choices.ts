/** What the graph remembers of how it is shown. Knows nothing of the graph. */
import { list, oneOf, type Reader, record, text, truth } from "./decode";

export interface GraphChoices {
  readonly mode: "forward" | "backward";
  readonly detail: "names" | "operators";
  readonly direction: "down" | "right";
  /** Whether lines are as wide as gradients are large. */
  readonly sizes: boolean;
  /** Containers that are not as they are at first: open ones closed, closed ones open. */
  readonly toggled: readonly string[];
}

export const freshGraphChoices: GraphChoices = {
  mode: "forward",
  detail: "names",
  direction: "down",
  sizes: false,
  toggled: [],
};

const choices: Reader<GraphChoices> = record<GraphChoices>({
  mode: oneOf("forward", "backward"),
  detail: oneOf("names", "operators"),
  direction: oneOf("down", "right"),
  sizes: truth,
  toggled: list(text),
});

/** A state of before there was a graph has none. */
export const graphChoices: Reader<GraphChoices> = (value, path) =>
  value === undefined ? freshGraphChoices : choices(value, path);
