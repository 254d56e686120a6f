import type { CapRaise } from '@everbeat/domain';

/**
 * The caps of agents and owners that an answer raises (PROTOCOL §10). Those of a task are a part of its own
 * write.
 */
export interface RaisesInput {
  raises?: CapRaise[] | undefined;
}

export const RAISES_INPUT = { raises: 'jsonb' } as const satisfies Record<keyof RaisesInput, string>;

interface RaisedTable {
  scope: 'agent' | 'owner';
  table: string;
  /** Which of its rows `s` are this person's: the ids in `r`. */
  isMeant: string;
  budget: string;
  /** What changes with the raised caps `r.caps`. */
  set: string;
}

/**
 * Raises those caps that still are what the person has seen: the same answer twice, or to two briefs about
 * one cap, raises it once. The row is locked before it is read, so that its budget is that of this moment.
 * Several caps of one row are one update.
 */
const raised = ({ scope, table, isMeant, budget, set }: RaisedTable): string => `${scope}_budgets as (
    select s.id, ${budget} as budget from everbeat.${table} s
    where ${isMeant}
    order by s.id
    for no key update
  ), ${scope}_raises as (
    select b.id, jsonb_object_agg(r.cap, r."to") as caps
    from ${scope}_budgets b join cap_raises r on r.scope = '${scope}' and r."scopeId" = b.id::text
    where case when jsonb_typeof(b.budget -> r.cap) = 'number' then (b.budget ->> r.cap)::numeric end = r."from"
    group by b.id
  ), raised_${scope}s as (
    update everbeat.${table} s set ${set}, updated_at = $2::timestamptz from ${scope}_raises r where s.id = r.id
  )`;

/** Each only if the write that brings it takes effect. Reads primary keys. */
export const RAISES = `cap_raises as materialized (
    select w.user_id, r.* from written w cross join lateral jsonb_to_recordset(w.raises)
      as r(scope text, "scopeId" text, cap text, "from" numeric, "to" numeric)
  ), ${raised({
    scope: 'agent',
    table: 'agents',
    isMeant: `(s.id, s.user_id) in (select r."scopeId"::uuid, r.user_id from cap_raises r where r.scope = 'agent')`,
    budget: "s.config -> 'budget'",
    set: "config = s.config || jsonb_build_object('budget', (s.config -> 'budget') || r.caps)",
  })}, ${raised({
    scope: 'owner',
    table: 'users',
    isMeant: `s.id in (select r.user_id from cap_raises r where r.scope = 'owner' and r."scopeId" = r.user_id)`,
    budget: 's.budget',
    set: 'budget = s.budget || r.caps',
  })}`;
