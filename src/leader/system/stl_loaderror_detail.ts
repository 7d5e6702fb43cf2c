/**
 * STL_LOADERROR_DETAIL: the fields of rows that COPY refused, up to the one that made it, of each slice's first rows of a load.
 */
import { LOAD_ERRORS_DETAILED_MAX } from '../../common/limits.ts';
import { Sequence } from '../../common/sequence.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'stl_loaderror_detail',
  schema: 'pg_catalog',
  doc: 'the fields of rows that COPY refused, up to the one that made it.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, slice integer, session integer, query integer, filename character(256),
    line_number bigint, field integer, colname character(1024), value character(1024), is_null integer,
    type character(10), col_length character(10)
  `),
  rows: (ctx) => {
    const errors = ctx.services.history.read('loadErrors');
    return new Sequence(function* () {
      const counts = new Map<string, number>();
      for (const e of errors) {
        const load = `${e.query}/${e.slice}`;
        const number = (counts.get(load) ?? 0) + 1;
        counts.set(load, number);
        if (number > LOAD_ERRORS_DETAILED_MAX) continue;
        const record = {
          userid: e.userid,
          slice: e.slice,
          session: e.session,
          query: e.query,
          filename: e.filename,
          line_number: e.line,
        };
        for (const [i, { column, type, columnLength, value }] of (e.before ?? []).entries())
          yield {
            ...record,
            field: i + 1,
            colname: column,
            value: value ?? '',
            is_null: value === undefined ? 1 : 0,
            type,
            col_length: columnLength,
          };
        yield {
          ...record,
          field: e.field ?? null,
          colname: e.column,
          value: e.rawValue,
          is_null: e.rawValue === '' ? 1 : 0,
          type: e.type,
          col_length: e.columnLength,
        };
      }
    });
  },
});
