import { SchedulerUnavailableError } from '@everbeat/scheduler';
import type pg from 'pg';
import type { Random } from '../support/random';
import {
  type CallFault,
  type CallKind,
  type FaultInjector,
  heldRowMet,
  lostAnswer,
  refusal,
} from './faultInjector';
import type { SimulatedProcess } from './simulatedProcess';

interface Call {
  process: SimulatedProcess;
  /**
   * Connecting is a call too, but no fault is injected into it: nothing could end the transaction it begins.
   */
  kind: CallKind | 'connect';
  name: string;
  /** The transaction that the statement belongs to; null outside a transaction. */
  transaction: Transaction | null;
  begin(): Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Transaction {
  process: SimulatedProcess;
  client: pg.PoolClient | null;
}

/** Rows of a claim carry `operation_id`; rows of other statements are passed on unseen. */
export type StatementResult = pg.QueryResult<{ operation_id?: string }>;

export interface InterleaverEvents {
  note(line: string): void;
  /** The process has been killed and is to be started again after `downSeconds`. */
  crashed(process: SimulatedProcess, downSeconds: number): void;
  frozen(process: SimulatedProcess, seconds: number): void;
  /** This statement failed because the simulation holds one of its rows. */
  heldRowMet(statement: { name: string; messageId: string }): void;
  /** Executes a statement by calling `run`, so that the database can be checked right before and after it. */
  aroundStatement(statement: pg.QueryConfig, run: () => Promise<StatementResult>): Promise<StatementResult>;
}

/** Turns of the event loop after which every process waits for a call: batchers wait for one turn. */
const SETTLE_TURNS = 3;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Decides the order of all calls that leave the processes: statements, publications, agents, messages. Each
 * call waits here. When no process can make progress by itself, one call is picked at random and executed
 * alone. So the seed, not the network, determines the order of events; any interleaving can occur; and a
 * process can be killed, or its call fail, at any of its awaits.
 */
export class Interleaver {
  private waiting: Call[] = [];
  private openTransaction: Transaction | null = null;
  /** How many statements have reached the database. */
  statements = 0;

  constructor(
    private readonly pool: pg.Pool,
    private readonly faults: FaultInjector,
    private readonly events: InterleaverEvents,
  ) {}

  /** A pool for one process, whose statements and transactions wait here. */
  poolOf(process: SimulatedProcess): pg.Pool {
    const query = (statement: string | pg.QueryConfig, values?: unknown[]) =>
      this.statement(process, asConfig(statement, values), null, this.pool);
    return new Proxy(this.pool, {
      get: (target, property, receiver) => {
        if (property === 'query') return query;
        if (property === 'connect') return () => this.beginTransaction(process);
        return Reflect.get(target, property, receiver);
      },
    });
  }

  call<Result>(
    process: SimulatedProcess,
    kind: CallKind,
    name: string,
    begin: () => Promise<Result>,
  ): Promise<Result> {
    return this.enqueue(process, kind, name, null, begin);
  }

  /** To be called before a timer of the process fires: the process may be killed or frozen at that moment. */
  beforeTimer(process: SimulatedProcess): void {
    const fault = this.faults.takeForCall('timer');
    if (fault === null) return;
    if (fault.verdict === 'freeze') this.freeze(process, fault.frozenSeconds);
    else if (fault.verdict === 'die-before' || fault.verdict === 'die-after') {
      this.crash(process, 'a timer', fault.downSeconds);
    }
  }

  /**
   * Executes the waiting calls, one at a time in an order drawn from `random`, until none is left that can
   * proceed.
   */
  async drain(random: Random): Promise<void> {
    for (;;) {
      for (let turns = 0; turns < SETTLE_TURNS; turns += 1) await turn();
      this.waiting = this.waiting.filter((call) => call.process.isAlive);
      const ready = this.waiting.filter((call) => this.canProceed(call));
      if (ready.length === 0) return this.checkNoneIsOpen();
      const call = random.pick(ready);
      this.waiting.splice(this.waiting.indexOf(call), 1);
      await this.execute(call);
      await this.abandonTransaction();
    }
  }

  /**
   * A transaction waits for nothing but its own statements: else hand edits and checks could wait for its
   * rows.
   */
  private checkNoneIsOpen(): void {
    if (this.openTransaction === null) return;
    throw new Error(
      `A transaction of ${this.openTransaction.process.name} waits for something besides calls`,
    );
  }

  private canProceed(call: Call): boolean {
    if (call.process.isFrozen) return false;
    const isFree = this.openTransaction === null || call.transaction === this.openTransaction;
    return isFree || call.kind === 'publish' || call.kind === 'agent' || call.kind === 'send';
  }

