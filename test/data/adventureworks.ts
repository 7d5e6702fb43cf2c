/**
 * Orders in the shape of the AdventureWorks tutorial's orders.csv: 16 columns, several detail lines an order, dates as
 * m/d/yyyy text, money with up to four decimals. Customers and employees are those of fixtures/adventureworks, so joins
 * find partners. The same seed gives the same bytes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Prng } from '../../src/common/prng.ts';

export const ORDERS_HEADER =
  'salesorderid,salesorderdetailid,orderdate,duedate,shipdate,employeeid,customerid,subtotal,taxamt,freight,totaldue,' +
  'productid,orderqty,unitprice,unitpricediscount,linetotal';

export interface OrdersOptions {
  readonly seed?: number;
  /** Detail lines; at least so many are made, the last order is completed. */
  readonly lines?: number;
  readonly header?: boolean;
}

const FIRST_ORDER = 43659;
const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2011, 4, 31);
const DAYS = 1126;

const keysOf = (file: string): number[] =>
  readFileSync(join(import.meta.dirname, '../../fixtures/adventureworks', file), 'utf8')
    .split('\n')
    .filter((line) => /^\d+,/.test(line))
    .map((line) => Number(line.slice(0, line.indexOf(','))));

const day = (ms: number): string => {
  const d = new Date(ms);
  return `${d.getUTCMonth() + 1}/${d.getUTCDate()}/${d.getUTCFullYear()}`;
};
/** Ten-thousandths as the shortest decimal text: 299940 -> 29.994. */
const money = (tenThousandths: number): string => {
  const text = (tenThousandths / 10_000).toFixed(4);
  return text.replace(/\.?0+$/, '');
};

/** The lines of the file, without line breaks. */
export function* orderLines(options: OrdersOptions = {}): Generator<string> {
  const { seed = 1, lines = 6000, header = false } = options;
  const prng = new Prng(seed);
  const customers = keysOf('customers.csv');
  const employees = keysOf('employees.csv').filter((id) => id !== 274);
  if (header) yield ORDERS_HEADER;
  let made = 0;
  for (let order = FIRST_ORDER; made < lines; order++) {
    const date = FIRST_DAY + prng.int(0, DAYS) * DAY_MS;
    const details = Array.from({ length: prng.int(1, 12) }, () => {
      const unit = prng.int(2, 3579) * 10_000 + prng.int(0, 9999);
      const quantity = prng.int(1, 25);
      const discount = prng.pick([0, 0, 0, 0, 200, 500, 1000]);
      return {
        product: prng.int(707, 999),
        unit,
        quantity,
        discount,
        total: Math.round((unit * quantity * (10_000 - discount)) / 10_000),
      };
    });
    const subtotal = details.reduce((sum, d) => sum + d.total, 0);
    const tax = Math.round(subtotal * 0.096);
    const freight = Math.round(subtotal * 0.03);
    const head = [
      day(date),
      day(date + 12 * DAY_MS),
      day(date + 7 * DAY_MS),
      prng.pick(employees),
      prng.pick(customers),
    ];
    const sums = [subtotal, tax, freight, subtotal + tax + freight].map(money);
    for (const d of details) {
      made += 1;
      yield [
        order,
        made,
        ...head,
        ...sums,
        d.product,
        d.quantity,
        money(d.unit),
        money(d.discount),
        money(d.total),
      ].join(',');
    }
  }
}
