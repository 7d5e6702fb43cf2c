/**
 * `npm run check`: the quick gate before a change is handed in. Checks the format with prettier and the types with tsc, then runs the structure tests
 * (folder dependencies, tidiness) and the unit tests beside the sources. Stops at nothing: every part reports.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installIfNeeded } from './install.mjs';

await installIfNeeded();
const { buildAll, root } = await import('./build.mjs');
await buildAll();

let failed = false;
for (const [name, script, ...args] of [
  ['format', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '--cache', '--cache-location', 'build/prettier', 'src/**/*.ts', 'test/**/*.ts', 'tools/**/*.ts'],
  ['types', 'typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['structure and unit tests', 'vitest/vitest.mjs', 'run', '--reporter=dot', 'test/structure', 'src'],
]) {
  process.stdout.write(`check: ${name}\n`);
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], { cwd: root, stdio: 'inherit' });
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) failed = true;
}
process.stdout.write(failed ? 'check: FAILED\n' : 'check: ok\n');
process.exitCode = failed ? 1 : 0;
