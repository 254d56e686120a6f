import { SchedulerUnavailableError } from '@everbeat/scheduler';
import type pg from 'pg';
import type { Random } from '../support/random';
import { type CallFault, type CallKind, type FaultPlan, lostAnswer, refusal } from './faults';
import type { Life } from './life';

interface Call {
  life: Life;
  /** To connect is a call too, but nothing goes wrong with it: whatever it begins would be nobody's to end. */
  kind: CallKind | 'connect';
  name: string;
  /** The transaction it belongs to; null: none. */
  transaction: Transaction | null;
  begin(): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Transaction {
  life: Life;
  client: pg.PoolClient | null;
}

/** Rows of a claim name their operation; of others, nothing is asked here. */
export type StatementResult = pg.QueryResult<{ operation_id?: string }>;

export interface GateEvents {
  note(line: string): void;
  /** The process is about to go, and is to come back after a while. */
  crashed(life: Life, downSeconds: number): void;
  frozen(life: Life, seconds: number): void;
  /** Goes round a statement, so that a watcher sees the database right before and right after it. */
  aroundStatement(statement: pg.QueryConfig, run: () => Promise<StatementResult>): Promise<StatementResult>;
}

/** Turns of the event loop that work between two calls may take: batches wait for one. */
const REST_TURNS = 3;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Every call of the processes to the world outside (a statement, a publication, an agent) waits here. When nothing else can move, one of
 * them is chosen and carried out alone. So the order of events is the seed's choice and never that of the network, any interleaving can
 * occur, and a process can end, or be refused, at any of its awaits.
 */
export class Gate {
  private waiting: Call[] = [];
  private openTransaction: Transaction | null = null;
  /** How many statements reached the database. */
  statements = 0;

  constructor(
    private readonly pool: pg.Pool,
    private readonly faults: FaultPlan,
    private readonly events: GateEvents,
  ) {}

  /** The pool as this process sees it. */
  poolOf(life: Life): pg.Pool {
    const query = (statement: string | pg.QueryConfig, values?: unknown[]) =>
      this.statement(life, asConfig(statement, values), null, this.pool);
    return new Proxy(this.pool, {
      get: (target, property, receiver) => {
        if (property === 'query') return query;
        if (property === 'connect') return () => this.beginTransaction(life);
        return Reflect.get(target, property, receiver);
      },
    });
  }

  call<Result>(life: Life, kind: CallKind, name: string, begin: () => Promise<Result>): Promise<Result> {
    return this.enqueue(life, kind, name, null, begin);
  }

  /** A timer of a process fires: it may be the moment at which the process ends. */
  crossTimer(life: Life): void {
    const fault = this.faults.takeForCall('timer');
    if (fault === null) return;
    if (fault.verdict === 'freeze') this.freeze(life, fault.frozenSeconds);
    else if (fault.verdict === 'die-before' || fault.verdict === 'die-after') {
      this.crash(life, 'a timer', fault.downSeconds);
    }
  }

  /** Carries out what waits, one call after another in an order drawn from `random`, until nothing is left that could be. */
  async drain(random: Random): Promise<void> {
    for (;;) {
      for (let turns = 0; turns < REST_TURNS; turns += 1) await turn();
      this.waiting = this.waiting.filter((call) => call.life.isAlive);
      const ready = this.waiting.filter((call) => this.mayGo(call));
      if (ready.length === 0) return;
      const call = random.pick(ready);
      this.waiting.splice(this.waiting.indexOf(call), 1);
      await this.carryOut(call);
      await this.abandonTransaction();
    }
  }

  private mayGo(call: Call): boolean {
    if (call.life.isFrozen) return false;
    const isFree = this.openTransaction === null || call.transaction === this.openTransaction;
    return isFree || call.kind === 'publish' || call.kind === 'agent';
  }

