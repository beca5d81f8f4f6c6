/** The inspector's page: a policy that lets in our own bundle and nothing else. Knows nothing of what it shows. */
import * as vscode from "vscode";

export function panelPage(webview: vscode.Webview, extensionUri: vscode.Uri): string {
  const resource = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, "dist/webview", name)).toString();
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    // Lit adopts its style sheets; styles of elements are set by properties, never by attributes.
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    // The layout of graphs: a worker, made from a file of the page's own.
    `connect-src ${webview.cspSource}`,
    "worker-src blob:",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${resource("inspector.css")}">
<title>nnspec inspector</title>
</head>
<body>
<script nonce="${nonce}" src="${resource("inspector.js")}"></script>
</body>
</html>`;
}

/** What the page may load, and that it may run scripts. */
export function panelOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, "dist/webview")] };
}
