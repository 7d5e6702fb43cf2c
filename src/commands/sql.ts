/**
 * `slicehouse sql`: statements from -c, files, stdin or a terminal, run against a server as any client runs them, results printed
 * as psql prints them. The work is done in sql/.
 */
import { parseArgs } from 'node:util';
import { CommandError, type Output } from './objects.ts';
import { BACKSLASH_COMMANDS } from './sql/backslash.ts';
import { targetOf, type Target } from './sql/connection.ts';
import { Shell, type ShellOptions, type ShellOutput } from './sql/shell.ts';
import { atTerminal } from './sql/terminal.ts';
import { readScript } from './sql/user-files.ts';

const HELP = `Usage: slicehouse sql [options]

Runs SQL from -c, -f or stdin and prints the results; at a terminal it is a shell (\\? lists its commands).

  -c, --command SQL     runs this; may be given several times, also between -f
  -f, --file FILE       runs this file, - is stdin
  --format FORMAT       table (default), csv or json (an array for each result)
  --timing              how long each statement takes
  --continue            goes on behind an error
  --url URL             postgres://user:password@host:port/database
  --host HOST           (default: localhost), --port PORT (default: 5439), --database NAME (default: dev),
  --user NAME           (default: awsuser), --password TEXT (other users of the machine may see it: better SLICEHOUSE_PASSWORD)
  --data-dir DIR        of a local server, whose certificate authority is trusted (default: ./slicehouse-data)

Exit codes: 0 all ran, 1 an error, 2 wrong options.
`;
const OPTIONS = {
  command: { type: 'string', short: 'c', multiple: true },
  file: { type: 'string', short: 'f', multiple: true },
  format: { type: 'string' },
  timing: { type: 'boolean' },
  continue: { type: 'boolean' },
  url: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  database: { type: 'string' },
  user: { type: 'string' },
  password: { type: 'string' },
  'data-dir': { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** What runs, in the order it was given. */
interface Source {
  readonly kind: 'command' | 'file';
  readonly value: string;
}
interface Asked {
  readonly help: boolean;
  readonly target: Target;
  readonly options: ShellOptions;
  readonly sources: readonly Source[];
}
function read(argv: readonly string[], env: NodeJS.ProcessEnv): Asked {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: OPTIONS, tokens: true });
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
  const { values, tokens } = parsed;
  const format = values.format ?? 'table';
  if (format !== 'table' && format !== 'csv' && format !== 'json')
    throw new CommandError(`--format is table, csv or json, not ${JSON.stringify(format)}`);
  const port = values.port ?? env['SLICEHOUSE_PORT'] ?? '5439';
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535 || Number(port) === 0)
    throw new CommandError(`--port must be 1 to 65535, not ${JSON.stringify(port)}`);
  const sources = tokens.flatMap((t): Source[] =>
    t.kind === 'option' && (t.name === 'command' || t.name === 'file')
      ? [{ kind: t.name, value: t.value as string }]
      : [],
  );
  const target = targetOf({
    url: values.url ?? env['SLICEHOUSE_URL'],
    host: values.host ?? env['SLICEHOUSE_HOST'] ?? 'localhost',
    port: Number(port),
    database: values.database ?? env['SLICEHOUSE_DATABASE'] ?? 'dev',
    user: values.user ?? env['SLICEHOUSE_USER'] ?? 'awsuser',
    password: values.password ?? env['SLICEHOUSE_PASSWORD'],
    dataDir: values['data-dir'] ?? env['SLICEHOUSE_DATA_DIR'] ?? './slicehouse-data',
  });
  const options: ShellOptions = {
    format,
    expanded: false,
    nullText: '',
    timing: values.timing === true,
    continues: values.continue === true,
  };
  return { help: values.help === true, target, options, sources };
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
/** `out.print` may be a stream that lags behind; process.stdout is what has to drain. */
const outputOf = (out: Output): ShellOutput => ({
  print: async (text) => {
    out.print(text);
    if (process.stdout.writableNeedDrain)
      await new Promise<void>((resolve) => {
        process.stdout.once('drain', resolve);
        process.stdout.once('close', resolve);
      });
  },
  say: out.say,
});

export async function sqlCommand(argv: readonly string[], out: Output): Promise<number> {
  const { help, target, options, sources } = read(argv, out.env);
  if (help) return (out.print(HELP), 0);
  const interactive = sources.length === 0 && process.stdin.isTTY === true;
  // Files are read before anything runs.
  const texts: { readonly text: string; readonly file?: string }[] = [];
  for (const { kind, value } of interactive ? [] : sources.length > 0 ? sources : [{ kind: 'file', value: '-' }])
    texts.push(
      kind === 'command'
        ? { text: value }
        : value === '-'
          ? { text: await readInput() }
          : { text: readScript(value), file: value },
    );
  const shell = await Shell.open(
    target,
    outputOf(out),
    { ...options, continues: options.continues || interactive },
    BACKSLASH_COMMANDS,
  );
  const interrupted = (): void => void shell.cancel();
  process.once('SIGINT', interrupted);
  try {
    if (interactive) {
      await atTerminal(
        shell,
        [...BACKSLASH_COMMANDS.keys()].map((name) => `\\${name}`),
        out.env,
      );
      return 0;
    }
    for (const { text, file } of texts) {
      await shell.script(text, file);
      if (shell.ended) break;
    }
    return shell.failed ? 1 : 0;
  } finally {
    process.off('SIGINT', interrupted);
    await shell.close();
  }
}
