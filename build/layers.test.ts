import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

/** The dependency rule of ARCHITECTURE.md, section 3: what a folder may import besides itself and packages. */
const rule: readonly { folder: string; may: readonly string[]; byTypeOnly?: readonly string[] }[] = [
  { folder: 'engine/kernel', may: [] },
  { folder: 'engine/domain', may: ['engine/kernel'] },
  { folder: 'engine/contract', may: ['engine/kernel', 'engine/domain'] },
  { folder: 'engine/storage', may: ['engine/kernel', 'engine/domain'] },
  { folder: 'engine/inference', may: ['engine/kernel', 'engine/domain'] },
  { folder: 'engine/matching', may: ['engine/kernel', 'engine/domain'] },
  {
    folder: 'engine/services',
    may: ['engine/kernel', 'engine/domain', 'engine/contract', 'engine/storage', 'engine/inference', 'engine/matching'],
  },
  { folder: 'engine', may: ['engine'] },
  { folder: 'appliance/console', may: ['appliance/client'] },
  { folder: 'appliance/ui', may: ['appliance/client'] },
  // Tests of the whole, and what they stand on.
  { folder: 'appliance/acceptance', may: ['appliance', 'engine', 'build'] },
  {
    folder: 'appliance/daemon',
    may: ['appliance', 'engine/engine.ts', 'engine/kernel', 'engine/contract'],
    byTypeOnly: ['updater/contract.ts'],
  },
  {
    folder: 'appliance',
    may: ['engine/engine.ts', 'engine/kernel', 'engine/contract'],
    byTypeOnly: ['updater/contract.ts', 'engine/domain', 'engine/storage', 'engine/services', 'engine/inference'],
  },
  { folder: 'updater', may: ['engine/kernel'] },
  { folder: 'build', may: ['appliance', 'engine', 'updater', 'images'] },
  { folder: 'images', may: ['updater', 'build'] },
];

const aliases = Object.entries(
  (JSON.parse(readFileSync('package.json', 'utf8')) as { imports: Record<string, string> }).imports,
);

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier));
  for (const [alias, target] of aliases) {
    const [head = '', tail] = alias.split('*');
    if (tail === undefined ? specifier === alias : specifier.startsWith(head)) {
      return normalize(target.replace('*', specifier.slice(head.length)));
    }
  }
  return undefined;
}

function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8');
  const found: Import[] = [];
  for (const match of source.matchAll(/^\s*(import|export)\s+(type\s)?([^'"`;]*?from\s+)?['"]([^'"]+)['"]/gms)) {
    const to = resolveImport(file, match[4] ?? '');
    const names = /\{([^}]*)\}/.exec(match[3] ?? '')?.[1];
    const allTypes = names?.split(',').every((name) => /^\s*(type\s|$)/.test(name)) ?? false;
    if (to) found.push({ from: file, to, typeOnly: match[2] !== undefined || allTypes });
  }
  for (const match of source.matchAll(/import\(\s*['"]([^'"]+)['"]\s*\)/g)) {
    const to = resolveImport(file, match[1] ?? '');
    if (to) found.push({ from: file, to, typeOnly: false });
  }
  return found;
}

const inside = (file: string, folder: string): boolean => file === folder || file.startsWith(`${folder}/`);
/** Tests, and what only tests stand on: they may import anything. */
const isForTests = (file: string): boolean => /(\.test|-bench|\.fixture)\.ts$/.test(file);
const files = globSync('{appliance,engine,updater,images,build}/**/*.ts').filter(
  (file) => !isForTests(file) && !file.includes('/kernels/'),
);
/** The folder whose idea the file belongs to: one service or one part of the appliance is not its neighbour. */
function homeOf(file: string): string {
  const parts = file.split('/');
  if (inside(file, 'engine/services')) return parts.slice(0, 3).join('/');
  if (inside(file, 'appliance')) return parts.slice(0, 2).join('/');
  return rule.find(({ folder }) => inside(file, folder))?.folder ?? parts[0] ?? '';
}

const layers = suite('layers');

layers('every file belongs to a layer', () => {
  for (const file of files)
    assert.ok(
      rule.some(({ folder }) => inside(file, folder)),
      file,
    );
});

layers('imports point only where the dependency rule lets them', () => {
  const broken: string[] = [];
  for (const file of files) {
    const own = rule.find(({ folder }) => inside(file, folder));
    for (const { to, typeOnly } of importsOf(file)) {
      if (inside(to, homeOf(file)) || to.startsWith('node_modules')) continue;
      const allowed = own?.may.some((folder) => inside(to, folder)) ?? false;
      const allowedAsType = typeOnly && (own?.byTypeOnly?.some((folder) => inside(to, folder)) ?? false);
      // A service may know another one by type only; engine.ts alone puts them together.
      const neighbourType = typeOnly && inside(file, 'engine/services') && inside(to, 'engine/services');
      if (!allowed && !allowedAsType && !neighbourType) broken.push(`${file} -> ${to}`);
    }
  }
  assert.equal(broken, []);
});

layers('what only tests stand on is imported by tests only', () => {
  const broken = files.flatMap(importsOf).filter(({ to }) => isForTests(to));
  assert.equal(broken, []);
});

layers('no file is in an import cycle', () => {
  const edges = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter((i) => !i.typeOnly)
        .map((i) => i.to),
    ]),
  );
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      return;
    }
    state.set(file, 'open');
    for (const to of edges.get(file) ?? []) visit(to, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of files) visit(file, []);
  assert.equal(cycles, []);
});

layers('no folder or file is named for having no idea', () => {
  const nameless = files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|types)(\/|\.ts$)/.test(file));
  assert.equal(nameless, []);
});

layers('the rule is checked against real imports: the test itself sees some of every kind', () => {
  const all = files.flatMap(importsOf);
  assert.ok(
    all.some(({ to }) => inside(to, 'engine/kernel')),
    'alias imports are resolved',
  );
  assert.ok(
    all.some(({ from, to }) => dirname(from) === dirname(to)),
    'relative imports are resolved',
  );
  assert.ok(
    all.some(({ typeOnly }) => typeOnly),
    'type imports are told apart',
  );
});

layers.run();
