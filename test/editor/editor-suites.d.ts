// The bundler puts every test/editor/*.test.ts in this module's place.
declare module "editor-suites";
