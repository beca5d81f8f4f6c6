/** What a view may ask of the panel around it. Views know this and their data, never the editor. */
import type { Range, RepairMessage, TensorRef } from "../../../protocol";
import type { PinnedTensor } from "../tensor/tensor-panes";
import type { Ask } from "./questions";
import type { SavedState } from "./saved-state";

export interface PanelActions {
  /** Shows the place in the editor. */
  readonly reveal: (range: Range, file: string | null) => void;
  /** Selects a node; `open` shows its tensor, with the cursor at `index`. */
  readonly select: (
    node: number,
    how?: { readonly open?: boolean; readonly index?: readonly number[] },
  ) => void;
  /** Says it to a screen reader. */
  readonly announce: (sentence: string) => void;
  /** Puts the text on the clipboard; `what` is announced. */
  readonly copy: (text: string, what: string) => void;
  /** Writes an expression into the run as a line of its own. */
  readonly insertLine: (run: string, expression: string, name: string) => void;
  /** Asks where to save a file, with this name offered. */
  readonly saveFile: (name: string, bytes: Uint8Array) => void;
  /** Asks where to save a tensor as npy, or all of them as npz where none is named; the editor fetches the bytes. */
  readonly saveTensor: (name: string, target: string, tensor: TensorRef | null) => void;
  /** Keeps a tensor in view beside others; null ends it. */
  readonly pinTensor: (pinned: PinnedTensor | null) => void;
  readonly save: (change: Partial<SavedState>) => void;
  /** Asks the engine about the run in view. */
  readonly ask: Ask;
  /** The training under way ends with what it has; one that was stopped goes on. */
  readonly stopTraining: () => void;
  readonly continueTraining: () => void;
  readonly run: (action: "run" | "gradcheck") => void;
  /** Has a failure mended, or made small, by the editor. */
  readonly repair: (message: RepairMessage) => void;
}