  private async carryOut(call: Call): Promise<void> {
    const mayFreeze = this.openTransaction === null;
    const fault = call.kind === 'connect' ? null : this.faults.takeForCall(call.kind, mayFreeze);
    if (fault?.verdict === 'freeze') {
      this.waiting.push(call);
      return this.freeze(call.life, fault.frozenSeconds);
    }
    if (fault?.verdict === 'die-before') return this.crash(call.life, call.name, fault.downSeconds);
    if (fault?.verdict === 'refuse') {
      this.events.note(`${call.life.name} ${call.name}: refused, ${fault.error}`);
      return call.reject(refusalOf(call, fault));
    }
    try {
      const result = await call.begin();
      if (fault?.verdict === 'die-after')
        return this.crash(call.life, `${call.name}, done`, fault.downSeconds);
      const isLost = fault?.verdict === 'lose-answer';
      this.events.note(`${call.life.name} ${call.name}: ${isLost ? 'answer lost' : describe(result)}`);
      if (isLost) call.reject(call.kind === 'publish' ? unavailable(lostAnswer()) : lostAnswer());
      else call.resolve(result);
    } catch (error) {
      this.events.note(`${call.life.name} ${call.name}: ${error instanceof Error ? error.message : error}`);
      call.reject(error);
    }
  }

  private crash(life: Life, during: string, downSeconds: number): void {
    this.events.note(`${life.name} ends at ${during}`);
    life.die();
    this.events.crashed(life, downSeconds);
  }

  private freeze(life: Life, seconds: number): void {
    this.events.note(`${life.name} stands still for ${seconds} s`);
    life.freeze();
    this.events.frozen(life, seconds);
  }

  private enqueue<Result>(
    life: Life,
    kind: Call['kind'],
    name: string,
    transaction: Transaction | null,
    begin: () => Promise<Result>,
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      let result: Result;
      const call: Call = {
        ...{ life, kind, name, transaction, reject },
        begin: async () => {
          result = await begin();
          return result;
        },
        resolve: () => resolve(result),
      };
      life.run(() => this.waiting.push(call));
    });
  }

  private statement(
    life: Life,
    statement: pg.QueryConfig,
    transaction: Transaction | null,
    db: Pick<pg.Pool, 'query'>,
  ): Promise<pg.QueryResult> {
    const name = (statement.name ?? statement.text.replaceAll(/\s+/g, ' ').trim().slice(0, 40)).replace(
      'everbeat_',
      '',
    );
    return this.enqueue(life, 'statement', name, transaction, () => {
      this.statements += 1;
      return this.events.aroundStatement(statement, () => db.query<{ operation_id?: string }>(statement));
    });
  }

  /** Statements of one transaction go one after another, without others between them: their locks would stop the only lane there is. */
  private beginTransaction(life: Life): Promise<pg.PoolClient> {
    return this.enqueue(life, 'connect', 'connect', null, async () => {
      const client = await this.pool.connect();
      const transaction: Transaction = { life, client };
      this.openTransaction = transaction;
      return new Proxy(client, {
        get: (target, property, receiver) => {
          if (property === 'query') {
            return (statement: string | pg.QueryConfig, values?: unknown[]) =>
              this.statement(life, asConfig(statement, values), transaction, client);
          }
          if (property === 'release') return (broken?: Error) => this.endTransaction(transaction, broken);
          return Reflect.get(target, property, receiver);
        },
      });
    });
  }

  private endTransaction(transaction: Transaction, broken?: Error): void {
    transaction.client?.release(broken);
    transaction.client = null;
    if (this.openTransaction === transaction) this.openTransaction = null;
  }

  /** What the server does with the transaction of a process that is gone. */
  async abandonTransaction(): Promise<void> {
    const transaction = this.openTransaction;
    if (transaction === null || transaction.life.isAlive) return;
    await transaction.client?.query('rollback');
    this.endTransaction(transaction);
  }
}

function asConfig(statement: string | pg.QueryConfig, values?: unknown[]): pg.QueryConfig {
  return typeof statement === 'string' ? { text: statement, values } : statement;
}

const unavailable = (cause: Error): Error => new SchedulerUnavailableError(cause.message, { cause });

function refusalOf(call: Call, fault: Extract<CallFault, { verdict: 'refuse' }>): Error {
  return call.kind === 'publish' ? unavailable(refusal('away')) : refusal(fault.error);
}

function describe(result: unknown): string {
  const isRows = typeof result === 'object' && result !== null && 'rowCount' in result;
  return isRows ? `${result.rowCount} rows` : 'ok';
}
