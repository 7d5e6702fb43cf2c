/**
 * The shell at a terminal: prompts, lines with history and completion, Ctrl-C, which cancels what runs, else clears what is typed.
 */
import { createInterface } from 'node:readline';
import { complete } from './completion.ts';
import type { Shell } from './shell.ts';
import { HistoryFile } from './user-files.ts';

/** Lines of the history that readline keeps. */
const HISTORY_LINES_MAX = 1_000;

export async function atTerminal(shell: Shell, commands: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const history = new HistoryFile(env);
  let statement: string[] = [];
  const ask = async (sql: string): Promise<readonly string[]> => {
    if (shell.running || shell.transaction === '!') return [];
    return (await shell.rows(sql).catch(() => [])).map(([name]) => name as string);
  };
  const readline = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: true,
    historySize: HISTORY_LINES_MAX,
    history: [...history.lines].reverse(),
    completer: (line: string, done: (error: null, result: [string[], string]) => void) =>
      void complete([shell.splitter.pending, line].join(''), commands, ask).then(
        ({ words, replaces }) => done(null, [[...words], replaces]),
        () => done(null, [[], '']),
      ),
  });
  const prompt = (): void => {
    readline.setPrompt(`${shell.target.database}${shell.splitter.open}${shell.transaction}# `);
    readline.prompt();
  };
  readline.on('SIGINT', () => {
    if (shell.running) return void shell.cancel();
    process.stdout.write('^C\n');
    shell.splitter.reset();
    statement = [];
    // To the end of the line, and deleted to its beginning.
    readline.write(null, { ctrl: true, name: 'e' });
    readline.write(null, { ctrl: true, name: 'u' });
    prompt();
  });
  try {
    prompt();
    for await (const line of readline) {
      statement.push(line);
      await shell.line(line);
      if (shell.splitter.open === '=') {
        history.add(statement);
        statement = [];
      }
      if (shell.ended) break;
      prompt();
    }
  } finally {
    readline.close();
    history.save();
  }
}
