import {
  type CheckedMcpServer,
  type ChosenMcpServer,
  checkMcpServer,
  type McpServer,
} from '@everbeat/agents';
import {
  acceptMcpTools,
  createMcpServer,
  deleteMcpServer,
  type McpServerWrite,
  readMcpServer,
  readMcpServers,
  recordMcpCheck,
  updateMcpServer,
} from '@everbeat/database';
import {
  AppError,
  type Clock,
  compareMcpTools,
  type Ids,
  LIMITS,
  MASK,
  type McpServerView,
  type McpTransport,
  type McpVerdict,
  type StoredMcpServer,
  withTimeout,
} from '@everbeat/domain';
import type { AddressPolicy } from '@everbeat/outgoing';
import type { Pool } from 'pg';
import { z } from 'zod';
import { orThrow } from '../reads/ReadService';
import { unmaskFields } from '../secrets/maskedConfig';
import type { SecretsService } from '../secrets/SecretsService';
import { type McpPrograms, reachOfServer } from './reachOfServer';

export interface McpServerInput {
  name: string;
  transport: McpTransport;
  url?: string | null | undefined;
  command?: string | null | undefined;
  headers?: Record<string, string> | undefined;
}

export type McpServerEdit = { id: string; acceptTools?: Date | undefined } & Partial<McpServerInput>;

export interface McpCheckView {
  ok: boolean;
  verdict: McpVerdict;
  problem: string | null;
  tools: McpServerView['tools'];
}

export interface McpServerServiceDeps {
  pool: Pool;
  clock: Clock;
  ids: Ids;
  secrets: SecretsService;
  programs: McpPrograms;
  addressPolicy: AddressPolicy;
}

/** How long a check may take that a person waits for. */
const CHECK_MS_MAX = 20_000;
const CHECKED_SINCE = 'The server was checked again since; reload the page, and read what it offers now';
const TABLE = 'mcp_servers';
const HEADERS = ['headers'];

const textsSchema = z.record(z.string(), z.string());
const readHeaders = (headers: unknown): Record<string, string> => textsSchema.parse(headers ?? {});

/** The servers of the Model Context Protocol that a user has registered. Secrets never leave in a view. */
export class McpServerService {
  constructor(private readonly deps: McpServerServiceDeps) {}

  async list(userId: string): Promise<McpServerView[]> {
    return (await readMcpServers(this.deps.pool, userId)).map(viewOf);
  }

  /** Its tools are accepted as they are now. @throws AppError `invalid-input`, `limit-reached` */
  async create(userId: string, input: McpServerInput): Promise<McpServerView> {
    const { pool, clock, ids } = this.deps;
    const server = { id: ids.row(), ...this.checked(input, null), userId };
    const stored = await createMcpServer(pool, await this.sealed(server), clock.now());
    return viewOf(await this.look(userId, stored));
  }

  /**
   * A header that is sent back as its mask keeps its stored value. `acceptTools` is the `checkedAt` of the
   * view whose tools the person has read: those are accepted, and not what the server may offer since. An
   * edit is checked anew.
   * @throws AppError `mcp-server-not-found`, `invalid-input`, `state-changed`
   */
  async update(userId: string, { id, acceptTools, ...edit }: McpServerEdit): Promise<McpServerView> {
    const { pool, clock } = this.deps;
    const stored = orThrow(await readMcpServer(pool, userId, id), 'mcp-server-not-found');
    if (acceptTools !== undefined) {
      const accepted = await acceptMcpTools(pool, { userId, id, checkedAt: acceptTools });
      if (accepted === null) throw new AppError('state-changed', CHECKED_SINCE);
    }
    if (Object.values(edit).every((value) => value === undefined))
      return viewOf(orThrow(await readMcpServer(pool, userId, id), 'mcp-server-not-found'));
    const before = { ...stored, headers: await this.headersOf(userId, stored) };
    const given = { ...pick(before), ...defined(edit) };
    const server = { id, ...this.checked(given, before), userId };
    const write = await this.sealed(server);
    const written = await updateMcpServer(pool, write, stored.updatedAt, clock.now());
    return viewOf(await this.look(userId, written));
  }

  /** Agents that have chosen it go on without its tools. @throws AppError `mcp-server-not-found` */
  async delete(userId: string, id: string): Promise<McpServerView> {
    return viewOf(orThrow(await deleteMcpServer(this.deps.pool, userId, id), 'mcp-server-not-found'));
  }

  /** Asks the server for its tools now. @throws AppError `mcp-server-not-found` */
  async check(userId: string, id: string): Promise<McpCheckView> {
    const stored = orThrow(await readMcpServer(this.deps.pool, userId, id), 'mcp-server-not-found');
    const { status, problem, tools } = viewOf(await this.look(userId, stored));
    const verdict = status ?? 'unavailable';
    return { ok: verdict === 'ready', verdict, problem, tools };
  }

