/**
 * The server of chaos.ts: a cluster that a program started, in a process of its own, so that it can be killed. Told on
 * stdin, a JSON line each, which fault to raise: {"arm": InjectedFault} or {"disarm": true}. Arguments: bundle, options as JSON,
 * and (on disk) the module that patches node:fs.
 */
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FaultSwitch, type InjectedFault } from '../../src/common/fault-injection.ts';

const [bundle = '', options = '{}', patch] = process.argv.slice(2);
const load = (path: string): Promise<unknown> => import(pathToFileURL(path).href) as Promise<unknown>;
if (patch !== undefined) await load(patch);
const { startCluster } = (await load(join(bundle, 'index.js'))) as {
  startCluster(options: object): Promise<{ readonly url: string; readonly s3Root: string; close(): Promise<void> }>;
};
const faults = new FaultSwitch();
const { autoAllRowsMax, checkpointBytes, ...given } = JSON.parse(options) as Record<string, unknown>;
const cluster = await startCluster({ ...given, faults, testing: { autoAllRowsMax, checkpointBytes } });
const OUT_OF_SERVICE = 70;
void (cluster as unknown as { failure: Promise<string> }).failure.then(() => process.exit(OUT_OF_SERVICE));
createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line) as { readonly arm?: InjectedFault };
  if (command.arm === undefined) faults.disarm();
  else faults.arm(command.arm);
  process.stdout.write('done\n');
});
process.on('SIGTERM', () =>
  cluster.close().then(
    () => process.exit(0),
    () => process.exit(1),
  ),
);
process.stdout.write(`slicehouse ready ${cluster.url} ${cluster.s3Root}\n`);
