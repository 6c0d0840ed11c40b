/** The TypeScript 5 inside ts-morph: the generator prints with its compiler API, which TypeScript 7 no longer has. */
export { ts as default } from '@ts-morph/common';
