import { getTableColumns } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

export type RowOf<Table extends PgTable> = Table['$inferSelect'];
type FieldOf<Table extends PgTable> = keyof RowOf<Table> & string;

/** The name of each column of a table by its field: `heartbeatInterval` → `heartbeat_interval`. */
export const columnNames = <Table extends PgTable>(table: Table): Map<string, string> =>
  new Map(Object.entries(getTableColumns(table)).map(([field, column]) => [field, column.name]));

/** `t.id, t.heartbeat_interval`: for a `returning` or a subquery whose columns keep their own names. */
export const rawColumnsOf = <Table extends PgTable>(
  table: Table,
  row: string,
  fields: readonly FieldOf<Table>[],
): string => {
  const names = columnNames(table);
  return fields.map((field) => `${row}.${names.get(field)}`).join(', ');
};

/**
 * Some columns of a table, to be selected under the names of their fields, so that a row needs no mapper. It
 * is a selection of exactly `Row`: assigning it to a `Selection` of a type with more, fewer or other fields
 * is a type error.
 */
export interface Selection<Row> {
  /** The columns of the SQL row named `row`: `t.id, t.heartbeat_interval as "heartbeatInterval"`. */
  of: (row: string) => string;
  /**
   * Restores, in place, what JSON lost: instants from texts, and bigints, which the driver also brings as
   * texts.
   */
  parse: (row: Row) => Row;
}

/** The row that a selection brings: `SelectedBy<typeof TOPIC>`. */
export type SelectedBy<Chosen> = Chosen extends Selection<infer Row> ? Row : never;

/** These columns. */
export function selection<Table extends PgTable, Field extends FieldOf<Table>>(
  table: Table,
  fields: readonly Field[],
): Selection<Pick<RowOf<Table>, Field>> {
  return selectionWhere(table, (field) => fields.some((chosen) => chosen === field));
}

/** All columns but these. */
export function selectionWithout<Table extends PgTable, Field extends FieldOf<Table>>(
  table: Table,
  fields: readonly Field[],
): Selection<Omit<RowOf<Table>, Field>> {
  return selectionWhere(table, (field) => !fields.some((hidden) => hidden === field));
}

function selectionWhere<Row extends object>(
  table: PgTable,
  isChosen: (field: string) => boolean,
): Selection<Row> {
  const chosen = Object.entries(getTableColumns(table)).filter(([field]) => isChosen(field));
  const fieldsOf = (types: readonly string[]): string[] =>
    chosen.filter(([, column]) => types.includes(column.columnType)).map(([field]) => field);
  const instants = fieldsOf(['PgTimestamp']);
  const bigints = fieldsOf(['PgBigInt53']);
  return {
    of: (row) =>
      chosen
        .map(([field, { name }]) => (name === field ? `${row}.${name}` : `${row}.${name} as "${field}"`))
        .join(', '),
    parse(row) {
      const values = new Map<string, unknown>(Object.entries(row));
      for (const field of instants) {
        const value = values.get(field);
        if (typeof value === 'string') Reflect.set(row, field, new Date(value));
      }
      for (const field of bigints) {
        const value = values.get(field);
        if (typeof value === 'string') Reflect.set(row, field, Number(value));
      }
      return row;
    },
  };
}
