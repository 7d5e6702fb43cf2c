/**
 * The `slicehouse` command: reads the configuration, starts a cluster, prints one line when it can serve, stops cleanly
 * on SIGTERM and SIGINT. Exit codes: 0 stopped when asked, 1 could not start or stop, 2 wrong options, 3 the init folder could not
 * be loaded, 70 the leader's memory may be corrupt, or a compute node is lost (start again).
 */
import { setFlagsFromString } from 'node:v8';
import { parseConfig } from './common/config.ts';
import { InitFailed } from './common/errors/api-errors.ts';
import { SqlError } from './common/errors/sql-error.ts';
import { HEAP_GROWING_PERCENT } from './common/limits.ts';
import { logTo } from './common/log.ts';
import { SLICEHOUSE_VERSION } from './common/version.ts';
import type { ClusterOptions, RunningCluster } from './start-cluster.ts';
import { OpenPort } from './wire/open-port.ts';

/** Exit code when --init failed. */
const INIT_FAILED = 3;
/** Exit code when the leader or a compute node cannot come back. */
const OUT_OF_SERVICE = 70;
/** Clients get their answers in this time, and then the end of their connections. */
const ANSWER_MS = 200;
const CLOSE_MS_MAX = 2000;
/** Time after the start in which nothing but clients shall keep the leader busy. */
const CERTIFICATE_AFTER_MS = 500;
/** Exit code after a second Ctrl-C. */
const INTERRUPTED = 130;

/** Listens before the rest of the program is even loaded: clients that come early wait instead of being refused. */
async function start(options: ClusterOptions): Promise<RunningCluster> {
  const port = await OpenPort.open(options.host, options.port);
  const { startRunning } = await import('./start-cluster.ts');
  return startRunning(options, port);
}

/** Commands beside the server. */
async function command(argv: readonly string[]): Promise<boolean> {
  const [name, ...rest] = argv;
  if (name !== 'manifest' && name !== 'load' && name !== 'public-key' && name !== 'sql') return false;
  const out = {
    env: process.env,
    print: (text: string): void => void process.stdout.write(text),
    say: (text: string): void => void process.stderr.write(`${text}\n`),
  };
  try {
    const { manifestCommand } = await import('./commands/manifest.ts');
    const { loadCommand } = await import('./commands/load.ts');
    const { publicKeyCommand } = await import('./commands/public-key.ts');
    const { sqlCommand } = await import('./commands/sql.ts');
    const commands = {
      manifest: manifestCommand,
      load: loadCommand,
      'public-key': publicKeyCommand,
      sql: sqlCommand,
    };
    process.exitCode = await commands[name](rest, out);
  } catch (error) {
    const { message, code } = error as { readonly message: string; readonly code?: string };
    process.stderr.write(`slicehouse ${name}: ${message || code}\n`);
    process.exitCode = (error as Error).name === 'CommandError' ? 2 : 1;
  }
  return true;
}

async function main(): Promise<void> {
  if (await command(process.argv.slice(2))) return;
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWING_PERCENT}`);
  const config = parseConfig(process.argv.slice(2), process.env);
  if ('help' in config) return void process.stdout.write(config.help);
  if ('version' in config) return void process.stdout.write(`slicehouse ${SLICEHOUSE_VERSION}\n`);
  if ('error' in config) {
    process.stderr.write(`${config.error}\n`);
    process.exitCode = 2;
    return;
  }
  const log = logTo(config.log ?? 'text');
  let stopping = false;
  const running = start({
    ...config,
    onLost: (message, cause) => {
      const what = config.memory
        ? 'The data was in memory only and is lost.'
        : 'Committed data is safe: start the server again to recover it.';
      const text = `slicehouse: ${message}. ${what}\nslicehouse: the cause, for a bug report: ${cause}`;
      log({ level: 'error', event: 'lost', message: text });
      const exit = (): never => process.exit(OUT_OF_SERVICE);
      setTimeout(() => {
        setTimeout(exit, CLOSE_MS_MAX);
        running.then((c) => c.close()).then(exit, exit);
      }, ANSWER_MS);
    },
  });
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) {
      // Committed data is in the log: a start after this one recovers it.
      if (signal === 'SIGINT') process.exit(INTERRUPTED);
      return;
    }
    stopping = true;
    const kept = config.memory ? 'the tables in memory are discarded' : `committed data stays in ${config.dataDir}`;
    const message = `slicehouse: stopping: sessions end, ${kept}; Ctrl-C again stops at once`;
    log({ level: 'info', event: 'stopping', message });
    running
      .then((c) => c.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const cluster = await running.catch((error: unknown) => {
    const hint = error instanceof SqlError && error.hint !== undefined ? `. ${error.hint}` : '';
    const message = `slicehouse: ${error instanceof Error ? error.message : String(error)}${hint}`;
    log({ level: 'error', event: 'failed', message });
    return process.exit(error instanceof InitFailed ? INIT_FAILED : 1);
  });
  const { url, httpUrl } = cluster;
  log({ level: 'info', event: 'ready', message: `slicehouse ready ${url} ${httpUrl}`, fields: { url, httpUrl } });
  // When it is the first start it is made only now, behind the first queries: only clients who ask for encryption wait for it.
  setTimeout(() => {
    if (stopping) return;
    cluster.certificateAuthority().then(
      (file) => {
        if (file === undefined) return;
        const message = `slicehouse tls sslrootcert=${file}`;
        log({ level: 'info', event: 'tls', message, fields: { sslrootcert: file } });
      },
      (error: unknown) => {
        const message = `slicehouse: no TLS certificate: ${(error as Error).message}`;
        log({ level: 'warning', event: 'warning', message });
      },
    );
  }, CERTIFICATE_AFTER_MS).unref();
}

main().catch((error: unknown) => {
  process.stderr.write(`slicehouse: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
