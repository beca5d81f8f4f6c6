/** How the Graph tab is arranged: its choices above, the drawing, and what is said of the selected box below. */
import { css } from "lit";

export const graphViewStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    height: 100%;
  }
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 6px;
    padding: 6px 10px;
    border-bottom: 1px solid var(--vscode-panel-border);
  }
  .pair {
    display: inline-flex;
    gap: 1px;
  }
  .pair .tool {
    padding: 0 7px;
  }
  .finder {
    display: inline-flex;
    flex: 1 1 150px;
    align-items: center;
    justify-content: flex-end;
    gap: 6px;
    min-width: 0;
  }
  .finder .faint {
    white-space: nowrap;
  }
  .search {
    order: 1;
    flex: 0 1 200px;
    min-width: 90px;
    height: 24px;
    padding: 0 6px;
    border: 1px solid var(--vscode-settings-textInputBorder, var(--vscode-input-border, transparent));
    border-radius: 2px;
    background: var(--vscode-input-background);
    color: var(--vscode-input-foreground);
    font: inherit;
  }
  .search::placeholder {
    color: var(--vscode-input-placeholderForeground);
    opacity: 1;
  }
  .notes {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
    align-items: center;
    padding: 4px 10px;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    padding: 0 2px 0 8px;
    border: 1px solid var(--vscode-widget-border, var(--vscode-panel-border));
    border-radius: 10px;
  }
  nnspec-graph-stage {
    flex: 1 1 0;
  }
  nnspec-replay {
    flex: 0 1 auto;
    max-height: 55%;
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 10px;
    min-height: 26px;
    padding: 2px 10px;
    border-top: 1px solid var(--vscode-panel-border);
  }
  .spring {
    flex: 1;
  }
  .chosen {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .page {
    margin: 0;
    padding: 24px;
  }
`;
