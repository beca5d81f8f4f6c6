/** The panel's frame: header, banners, and the view that fills the rest. */
import { css } from "lit";

export const inspectorPanelStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: 0;
    background: var(--vscode-editor-background);
    container: panel / inline-size;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 6px 14px;
  }
  .file {
    margin: 0;
    font-size: inherit;
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-weight: 600;
  }
  .chooser {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    min-width: 0;
    max-width: 100%;
  }
  .spring {
    flex: 1;
  }
  .tools {
    display: flex;
    gap: 2px;
  }
  .progress {
    flex: none;
    display: block;
    appearance: none;
    width: 100%;
    height: 2px;
    border: 0;
  }
  .progress::-webkit-progress-bar {
    background: none;
  }
  .progress::-webkit-progress-value {
    background: var(--vscode-progressBar-background);
  }
  .progress:indeterminate {
    background: linear-gradient(90deg, transparent, var(--vscode-progressBar-background), transparent);
  }
  @media (prefers-reduced-motion: no-preference) {
    .progress:indeterminate {
      background-size: 50% 100%;
      animation: passing 1.6s linear infinite;
    }
    @keyframes passing {
      from {
        background-position: -100% 0;
      }
      to {
        background-position: 200% 0;
      }
    }
  }
  .progress-text {
    margin: 2px 14px 4px;
  }
  .banner {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 8px;
    padding: 4px 14px;
    border-inline-start: 3px solid var(--vscode-editorInfo-foreground);
    background: var(--vscode-textBlockQuote-background);
  }
  .banner.warning {
    border-color: var(--vscode-editorWarning-foreground);
  }
  .banner.error {
    border-color: var(--vscode-errorForeground);
  }
  main {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-width: 0;
    min-height: 0;
  }
  .view {
    display: flex;
    flex-direction: column;
    flex: 1;
    min-width: 0;
    min-height: 0;
    overflow: hidden;
    container: view / size;
  }
  .view > * {
    flex: 1;
    min-height: 0;
  }
  .view > [preview] {
    flex: 0 0 auto;
    height: clamp(220px, 42%, 420px);
    border-top: 1px solid
      var(--vscode-panel-border, var(--vscode-widget-border, var(--vscode-contrastBorder, transparent)));
  }
  @container view (height < 460px) {
    .view > [preview] {
      display: none;
    }
  }
  /* Old results are drained of colour, not of contrast. */
  .view.old {
    filter: grayscale(0.65);
  }
  .page {
    flex: 1;
  }
  @media (prefers-reduced-motion: no-preference) {
    .view {
      transition: filter 0.2s;
    }
  }
  /* Two rows: what is shown and what to do with it, then what of it is in view. */
  @container panel (width < 720px) {
    .file {
      flex: 1 0 calc(100% - 250px);
    }
    .spring {
      display: none;
    }
    header > .chooser {
      order: 2;
    }
  }
  @container panel (width < 460px) {
    .duration {
      display: none;
    }
    .words {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    header {
      padding-inline: 8px;
    }
    .file {
      flex: 1 0 calc(100% - 170px);
    }
  }
`;
