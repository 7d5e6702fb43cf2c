/**
 * PG_SETTINGS: configuration parameters of the session. Columns nobody measures here are NULL and listed in
 * `unknown`.
 */
import { settingDefinitions } from '../session/settings-store.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_settings',
  schema: 'pg_catalog',
  doc: 'configuration parameters of the session.',
  visibleTo: 'everyone',
  columns: columns(`
    name text, setting text, category text, short_desc text, extra_desc text, context text,
    vartype text, source text, min_val text, max_val text
  `),
  unknown: ['extra_desc', 'min_val', 'max_val'],
  rows: (ctx) =>
    settingDefinitions().map((d) => {
      const setting = ctx.session.setting(d.name);
      return {
        name: d.name,
        setting: setting,
        category: 'Settings',
        short_desc: d.doc,
        context: d.readOnly === true ? 'internal' : 'user',
        vartype: /^(on|off|true|false)$/.test(d.default) ? 'bool' : /^-?\d+$/.test(d.default) ? 'integer' : 'string',
        source: setting === d.default ? 'default' : 'session',
      };
    }),
});
