/** Owns the wire to the editor: posting messages, receiving them, and the state that survives a reload. */
import type { FromPanel } from "../../../protocol";
import { readMessage } from "./read-message";
import { readSavedState, type SavedState } from "./saved-state";

/** What VS Code gives a webview, once. */
interface EditorApi {
  postMessage(message: FromPanel): void;
  getState(): unknown;
  setState(state: SavedState): void;
}

declare function acquireVsCodeApi(): EditorApi;

export class EditorLink {
  private readonly api: EditorApi = acquireVsCodeApi();

  post(message: FromPanel): void {
    this.api.postMessage(message);
  }

  savedState(): SavedState {
    return readSavedState(this.api.getState());
  }

  save(state: SavedState): void {
    this.api.setState(state);
  }

  /** Hands every message on, read and judged. Returns what ends it. */
  listen(receive: (message: ReturnType<typeof readMessage>) => void): () => void {
    const onMessage = (event: MessageEvent<unknown>): void => receive(readMessage(event.data));
    window.addEventListener("message", onMessage);
    return () => window.removeEventListener("message", onMessage);
  }
}
