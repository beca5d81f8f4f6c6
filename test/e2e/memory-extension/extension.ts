// A web extension that gives the editor a folder in memory, as extensions do that show repositories or archives.
import * as vscode from "vscode";
import { MemoryFiles } from "../../editor/memory-files";

const texts = {
  "main.nnspec": `import { spread } from "parts/library.nnspec"

run measure {
  X = csv("parts/points.csv")
  J = spread(X)
  check "by hand": J ~= 30
}
`,
  "parts/library.nnspec": `# The sum of squares.
op spread(X: [n, m]) -> [] {
  return sum(X * X)
  vjp X(u) = 2 * X * u
}
`,
  "parts/points.csv": "1,2\n3,4\n",
};

export function activate({ subscriptions }: vscode.ExtensionContext): void {
  const files = new MemoryFiles();
  const folder = vscode.Uri.parse("nnspec-memory://shelf/course");
  for (const [name, text] of Object.entries(texts))
    files.writeFile(vscode.Uri.joinPath(folder, name), new TextEncoder().encode(text));
  subscriptions.push(vscode.workspace.registerFileSystemProvider("nnspec-memory", files));
}
