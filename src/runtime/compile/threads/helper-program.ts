/**
 * What a helping thread runs, as text: a thread begins with a text or a file, and this text serves in Node and in browsers alike,
 * from every bundle. It is sent one message, a module with its memory, and does shares of its jobs until it is ended; between two
 * calls its host has a turn. Knows nothing of what the module computes.
 */
export const helperProgram = `
const port = typeof require === "function" ? require("node:worker_threads").parentPort : self;
port.onmessage = ({ data: { module, memory } }) => {
  const env = { memory };
  // Shares call nothing of the host's.
  for (const { name, kind } of WebAssembly.Module.imports(module)) if (kind === "function") env[name] = () => 0;
  const { help } = new WebAssembly.Instance(module, { env }).exports;
  const serve = () => {
    help();
    setTimeout(serve, 0);
  };
  serve();
};
`;
