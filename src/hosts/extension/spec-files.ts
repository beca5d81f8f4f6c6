/**
 * Finds the specs of the workspace, on whatever file system its folders are. The editor's search knows those that it has a search
 * for, and never answers for the others: they are walked through.
 */
import * as vscode from "vscode";

/** How long the search may take before the folder is walked through instead. */
const searchMilliseconds = 4000;

/** A folder that is walked through is read at most so often. */
const mostFolders = 1000;

/** The schemes for which a search did not answer. */
const unanswered = new Set<string>();

const unsearched = new Set(["node_modules", ".git"]);

/** At most so many, in no order. */
export async function findSpecs(most: number): Promise<readonly vscode.Uri[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const found = await Promise.all(folders.map(({ uri }) => specsIn(uri, most)));
  return found.flat().slice(0, most);
}

async function specsIn(folder: vscode.Uri, most: number): Promise<readonly vscode.Uri[]> {
  if (!unanswered.has(folder.scheme)) {
    const found = await searched(folder, most);
    if (found !== undefined) return found;
    unanswered.add(folder.scheme);
  }
  return walked(folder, most);
}

/** Undefined where no answer came. */
async function searched(folder: vscode.Uri, most: number): Promise<readonly vscode.Uri[] | undefined> {
  const stop = new vscode.CancellationTokenSource();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, searchMilliseconds, undefined);
  });
  const pattern = new vscode.RelativePattern(folder, "**/*.nnspec");
  const search = vscode.workspace.findFiles(pattern, "**/node_modules/**", most, stop.token);
  try {
    return await Promise.race([search, tooLate]);
  } finally {
    clearTimeout(timer);
    stop.cancel();
    stop.dispose();
  }
}

/** Breadth first. What cannot be read has no specs. */
async function walked(folder: vscode.Uri, most: number): Promise<readonly vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  const folders = [folder];
  for (let at = 0; at < folders.length && at < mostFolders && found.length < most; at++) {
    const here = folders[at] ?? folder;
    for (const [name, type] of await entriesOf(here)) {
      const uri = vscode.Uri.joinPath(here, name);
      if ((type & vscode.FileType.Directory) !== 0) {
        // Behind a link there may be the folder itself.
        if (!unsearched.has(name) && (type & vscode.FileType.SymbolicLink) === 0) folders.push(uri);
      } else if (name.endsWith(".nnspec")) found.push(uri);
    }
  }
  return found;
}

async function entriesOf(folder: vscode.Uri): Promise<readonly (readonly [string, vscode.FileType])[]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}
