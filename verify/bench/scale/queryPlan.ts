import type pg from 'pg';
import { z } from 'zod';
import type { Statement } from '../support/statements';

/** How Postgres executes one statement of the product. */
export interface QueryPlan {
  statement: string;
  planningMs: number;
  executionMs: number;
  /** Pages of 8 kB that were read, from memory or from disk. */
  pages: number;
  /** The big tables that are scanned sequentially, with these values or in the generic plan. */
  sequentialScans: string[];
  plan: unknown;
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string | undefined;
  'Shared Hit Blocks'?: number | undefined;
  'Shared Read Blocks'?: number | undefined;
  Plans?: PlanNode[] | undefined;
}

const nodeSchema: z.ZodType<PlanNode> = z.lazy(() =>
  z.looseObject({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    'Shared Hit Blocks': z.number().optional(),
    'Shared Read Blocks': z.number().optional(),
    Plans: z.array(nodeSchema).optional(),
  }),
);
const explainSchema = z.tuple([z.object({ 'QUERY PLAN': z.tuple([z.looseObject({ Plan: nodeSchema })]) })]);
const timesSchema = z.object({ 'Planning Time': z.number(), 'Execution Time': z.number() });

/** For a table with fewer rows, a sequential scan is fine. */
const BIG_ROWS = 5_000;

/** The tables that a statement must not scan sequentially. */
export async function bigTables(client: pg.Client): Promise<Set<string>> {
  const { rows } = await client.query<{ relname: string }>(
    `select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'everbeat'::regnamespace and reltuples >= $1`,
    [BIG_ROWS],
  );
  return new Set(rows.map((row) => row.relname));
}

/**
 * Executes the statement with its values, and rolls it back. Also reads the generic plan, to which Postgres
 * may switch a prepared statement after some executions.
 */
export async function explain(client: pg.Client, statement: Statement, big: Set<string>): Promise<QueryPlan> {
  await client.query('begin');
  try {
    const { rows } = await client.query({
      text: `explain (analyze, buffers, format json) ${statement.text}`,
      values: statement.values,
    });
    const [
      {
        'QUERY PLAN': [explained],
      },
    ] = explainSchema.parse(rows);
    const times = timesSchema.parse(explained);
    const generic = statement.name === null ? [] : await genericScans(client, statement, big);
    return {
      statement: statement.name ?? statement.text,
      planningMs: times['Planning Time'],
      executionMs: times['Execution Time'],
      pages: (explained.Plan['Shared Hit Blocks'] ?? 0) + (explained.Plan['Shared Read Blocks'] ?? 0),
      sequentialScans: [...new Set([...scansOf(explained.Plan, big), ...generic])],
      plan: explained,
    };
  } finally {
    await client.query('rollback');
  }
}

async function genericScans(client: pg.Client, { text }: Statement, big: Set<string>): Promise<string[]> {
  const { rows } = await client.query(`explain (generic_plan, format json) ${text}`);
  const [
    {
      'QUERY PLAN': [explained],
    },
  ] = explainSchema.parse(rows);
  return scansOf(explained.Plan, big).map((table) => `${table} (generic plan)`);
}

function scansOf(node: PlanNode, big: Set<string>): string[] {
  const table = node['Relation Name'];
  const own = node['Node Type'] === 'Seq Scan' && table !== undefined && big.has(table) ? [table] : [];
  return [...own, ...(node.Plans ?? []).flatMap((child) => scansOf(child, big))];
}

const EXPLAINABLE = /^\s*\(?\s*(select|with|insert|update|delete)\b/i;

export const isExplainable = (statement: Statement): boolean => EXPLAINABLE.test(statement.text);
