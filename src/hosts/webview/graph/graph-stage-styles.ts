/** How the drawing's surface, its map and its focus ring look. */
import { css } from "lit";

export const graphStageStyles = css`
  :host {
    display: block;
    position: relative;
    overflow: hidden;
    min-height: 0;
    background: var(--vscode-editor-background);
    cursor: grab;
  }
  :host(.over) {
    cursor: pointer;
  }
  canvas {
    display: block;
    position: absolute;
    inset: 0 auto auto 0;
  }
  .surface {
    position: absolute;
    inset: 0;
    touch-action: none;
    user-select: none;
  }
  .surface:focus-visible {
    outline-offset: -2px;
  }
  canvas.map {
    inset: auto 8px 8px auto;
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-radius: 3px;
    background: var(--vscode-editor-background);
    cursor: crosshair;
  }
`;
