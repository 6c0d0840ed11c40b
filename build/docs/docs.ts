/** Writes every generated page again. `npm run docs`; `docs.test.ts` holds the committed ones to it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { faceChecksPage } from './face-checks.ts';
import { renderReadme } from './readme.ts';
import { renderThirdParty } from './third-party.ts';
import { topicsPage } from './topics.ts';

/** File -> the text it must have. */
export function generatedPages(): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', renderReadme(readFileSync('README.md', 'utf8'))],
    ['THIRD_PARTY.md', renderThirdParty()],
    ['appliance/mqtt/TOPICS.md', topicsPage()],
    ['engine/domain/face/FACE_CHECKS.md', faceChecksPage()],
  ]);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [file, text] of generatedPages()) writeFileSync(file, text);
}
