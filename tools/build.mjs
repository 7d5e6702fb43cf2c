/**
 * Builds what is missing or stale and nothing else: build/kernels.wasm (AssemblyScript), the generated registries, and
 * dist/ (main.js, index.js, a file per kind of thread, the .wasm files beside them). Plain JavaScript, because Node 20
 * cannot strip types. A part is stale when the names, sizes or times of its inputs differ from those noted in
 * build/stamps.json. One build at a time: a lock file holds the pid of the builder. Called by start, test, bench and
 * prepack, and by hand:
 *   node tools/build.mjs [--force] [--types]
 */
import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { withProgress } from './progress.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (/** @type {string[]} */ ...parts) => join(root, ...parts);
const STAMPS = at('build/stamps.json');
const LOCK = at('build/lock');
const LOCK_WAIT_MS = 180_000;
/** Packages that stay outside the bundles: they load files that lie beside their own code, or are heavy and rarely used. */
const EXTERNAL = [
  'libpg-query', '@bokuweb/zstd-wasm', '@aws-sdk/client-s3', '@aws-sdk/client-dynamodb', '@microsoft/dev-tunnels-ssh', 'bzip2-wasm', 'zstddec/stream', 'pg', 'apache-arrow', 'prom-client',
];

const say = (/** @type {string} */ line) => process.stderr.write(`build: ${line}\n`);

/** @returns {string[]} all files below a folder, in name order */
export function filesBelow(/** @type {string} */ folder, /** @type {(path: string) => boolean} */ keep = () => true) {
  /** @type {string[]} */
  const found = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesBelow(path, keep));
    else if (keep(path)) found.push(path);
  }
  return found.sort();
}

/** Names, sizes and times of the inputs, in one short text. */
function fingerprint(/** @type {string[]} */ files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const s = statSync(file, { throwIfNoEntry: false });
    hash.update(`${relative(root, file)}\0${s?.size}\0${s?.mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 32);
}

const isSource = (/** @type {string} */ path) => path.endsWith('.ts') && !path.endsWith('.test.ts');
const kernelInputs = () => [
  ...filesBelow(at('src/wasm/runtime'), isSource), at('tools/build-kernels.ts'), at('package-lock.json'),
];
const bundleInputs = () => [
  ...filesBelow(at('src'), isSource), at('build/kernels.wasm'), at('tools/build.mjs'), at('package.json'), at('package-lock.json'),
];

/** Folders whose registry.generated.ts some source imports. */
function registryFolders() {
  const folders = new Set();
  for (const file of filesBelow(at('src'), isSource)) {
    for (const match of readFileSync(file, 'utf8').matchAll(/from '(\.[^']*)\/registry\.generated\.ts'/g)) {
      folders.add(relative(root, join(dirname(file), match[1])) || '.');
    }
  }
  return [...folders].sort();
}

/** Runs a TypeScript tool; its output goes to stderr, so that stdout stays the server's. */
export async function runTool(/** @type {string} */ script, /** @type {string[]} */ args = []) {
  const tsx = createRequire(at('package.json')).resolve('tsx');
  await run(process.execPath, ['--import', tsx, at(script), ...args]);
}

/** @returns {Promise<void>} resolves when the command ends with 0; a signal to this process stops the command too */
export function run(/** @type {string} */ command, /** @type {string[]} */ args, /** @type {NodeJS.ProcessEnv} */ env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      child.kill(signal);
      process.exit(1);
    };
    process.on('SIGTERM', stop).on('SIGINT', stop);
    child.on('error', reject).on('close', (code) => {
      process.off('SIGTERM', stop).off('SIGINT', stop);
      if (code === 0) resolve();
      else reject(new TypeError(`${command} ${args.join(' ')} ended with ${code}`));
    });
  });
}

async function buildBundles() {
  const { build } = await import('esbuild');
  /** Beside dist, so that source maps keep their paths; moved there only when every bundle is built. */
  const next = at('dist.next');
  rmSync(next, { recursive: true, force: true });
  const require = "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);";
  /** @type {[string, string][]} */
  const entries = [['src/main.ts', 'main'], ['src/compute/slice-worker.ts', 'slice-worker'],
    ['src/compute/object-io/io-worker.ts', 'io-worker'], ['src/leader/parser/parser-worker.ts', 'parser-worker'],
    ['src/tls/certificate-worker.ts', 'certificate-worker'], ['src/index.ts', 'index']];
  for (const [source, name] of entries) {
    if (!existsSync(at(source))) {
      say(`${source} is missing, dist/${name}.js is not built`);
      continue;
    }
    await build({
      entryPoints: { [name]: at(source) }, outdir: next, absWorkingDir: root, bundle: true, format: 'esm', platform: 'node',
      target: 'node20', splitting: true, chunkNames: `${name}-[hash]`, sourcemap: 'linked', sourcesContent: false, external: EXTERNAL,
      legalComments: 'none', logLevel: 'warning', banner: { js: name === 'main' ? `#!/usr/bin/env node\n${require}` : require },
    });
  }
  // Threads load this one when they come to it, between two rows: it has to be there at once.
  await build({
    entryPoints: { spatial: at('src/spatial/library.ts') }, outdir: next, outExtension: { '.js': '.cjs' }, absWorkingDir: root, bundle: true,
    format: 'cjs', platform: 'node', target: 'node20', sourcemap: 'linked', sourcesContent: false, legalComments: 'none', logLevel: 'warning',
    minify: true, keepNames: true,
  });
  mkdirSync(at('dist'), { recursive: true });
  const stale = new Set(readdirSync(at('dist')).filter((file) => /\.c?js(\.map)?$/.test(file)));
  for (const file of readdirSync(next)) {
    renameSync(join(next, file), at('dist', file));
    stale.delete(file);
  }
  rmSync(next, { recursive: true, force: true });
  for (const file of stale) rmSync(at('dist', file));
  copyFileSync(at('build/kernels.wasm'), at('dist/kernels.wasm'));
  const zstd = join(dirname(createRequire(at('package.json')).resolve('@bokuweb/zstd-wasm')), 'zstd.wasm');
  if (existsSync(zstd)) copyFileSync(zstd, at('dist/zstd.wasm'));
  if (existsSync(at('dist/main.js'))) chmodSync(at('dist/main.js'), 0o755);
}

