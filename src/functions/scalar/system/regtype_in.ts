/**
 * Oid of a type by name (the cast to regtype).
 */
import { scalar } from '../../define.ts';
import { typeOid } from '../../reg-types.ts';

export default scalar({
  name: 'regtype_in',
  internal: true,
  runsOn: 'leader',
  volatility: 'stable',
  doc: 'Oid of a type by name (the cast to regtype).',
  signatures: [{ args: ['text'], returns: { name: 'regtype' } }],
  examples: [
    ["'integer'::regtype::oid", '23'],
    ["'no_such'::regtype", 'ERROR: type "no_such" does not exist'],
  ],
  host: (_, args) => typeOid(String(args[0])),
});
