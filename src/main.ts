/**
 * The `slicehouse` command: reads the configuration, starts a cluster, prints one line when it can serve, stops cleanly
 * on SIGTERM and SIGINT.
 */
import { parseConfig } from './common/config.ts';
import { SLICEHOUSE_VERSION } from './common/version.ts';
import { startRunning } from './start-cluster.ts';

/** Exit code after the death of a slice. */
const SLICE_LOST = 70;

async function main(): Promise<void> {
  const config = parseConfig(process.argv.slice(2), process.env);
  if ('help' in config) return void process.stdout.write(config.help);
  if ('version' in config) return void process.stdout.write(`slicehouse ${SLICEHOUSE_VERSION}\n`);
  if ('error' in config) {
    process.stderr.write(`${config.error}\n`);
    process.exitCode = 2;
    return;
  }
  let stopping = false;
  const running = startRunning({
    ...config,
    onLost: (message) => {
      const what = config.memory
        ? 'The data in memory is lost.'
        : 'Committed data is safe: start the server again to recover it.';
      process.stderr.write(`slicehouse: ${message}\nslicehouse: the server stops. ${what}\n`);
      // Clients first get their answer.
      setTimeout(() => process.exit(SLICE_LOST), 200);
    },
  });
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    running
      .then((c) => c.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const cluster = await running;
  process.stdout.write(`slicehouse ready ${cluster.url} ${cluster.httpUrl}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`slicehouse: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
