import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { goldenPicture } from '../golden-picture.ts';
import { PackManifest, parseManifest } from './manifest.ts';
import { checkRecipe, recipes } from './recipes.ts';

/** The page for makers of packs tells what the code does. */
const text = readFileSync('engine/inference/packs/PACKS.md', 'utf8');
const blockOf = (name: string): string =>
  new RegExp(`<!-- test: ${name} -->\n\`\`\`json\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? '';

const page = suite('PACKS.md');

page('its manifest is one that passes', () => {
  checkRecipe(parseManifest(Buffer.from(blockOf('manifest'))));
});

page('every member of a manifest and every recipe is told of', () => {
  const { networks, feeding } = PackManifest.shape;
  const members = [PackManifest, networks.element, feeding].flatMap(({ shape }) => Object.keys(shape));
  for (const member of members) assert.match(text, new RegExp(`\\b${member}\\b`), member);
  for (const [name, { kind, crop, decode }] of Object.entries(recipes)) {
    assert.ok(text.includes(`| \`${name}\` | \`${kind}\` | \`${crop}\` | \`${decode}\` |`), name);
  }
});

page('its first pixels are those of the golden picture', () => {
  const shown: number[][] = JSON.parse(blockOf('pixels'));
  assert.ok(shown.length >= 4);
  assert.equal(shown.flat(), [...goldenPicture(1, 8).subarray(0, shown.length * 3)]);
});

page.run();
