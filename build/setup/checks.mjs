// What `build/setup.mjs` decides, without doing anything: for Node 20, before any package is there.

/** What keeps this machine from running Perigee; null when nothing does. `flags`: of the processor, empty when unknown. */
export function machineProblem({ node, platform, arch, glibc, flags }) {
  if (Number(node.split('.')[0]) < 20) return `Node ${node} is too old. Install Node 20 or newer.`;
  if (platform !== 'linux') return `Perigee runs on Linux, this is ${platform}.`;
  if (arch !== 'x64' && arch !== 'arm64') return `Perigee runs on x64 and arm64 processors, this is ${arch}.`;
  if (!glibc) return 'Perigee needs a Linux with glibc (Debian, Ubuntu, Fedora ...); this one has none (Alpine?).';
  if (arch === 'x64' && flags.length > 0 && !flags.includes('sse4_2')) {
    return 'This processor lacks SSE4.2, which the image library needs.';
  }
  return null;
}

/**
 * Of npm, whatever its settings leave out elsewhere: the weights of the networks and the bundler are development
 * dependencies, the Node that everything runs with is an optional one.
 */
export const installArguments = [
  'ci',
  '--include=dev',
  '--include=optional',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

/** The Node of the lockfile. */
export const nodeFile = (arch) => `node_modules/node-linux-${arch}/bin/node`;

/** Files without which an installation is none, one of each kind of dependency. */
const requiredFiles = (arch) => [
  nodeFile(arch),
  'node_modules/hono/package.json',
  'node_modules/esbuild/package.json',
  `node_modules/@esbuild/linux-${arch}/package.json`,
  'node_modules/@vladmandic/face-api/package.json',
];

/** What an installation lacks. `exists` tells of a path whether it is there. */
export function missingFiles(arch, exists) {
  return requiredFiles(arch).filter((file) => !exists(file));
}

/** What to tell when `npm ci` has failed, below its own words `output`. */
export function installProblem(status, output) {
  if (/ENOSPC/.test(output)) return 'The disk is full: about 1.5 GB are needed. Free space, then try again.';
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH/.test(output)) {
    return 'The package registry cannot be reached. Check the network (or the proxy settings of npm), then try again.';
  }
  return `npm ci ended with code ${status}.`;
}
