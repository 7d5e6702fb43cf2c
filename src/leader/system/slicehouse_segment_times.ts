/**
 * SLICEHOUSE_SEGMENT_TIMES: where the time of each segment went on each slice, microseconds: at work, waiting for input,
 * for room in what takes its output, and for its turn on the slice's thread, which all segments of all queries share. A view
 * of our own.
 */
import { columns, systemView } from './define.ts';
import { allSteps, queryUsers } from './step-rows.ts';

export default systemView({
  name: 'slicehouse_segment_times',
  schema: 'pg_catalog',
  doc: 'where the time of each segment went on each slice: busy, or waiting for input, output or its turn.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, stream integer, segment integer, starttime timestamp,
    endtime timestamp, busy_time bigint, input_wait_time bigint, output_wait_time bigint, turn_wait_time bigint
  `),
  rows: async (ctx) => {
    const users = await queryUsers(ctx);
    return allSteps(ctx).flatMap((s) =>
      s.time === undefined
        ? []
        : [
            {
              userid: users.get(s.query) ?? null,
              query: s.query,
              slice: s.slice,
              stream: s.stream,
              segment: s.segment,
              starttime: s.startMicros,
              endtime: s.endMicros,
              busy_time: s.time.busy,
              input_wait_time: s.time.input,
              output_wait_time: s.time.output,
              turn_wait_time: s.time.turn,
            },
          ],
    );
  },
});
