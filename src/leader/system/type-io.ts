/**
 * Oids of the input and output functions of types, as PostgreSQL numbers them. pg_type points at them and pg_proc lists
 * them: drivers recognise arrays by typinput = array_in.
 */
export type TypeIo = readonly [input: number, output: number, inputName: string, outputName: string];

export const NO_IO: TypeIo = [0, 0, '-', '-'];
export const ARRAY_IO: TypeIo = [750, 751, 'array_in', 'array_out'];
export const TYPE_IO: Readonly<Record<string, TypeIo>> = {
  bool: [1242, 1243, 'boolin', 'boolout'],
  int2: [38, 39, 'int2in', 'int2out'],
  int4: [42, 43, 'int4in', 'int4out'],
  int8: [460, 461, 'int8in', 'int8out'],
  numeric: [1701, 1702, 'numeric_in', 'numeric_out'],
  float4: [200, 201, 'float4in', 'float4out'],
  float8: [214, 215, 'float8in', 'float8out'],
  char: [1044, 1045, 'bpcharin', 'bpcharout'],
  varchar: [1046, 1047, 'varcharin', 'varcharout'],
  text: [46, 47, 'textin', 'textout'],
  date: [1084, 1085, 'date_in', 'date_out'],
  time: [1143, 1144, 'time_in', 'time_out'],
  timestamp: [1312, 1313, 'timestamp_in', 'timestamp_out'],
  timestamptz: [1150, 1151, 'timestamptz_in', 'timestamptz_out'],
  super: [4001, 4002, 'super_in', 'super_out'],
  interval: [1160, 1161, 'interval_in', 'interval_out'],
  unknown: [109, 110, 'unknownin', 'unknownout'],
  record: [2290, 2291, 'record_in', 'record_out'],
  void: [2298, 2299, 'void_in', 'void_out'],
  name: [34, 35, 'namein', 'nameout'],
  oid: [1798, 1799, 'oidin', 'oidout'],
  chartype: [1245, 33, 'charin', 'charout'],
  regclass: [2218, 2219, 'regclassin', 'regclassout'],
  regtype: [2220, 2221, 'regtypein', 'regtypeout'],
  regproc: [44, 45, 'regprocin', 'regprocout'],
  regprocedure: [2212, 2213, 'regprocedurein', 'regprocedureout'],
  xid: [50, 51, 'xidin', 'xidout'],
  tid: [48, 49, 'tidin', 'tidout'],
  cid: [52, 53, 'cidin', 'cidout'],
  abstime: [240, 241, 'abstimein', 'abstimeout'],
  aclitem: [1031, 1032, 'aclitemin', 'aclitemout'],
  bytea: [1244, 31, 'byteain', 'byteaout'],
  int2vector: [40, 41, 'int2vectorin', 'int2vectorout'],
  oidvector: [54, 55, 'oidvectorin', 'oidvectorout'],
};

/** Every such function: oid and name. */
export const typeFunctions = (): readonly (readonly [oid: number, name: string])[] =>
  [ARRAY_IO, ...Object.values(TYPE_IO)].flatMap(
    (io) =>
      [
        [io[0], io[2]],
        [io[1], io[3]],
      ] as const,
  );