  /**
   * For a check of an agent that uses the server. An answer of the last minutes will do. Null: no such
   * server.
   */
  async checkedFor(userId: string, id: string): Promise<CheckedMcpServer | null> {
    const { pool, clock } = this.deps;
    const stored = await readMcpServer(pool, userId, id);
    if (stored === null) return null;
    const fresh = new Date(clock.now().getTime() - LIMITS.agentCheckedSeconds * 1_000);
    const isFresh = stored.verdict === 'ready' && stored.checkedAt !== null && stored.checkedAt > fresh;
    const { name, verdict, problem, offered } = isFresh ? stored : await this.look(userId, stored);
    if (verdict !== 'ready') return { name, verdict: verdict ?? 'unavailable', problem, tools: null };
    return { name, verdict, problem, tools: offered.map((tool) => tool.name) };
  }

  /**
   * Those of these servers that are the user's, for a run. One that cannot be reached as it is set up is left
   * out.
   */
  async chosen(userId: string, ids: readonly string[]): Promise<ChosenMcpServer[]> {
    const stored = (await readMcpServers(this.deps.pool, userId)).filter(({ id }) => ids.includes(id));
    const reached = await Promise.all(
      stored.map(async (row) => ({ row, server: await this.reach(userId, row) })),
    );
    return reached.flatMap(({ row, server }) =>
      typeof server === 'string'
        ? []
        : [{ id: row.id, server, tools: compareMcpTools(row.accepted, row.offered) }],
    );
  }

  /** Asks the server, and records what it says. The tools that it offers first are accepted as they are. */
  private async look(userId: string, stored: StoredMcpServer): Promise<StoredMcpServer> {
    const { pool, clock } = this.deps;
    const server = await this.reach(userId, stored);
    const { verdict, problem, tools } =
      typeof server === 'string'
        ? { verdict: 'misconfigured' as const, problem: server, tools: null }
        : await this.ask(server);
    const isFirst = stored.verdict !== 'ready' && stored.accepted.length + stored.offered.length === 0;
    const check = { verdict, problem, offered: tools, isAccepted: isFirst && tools !== null };
    return (await recordMcpCheck(pool, { ...stored, userId }, check, clock.now())) ?? stored;
  }

  private async ask(server: McpServer) {
    const { clock, addressPolicy } = this.deps;
    return withTimeout(clock, CHECK_MS_MAX, async (signal) => {
      try {
        return await checkMcpServer(server, { addressPolicy, signal });
      } catch (error) {
        if (!signal.aborted) throw error;
        const problem = `${server.name} did not answer in time.`;
        return { verdict: 'unavailable' as const, problem, tools: null };
      }
    });
  }

  /** How the server is reached; a text: why it cannot be. */
  private async reach(userId: string, stored: StoredMcpServer): Promise<McpServer | string> {
    const headers = await this.headersOf(userId, stored);
    return reachOfServer({ ...stored, headers }, this.deps.programs);
  }

  private async headersOf(userId: string, { id, headers }: StoredMcpServer): Promise<Record<string, string>> {
    const opened = await this.deps.secrets.open(
      { owner: userId, table: TABLE, row: id },
      { headers },
      HEADERS,
    );
    return readHeaders(opened.headers);
  }

  private async sealed(server: McpServerWrite): Promise<McpServerWrite> {
    const { userId: owner, id: row, headers } = server;
    const sealed = await this.deps.secrets.seal({ owner, table: TABLE, row }, { headers }, HEADERS);
    return { ...server, headers: readHeaders(sealed.headers) };
  }

  /** @throws AppError `invalid-input` */
  private checked(
    input: McpServerInput,
    before: StoredMcpServer | null,
  ): Omit<McpServerWrite, 'id' | 'userId'> {
    const { name, transport, url = null, command = null, headers = {} } = input;
    if (transport === 'stdio') {
      const server = { name, transport, url: null, command, headers: {} };
      const reach = reachOfServer(server, this.deps.programs);
      if (typeof reach === 'string') throw new AppError('invalid-input', reach);
      return server;
    }
    if (url === null || !URL.canParse(url))
      throw new AppError('invalid-input', 'Give the address of the server, such as https://example.com/mcp');
    const stored = { url: before?.url, headers: before?.headers };
    const own = unmaskFields({ url, headers }, stored, { secretFields: HEADERS, addressField: 'url' });
    return { name, transport, url, command: null, headers: readHeaders(own.headers) };
  }
}

const pick = ({ name, transport, url, command, headers }: StoredMcpServer): McpServerInput => ({
  name,
  transport,
  url,
  command,
  // Unless others are given, they stay; `unmaskFields` gives them their values, if the origin is the same.
  headers: Object.fromEntries(Object.keys(headers).map((header) => [header, MASK])),
});

const defined = (edit: Partial<McpServerInput>): Partial<McpServerInput> =>
  Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined));

const viewOf = ({ accepted, offered, verdict, headers, ...server }: StoredMcpServer): McpServerView => ({
  ...server,
  headers: Object.fromEntries(Object.keys(headers).map((name) => [name, MASK])),
  status: verdict,
  tools: compareMcpTools(accepted, offered).map(({ name, description, readOnly, state }) => ({
    name,
    description,
    readOnly,
    state,
  })),
});
