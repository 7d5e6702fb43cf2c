/**
 * The commands with a backslash by name, and what \? says of them.
 */
import { CommandError } from '../objects.ts';
import {
  COLUMNS,
  CONSTRAINTS,
  DATABASES,
  FUNCTIONS,
  NAMED,
  RELATIONS_LIST,
  SCHEMAS,
  STORAGE,
  TABLES,
  USERS,
  VIEWS,
} from './catalog-queries.ts';
import { targetOf } from './connection.ts';
import type { BackslashCommand, Shell } from './shell.ts';
import { readScript } from './user-files.ts';

const list =
  (query: (pattern: string) => string): BackslashCommand =>
  (shell, pattern) =>
    shell.show(query(pattern));

async function describe(shell: Shell, pattern: string): Promise<void> {
  if (pattern === '') return shell.show(RELATIONS_LIST(''));
  const found = await shell.rows(NAMED(pattern));
  if (found.length === 0) throw new CommandError(`there is no relation ${JSON.stringify(pattern)}`);
  for (const [oid, schema, name, kind] of found as readonly (readonly string[])[]) {
    const table = shell.options.format === 'table';
    if (table) await shell.out.print(`${kind === 'v' ? 'View' : 'Table'} "${schema}.${name}"\n`);
    await shell.show(COLUMNS(oid as string), { expanded: false });
    if (!table || kind === 'v') continue;
    const lines = (await shell.rows(CONSTRAINTS(oid as string))).map(([n, definition]) => `    "${n}" ${definition}`);
    if (lines.length > 0) await shell.out.print(`Constraints:\n${lines.join('\n')}\n`);
    for (const [style, key] of await shell.rows(STORAGE(schema as string, name as string)))
      await shell.out.print(`Distribution: ${style}${key ? `, sort key: ${key}` : ''}\n`);
  }
}
async function connect(shell: Shell, argument: string): Promise<void> {
  const [first = '', user, host, port] = argument.split(/\s+/);
  const or = (text: string | undefined, other: string): string => (text === undefined || text === '-' ? other : text);
  const { target } = shell;
  if (port !== undefined && port !== '-' && !/^[1-9]\d{0,4}$/.test(port))
    throw new CommandError('the port is 1 to 65535');
  const bare = { ...target, password: undefined };
  const next = first.includes('://')
    ? targetOf({ ...bare, url: first })
    : {
        ...bare,
        database: first === '' ? target.database : or(first, target.database),
        user: or(user, target.user),
        host: or(host, target.host),
        port: Number(or(port, String(target.port))),
      };
  // A password goes to nobody but the one it was given for.
  const same = next.user === target.user && next.host === target.host && next.port === target.port;
  await shell.connect({ ...next, password: next.password ?? (same ? target.password : undefined) });
  if (shell.options.format === 'table')
    await shell.out.print(`You are now connected to database "${next.database}" as user "${next.user}".\n`);
}
function switched(argument: string, now: boolean): boolean {
  if (argument === '') return !now;
  if (argument !== 'on' && argument !== 'off') throw new CommandError('on or off is expected');
  return argument === 'on';
}

const HELP: readonly (readonly [string, string, BackslashCommand])[] = [
  ['d [NAME]', 'tables and views, or the columns of one', describe],
  ['dt [PATTERN]', 'tables', list(TABLES)],
  ['dv [PATTERN]', 'views', list(VIEWS)],
  ['dn [PATTERN]', 'schemas', list(SCHEMAS)],
  ['du', 'users', list(USERS)],
  ['l', 'databases', list(DATABASES)],
  ['df [PATTERN]', 'functions', list(FUNCTIONS)],
  ['c [DATABASE [USER [HOST [PORT]]]|URL]', 'another connection; - keeps what is', connect],
  [
    'timing [on|off]',
    'how long statements take',
    async (shell, argument) => {
      shell.options.timing = switched(argument, shell.options.timing);
      shell.out.say(`Timing is ${shell.options.timing ? 'on' : 'off'}.`);
    },
  ],
  [
    'x [on|off]',
    'a line for each column',
    async (shell, argument) => {
      shell.options.expanded = switched(argument, shell.options.expanded);
      shell.out.say(`Expanded display is ${shell.options.expanded ? 'on' : 'off'}.`);
    },
  ],
  [
    'pset null TEXT',
    'what NULL is shown as; pset format table|csv|json',
    async (shell, argument) => {
      const [, name, value = ''] = /^(\S*)\s*(.*)$/.exec(argument) as unknown as [string, string, string];
      const text = /^'.*'$/.test(value) ? value.slice(1, -1) : value;
      if (name === 'null') shell.options.nullText = text;
      else if (name === 'format' && (text === 'table' || text === 'csv' || text === 'json'))
        shell.options.format = text;
      else throw new CommandError('null TEXT or format table|csv|json is expected');
    },
  ],
  ['i FILE', 'runs a file', (shell, path) => shell.include(path, readScript)],
  ['r', 'forgets the statement that is open', async (shell) => shell.splitter.reset()],
  [
    'q',
    'ends',
    async (shell) => {
      shell.ended = true;
    },
  ],
  ['?', 'this text', async (shell) => shell.out.print(BACKSLASH_HELP)],
];
const WIDTH = Math.max(...HELP.map(([usage]) => usage.length)) + 3;
const BACKSLASH_HELP = HELP.map(([usage, what]) => `${`\\${usage}`.padEnd(WIDTH)}${what}\n`).join('');

export const BACKSLASH_COMMANDS: ReadonlyMap<string, BackslashCommand> = new Map(
  HELP.map(([usage, , run]) => [usage.split(' ')[0] as string, run]),
);
