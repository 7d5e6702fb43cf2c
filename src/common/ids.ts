/**
 * Branded ids. A brand costs nothing at run time and keeps a table id from being passed where an xid is wanted.
 */
declare const brand: unique symbol;
type Brand<T, B extends string> = T & { readonly [brand]?: B };

/** Catalog oid of a table, view or other relation; user relations start at 100000. */
export type TableId = Brand<number, 'TableId'>;
/** Transaction id; ascending, never reused. */
export type Xid = Brand<number, 'Xid'>;
/** Cluster-global slice number from 0; node n holds slices n*k .. n*k+k-1. */
export type SliceId = Brand<number, 'SliceId'>;
/** Compute node number from 0. */
export type NodeId = Brand<number, 'NodeId'>;
/** Query number as in STL_QUERY.query; ascending from 1 over the cluster's life. */
export type QueryId = Brand<number, 'QueryId'>;
/** A column of one statement: unique inside that statement, never reused for another meaning. */
export type ColId = Brand<number, 'ColId'>;