/** Deletes the declarations that index.d.ts does not lead to. */
function pruneTypes(/** @type {string} */ entry) {
  const reached = new Set();
  const reach = (/** @type {string} */ file) => {
    if (reached.has(file) || !existsSync(file)) return;
    reached.add(file);
    for (const match of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+?)(?:\.ts|\.js)['"]/g)) reach(join(dirname(file), `${match[1]}.d.ts`));
  };
  reach(entry);
  for (const file of filesBelow(dirname(entry))) if (!reached.has(file)) rmSync(file);
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(STAMPS, 'utf8'));
  } catch {
    return {};
  }
}

function alive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** Waits for another builder to end; a lock whose owner is gone is taken over. */
async function lock() {
  mkdirSync(at('build'), { recursive: true });
  for (let waited = 0; ; waited += 200) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      return;
    } catch {
      let owner = 0;
      try {
        owner = Number(readFileSync(LOCK, 'utf8'));
      } catch {
        continue;
      }
      if (owner > 0 && !alive(owner)) rmSync(LOCK, { force: true });
      else if (waited > LOCK_WAIT_MS) throw new TypeError(`another build (pid ${owner}) holds build/lock`);
      else await sleep(200);
    }
  }
}

/** One part: builds when the outputs are missing or the inputs changed, and notes the inputs afterwards. */
async function part(/** @type {string} */ name, /** @type {string[]} */ outputs, /** @type {() => string[]} */ inputs, /** @type {boolean} */ force,
  /** @type {() => Promise<void>} */ make) {
  const want = fingerprint(inputs());
  if (!force && readStamps()[name] === want && outputs.every((o) => existsSync(at(o)))) return false;
  await withProgress(`build: ${name}`, make);
  writeFileSync(STAMPS, JSON.stringify({ ...readStamps(), [name]: fingerprint(inputs()) }, null, 1));
  return true;
}

/** Brings build/kernels.checked.wasm up to date: the kernels with canaries, which only tests use. */
export async function buildCheckedKernels() {
  await lock();
  try {
    await part('checked kernels', ['build/kernels.checked.wasm'], kernelInputs, false,
      () => runTool('tools/build-kernels.ts', ['--checked']));
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** Brings build/ and dist/ up to date. */
export async function buildAll({ force = false, types = false } = {}) {
  await lock();
  try {
    await part('kernels', ['build/kernels.wasm'], kernelInputs, force, () => runTool('tools/build-kernels.ts'));
    const folders = registryFolders();
    await part('registries', folders.map((f) => `${f}/registry.generated.ts`),
      () => folders.flatMap((f) => filesBelow(at(f), (p) => isSource(p) && !p.endsWith('registry.generated.ts'))),
      force, () => runTool('tools/generate-registry.ts', folders));
    const outputs = ['dist/slice-worker.js', 'dist/io-worker.js', 'dist/parser-worker.js', 'dist/certificate-worker.js', 'dist/spatial.cjs', 'dist/kernels.wasm'];
    if (existsSync(at('src/main.ts'))) outputs.push('dist/main.js');
    if (existsSync(at('src/index.ts'))) outputs.push('dist/index.js');
    await part('bundles', outputs, bundleInputs, force, buildBundles);
    if (types) {
      await part('types', ['dist/types/index.d.ts'], bundleInputs, force,
        async () => {
          await run(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', at('tsconfig.types.json')]);
          pruneTypes(at('dist/types/index.d.ts'));
        });
    }
  } finally {
    rmSync(LOCK, { force: true });
  }
}

const HELP = `Usage: npm run build -- [--force] [--types]

Builds what is missing or stale: the kernels, the generated registries, dist/.

  --force  build everything anew
  --types  also the declarations of the package
  --help   this text
`;
if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv.includes('--help')) process.stdout.write(HELP);
else if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await buildAll({ force: process.argv.includes('--force'), types: process.argv.includes('--types') });
  } catch (error) {
    say(`failed: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
