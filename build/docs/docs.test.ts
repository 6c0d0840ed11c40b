import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { productVersion } from '#contract/established/names';
import { refusedCheckNames } from '#domain/face/checks/refused-checks';
import { faceCheckNames } from '#domain/face/face-checks';
import { generatedPages } from './docs.ts';
import { faceChecksPage } from './face-checks.ts';
import { topicsPage } from './topics.ts';

const pages = suite('generated pages');

for (const [file, text] of generatedPages()) {
  pages(`${file} is as its sources make it (npm run docs)`, () => {
    assert.is(readFileSync(file, 'utf8'), text);
  });
}

pages('the README has its generated sections', () => {
  const readme = readFileSync('README.md', 'utf8');
  assert.match(readme, /\| `PERIGEE_PORT` \| `5000` \|/);
  assert.match(readme, /detect_body/);
});

pages('every member of a face event stands on the page of topics', () => {
  const text = topicsPage();
  for (const member of [
    'seq',
    'event_type',
    'similarity',
    'margin',
    'liveness.prediction',
    'lists[].list_id',
    'bbox',
  ]) {
    assert.ok(text.includes(`| \`${member}\` |`), member);
  }
});

pages('every check of LP5 stands on the page of checks, decided or refused', () => {
  const text = faceChecksPage();
  for (const name of [...faceCheckNames, ...refusedCheckNames]) assert.ok(text.includes(`| \`${name}\` |`), name);
  assert.match(readFileSync('README.md', 'utf8'), /engine\/domain\/face\/FACE_CHECKS\.md/);
});

pages('the version in the code is that of the package', () => {
  assert.is((JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }).version, productVersion);
});

pages.run();
