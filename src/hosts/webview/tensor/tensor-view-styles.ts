/** The tensor tab's layout: two panes side by side, one under the other where it is narrow. */
import { css } from "lit";

export const tensorViewStyles = css`
  :host {
    display: block;
    padding: 8px 14px 16px;
    overflow: auto;
    container: tensor / inline-size;
  }
  .header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 10px;
    min-height: 30px;
  }
  .header select {
    max-width: min(100%, 320px);
    font-weight: bold;
  }
  .spring {
    flex: 1;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 2px;
  }
  .slider {
    display: grid;
    grid-template-columns: auto minmax(60px, 320px) auto;
    justify-content: start;
    align-items: center;
    gap: 10px;
    margin-top: 6px;
  }
  .slider input {
    appearance: none;
    width: 100%;
    height: 16px;
    margin: 0;
    background: none;
    cursor: pointer;
  }
  .slider input::-webkit-slider-runnable-track {
    height: 4px;
    border-radius: 2px;
    background: var(--vscode-scrollbarSlider-background, var(--vscode-descriptionForeground));
    outline: 1px solid var(--vscode-contrastBorder, transparent);
  }
  .slider input::-webkit-slider-thumb {
    appearance: none;
    width: 14px;
    height: 14px;
    margin-top: -5px;
    border-radius: 50%;
    background: var(--vscode-focusBorder);
  }
  .read-out {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 24px;
    min-height: 1.5em;
    margin: 8px 0;
  }
  .header .read-out {
    margin: 0;
  }
  .panes {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr));
    gap: 18px 26px;
    align-items: start;
    margin-top: 8px;
  }
  .pane {
    min-width: 0;
  }
  .notice {
    margin: 8px 0;
    padding: 10px 12px;
    border-left: 3px solid var(--vscode-editorInfo-foreground);
    background: var(--vscode-textBlockQuote-background);
  }
  .notice.error {
    border-left-color: var(--vscode-errorForeground);
  }
  .empty {
    margin: 32px auto;
    max-width: 40ch;
    text-align: center;
  }
`;
