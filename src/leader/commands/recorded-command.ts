/**
 * Wraps a command so that every run leaves a row in the history (STL_DDLTEXT, STL_UTILITYTEXT), with
 * keys and passwords masked. Every command is what this returns.
 */
import { maskCredentials } from '../parser/mask-credentials.ts';
import type { Statement } from '../parser/ast.ts';
import type { Command, CommandContext, CommandResult } from './command.ts';

export function recorded<K extends Statement['kind']>(record: 'ddl' | 'utility', command: Command<K>): Command<K> {
  return {
    ...command,
    async run(context: CommandContext, statement: Extract<Statement, { kind: K }>): Promise<CommandResult> {
      const { services, session, transaction } = context;
      const startMicros = services.clock.nowMicros();
      const at = statement as Statement;
      try {
        return await command.run(context, statement);
      } finally {
        services.history.add('utilities', {
          userid: session.user.oid,
          pid: session.pid,
          xid: transaction.identify(),
          label: session.setting('query_group'),
          text: maskCredentials(context.text.slice(at.start, at.end)),
          startMicros,
          endMicros: services.clock.nowMicros(),
          kind: record,
        });
      }
    },
  };
}

export const info = (message: string) => ({ severity: 'INFO', sqlstate: '00000', message }) as const;
export const warning = (message: string) => ({ severity: 'WARNING', sqlstate: '01000', message }) as const;