  private async execute(call: Call): Promise<void> {
    const mayFreeze = this.openTransaction === null;
    const fault = call.kind === 'connect' ? null : this.faults.takeForCall(call.kind, mayFreeze);
    if (fault?.verdict === 'freeze') {
      this.waiting.push(call);
      return this.freeze(call.process, fault.frozenSeconds);
    }
    if (fault?.verdict === 'die-before') return this.crash(call.process, call.name, fault.downSeconds);
    if (fault?.verdict === 'refuse') {
      this.events.note(`${call.process.name} ${call.name}: refused, ${fault.error}`);
      return call.reject(refusalOf(call, fault));
    }
    try {
      const result = await call.begin();
      if (fault?.verdict === 'die-after')
        return this.crash(call.process, `${call.name}, done`, fault.downSeconds);
      const isLost = fault?.verdict === 'lose-answer';
      this.events.note(`${call.process.name} ${call.name}: ${isLost ? 'answer lost' : describe(result)}`);
      if (isLost) call.reject(call.kind === 'publish' ? unavailable(lostAnswer()) : lostAnswer());
      else call.resolve(result);
    } catch (error) {
      this.events.note(
        `${call.process.name} ${call.name}: ${error instanceof Error ? error.message : error}`,
      );
      call.reject(error);
    }
  }

  private crash(process: SimulatedProcess, during: string, downSeconds: number): void {
    this.events.note(`${process.name} ends at ${during}`);
    process.kill();
    this.events.crashed(process, downSeconds);
  }

  private freeze(process: SimulatedProcess, seconds: number): void {
    this.events.note(`${process.name} stands still for ${seconds} s`);
    process.freeze();
    this.events.frozen(process, seconds);
  }

  private enqueue<Result>(
    process: SimulatedProcess,
    kind: Call['kind'],
    name: string,
    transaction: Transaction | null,
    begin: () => Promise<Result>,
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      let result: Result;
      const call: Call = {
        process,
        kind,
        name,
        transaction,
        reject,
        begin: async () => {
          result = await begin();
          return result;
        },
        resolve: () => resolve(result),
      };
      process.run(() => this.waiting.push(call));
    });
  }

  private statement(
    process: SimulatedProcess,
    statement: pg.QueryConfig,
    transaction: Transaction | null,
    db: Pick<pg.Pool, 'query'>,
  ): Promise<pg.QueryResult> {
    const name = (statement.name ?? statement.text.replaceAll(/\s+/g, ' ').trim().slice(0, 40)).replace(
      'everbeat_',
      '',
    );
    return this.enqueue(process, 'statement', name, transaction, () => {
      this.statements += 1;
      const sent = { ...statement, text: withoutRealTime(statement.text) };
      return this.events.aroundStatement(sent, () =>
        db.query<{ operation_id?: string }>(sent).catch((error: unknown) => {
          const met = heldRowMet(error);
          if (met === null) throw error;
          this.events.heldRowMet({ name: statement.name ?? name, messageId: String(statement.values?.[0]) });
          throw met;
        }),
      );
    });
  }

  /**
   * While a transaction is open, only its own statements are executed: a statement of another process could
   * wait for its locks, and then nothing would ever proceed.
   */
  private beginTransaction(process: SimulatedProcess): Promise<pg.PoolClient> {
    return this.enqueue(process, 'connect', 'connect', null, async () => {
      const client = await this.pool.connect();
      const transaction: Transaction = { process, client };
      this.openTransaction = transaction;
      return new Proxy(client, {
        get: (target, property, receiver) => {
          if (property === 'query') {
            return (statement: string | pg.QueryConfig, values?: unknown[]) =>
              this.statement(process, asConfig(statement, values), transaction, client);
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

  /** Rolls back the transaction of a process that was killed, as the server does. */
  async abandonTransaction(): Promise<void> {
    const transaction = this.openTransaction;
    if (transaction === null || transaction.process.isAlive) return;
    await transaction.client?.query('rollback');
    this.endTransaction(transaction);
  }
}

function asConfig(statement: string | pg.QueryConfig, values?: unknown[]): pg.QueryConfig {
  return typeof statement === 'string' ? { text: statement, values } : statement;
}

/**
 * Statements are executed one at a time, so whoever waits for a held row waits in vain. How long a statement
 * or a transaction takes must not matter.
 */
const withoutRealTime = (text: string): string =>
  text
    .replaceAll(/('lock_timeout', |lock_timeout = )'[^']+'/g, "$1'2ms'")
    .replaceAll(/((?:statement|idle_in_transaction_session)_timeout = )'[^']+'/g, "$1'0'");

const unavailable = (cause: Error): Error => new SchedulerUnavailableError(cause.message, { cause });

function refusalOf(call: Call, fault: Extract<CallFault, { verdict: 'refuse' }>): Error {
  return call.kind === 'publish' ? unavailable(refusal('away')) : refusal(fault.error);
}

function describe(result: unknown): string {
  const isRows = typeof result === 'object' && result !== null && 'rowCount' in result;
  return isRows ? `${result.rowCount} rows` : 'ok';
}
