/**
 * Runs a TypeScript tool by name: `node tools/tool.mjs bench --sf 0.1` runs tools/bench.ts after installing and building
 * what is missing. Signals go on to the tool, its exit code is ours.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';

const [name = '', ...args] = process.argv.slice(2);
const script = join(import.meta.dirname, `${name}.ts`);
if (!/^[a-z-]+$/.test(name) || !existsSync(script)) {
  process.stderr.write(`no tool called "${name}" in tools/\n`);
  process.exit(2);
}
await installIfNeeded();
const { buildAll, root } = await import('./build.mjs');
// What only explains itself needs nothing built.
if (!args.some((arg) => arg === '--help' || arg === '-h')) await buildAll();
const tsx = createRequire(join(root, 'package.json')).resolve('tsx');
const child = spawn(process.execPath, ['--import', tsx, script, ...args], { cwd: root, stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT'])) process.on(signal, () => child.kill(signal));
child.on('close', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
