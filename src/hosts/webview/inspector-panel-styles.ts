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
    min-height: 0;
    min-width: 0;
    overflow: hidden;
    container: view / size;
  }
  main > * {
    flex: 1;
    min-height: 0;
  }
  main > [preview] {
    flex: 0 0 auto;
    height: clamp(220px, 42%, 420px);
    border-top: 1px solid
      var(--vscode-panel-border, var(--vscode-widget-border, var(--vscode-contrastBorder, transparent)));
  }
  @container view (height < 460px) {
    main > [preview] {
      display: none;
    }
  }
  main.old {
    opacity: 0.72;
  }
  .page {
    flex: 1;
  }
  @media (prefers-reduced-motion: no-preference) {
    main {
      transition: opacity 0.15s;
    }
  }
  @container panel (width < 460px) {
    .words,
    .duration {
      display: none;
    }
    header {
      padding-inline: 8px;
    }
    .file {
      flex: 1 0 calc(100% - 120px);
    }
    .spring {
      display: none;
    }
    header > .chooser {
      order: 2;
    }
  }
`;
