/** `npm run client`: writes the types of the TypeScript client again. */
import { writeFileSync } from 'node:fs';
import { clientTypesFile, renderClientTypes } from './generate.ts';

const text = await renderClientTypes();
writeFileSync(clientTypesFile, text);
console.log(`${clientTypesFile}: ${text.split('\n').length} lines`);
