/** How a step of a backward pass is arranged. */
import { css } from "lit";

export const replayStyles = css`
  :host {
    display: block;
    overflow: auto;
    border-top: 1px solid var(--vscode-panel-border);
  }
  .controls {
    position: sticky;
    top: 0;
    z-index: 1;
    display: flex;
    align-items: center;
    gap: 4px;
    padding: 4px 10px;
    background: var(--vscode-editor-background);
  }
  .controls input {
    flex: 1 1 80px;
    min-width: 60px;
    height: 20px;
    margin: 0 6px;
    accent-color: var(--vscode-progressBar-background);
  }
  .where {
    white-space: nowrap;
  }
  .empty {
    margin: 0;
    padding: 8px 12px 14px;
  }
  .step {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 24px;
    padding: 4px 12px 12px;
  }
  .what {
    margin: 0 0 6px;
  }
  .terms {
    display: flex;
    flex: 1 1 300px;
    flex-direction: column;
    gap: 12px;
    min-width: 0;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .term {
    min-width: 0;
    padding-left: 12px;
    border-left: 2px solid var(--gradient-ink);
  }
  .line,
  .sum {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 10px;
    min-width: 0;
  }
  .sum {
    margin-top: 6px;
  }
  figure {
    display: inline-flex;
    flex-direction: column;
    align-items: center;
    gap: 3px;
    margin: 0;
    padding: 1px;
    max-width: 100%;
    overflow-x: auto;
  }
  figcaption {
    font-size: 0.92em;
  }
  .sign {
    color: var(--vscode-descriptionForeground);
  }
  .more {
    font-size: 0.92em;
    font-style: italic;
  }
`;
