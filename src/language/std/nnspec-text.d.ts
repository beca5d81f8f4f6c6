// Owns the type of an imported `.nnspec` file: bundler and test set-up both hand over its text.
declare module "*.nnspec" {
  const text: string;
  // eslint-disable-next-line no-restricted-exports -- the bundler's text loader offers no other shape
  export default text;
}
