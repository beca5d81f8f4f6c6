/** What can be done with one tensor of the view: copies, files, a picture, keeping it beside others. No layout. */
import type { MenuEntry } from "../look/menu-button";
import type { PanelActions } from "../state/panel-actions";
import { copyTensor, type CopyFormat, formatNames, isTooLarge } from "./tensor-copy";
import type { Pane, PinnedTensor } from "./tensor-panes";
import { matrixOf } from "./tensor-axes";
import { visibleCells, type Size, type Viewport } from "./viewport";
import type { SliceStore } from "./slice-store";

export interface PaneActionsContext {
  readonly actions: PanelActions;
  readonly store: SliceStore;
  readonly run: number;
  readonly target: string;
  readonly view: Viewport;
  readonly space: Size;
  readonly pinned: PinnedTensor | null;
  /** The pane's picture, where one is drawn. */
  readonly canvas: () => HTMLCanvasElement | null;
}

export function paneEntries(pane: Pane, context: PaneActionsContext): readonly MenuEntry[] {
  const { ref, summary, title } = pane;
  const { actions, run, target, pinned } = context;
  const savePicture: MenuEntry = {
    label: "Save picture…",
    detail: ".png",
    act: () => void saveCanvas(context.canvas(), fileName(title, "png"), actions),
  };
  if (ref === null || summary === null) return [savePicture];
  const visible = visibleCells(context.view, matrixOf(summary.shape), context.space);
  const tooLarge = isTooLarge(summary, visible) ? { disabled: true, detail: "zoom in first" } : {};
  const copies = (["numpy", "csv", "spec"] as const).map((format): MenuEntry => ({
    label: `Copy as ${formatNames[format]}`,
    ...tooLarge,
    act: () => void copyPane(pane, format, context),
  }));
  const saveArray: MenuEntry = {
    label: "Save array…",
    detail: ".npy",
    act: () => actions.saveTensor(fileName(title, "npy"), target, ref),
  };
  const same = pinned?.run === run && pinned.ref.node === ref.node && pinned.ref.of === ref.of;
  const isPinned = pane.key === "pinned" || same;
  const keep: MenuEntry = isPinned
    ? { label: "Stop comparing with it", act: () => actions.pinTensor(null) }
    : {
        label: "Compare others with it",
        act: () => {
          actions.pinTensor({ run, target, ref, title, moment: null, summary });
          actions.announce(`${title} is kept for comparing: choose another tensor, or run again.`);
        },
      };
  return [...copies, saveArray, savePicture, keep];
}

async function copyPane(
  { ref, summary, subject, title }: Pane,
  format: CopyFormat,
  { actions, store, view, space }: PaneActionsContext,
): Promise<void> {
  if (summary === null || ref === null) return;
  const copied = await copyTensor({
    format,
    summary,
    name: title,
    subject,
    visible: visibleCells(view, matrixOf(summary.shape), space),
    fetch: (request) => store.fetch(request),
  });
  if (copied === null) actions.announce("The editor has no numbers to copy.");
  else actions.copy(copied.text, `${copied.what} as ${formatNames[format]}`);
}

/** A picture as it stands on the screen. */
export async function saveCanvas(
  canvas: HTMLCanvasElement | null,
  name: string,
  actions: PanelActions,
): Promise<void> {
  const blob = await new Promise<Blob | null>((resolve) => {
    if (canvas === null) resolve(null);
    else canvas.toBlob(resolve, "image/png");
  });
  if (blob === null) actions.announce("There is no picture to save.");
  else actions.saveFile(name, new Uint8Array(await blob.arrayBuffer()));
}

/** A file's name from a tensor's: `dm.J_dm.z.npy`. */
function fileName(title: string, extension: string): string {
  const plain = title.replaceAll("∂", "d").replaceAll(/[^\p{L}\p{N}._-]+/gu, "_");
  return `${plain.replaceAll(/^_+|_+$/g, "") || "tensor"}.${extension}`;
}
