// Owns the type of an imported `.nnspec` file: bundler and test set-up both hand over its text.
declare module "*.nnspec" {
  const text: string;
  // The bundler's text loader has no other shape than a default export.
  export default text;
}
