import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import {
  deserializeMessage,
  type JSONRPCMessage,
  serializeMessage,
  type Transport,
} from '@modelcontextprotocol/client';
import { getDefaultEnvironment } from '@modelcontextprotocol/client/stdio';
import { endGroup, type StartedProcess, startGroup } from '../kinds/command/processGroup';
import type { McpServer } from './server';

/** A program that ends when its input does needs no more. */
const GRACE_MS = 1_000;
/** What a program has written before its end is read within this time. */
const LAST_WORDS_MS = 200;

type ServerProgram = Extract<McpServer, { transport: 'stdio' }>;

export interface ProgramBounds {
  /** How much it may write between two requests. */
  bytesMax: number;
  messagesMax: number;
  /** It has written more. */
  flooded: () => void;
}

/**
 * A server that runs as a program, and speaks over its input and output. In place of the library's own,
 * because such a program often starts others, as npx does: it is ended with all of them. It is given a few
 * harmless variables alone.
 */
export class ProgramTransport implements Transport {
  onclose: Transport['onclose'];
  onerror: Transport['onerror'];
  onmessage: Transport['onmessage'];
  private started: StartedProcess | undefined;
  private ending: Promise<void> | undefined;
  /** The beginning of a line whose end has not come. */
  private begun: Buffer[] = [];
  private bytes = 0;
  private messages = 0;

  constructor(
    private readonly server: ServerProgram,
    private readonly bounds: ProgramBounds,
  ) {}

  /** @throws the error of a program that cannot be started */
  async start(): Promise<void> {
    const { command, folder } = this.server;
    const [program, ...args] = command;
    await mkdir(folder, { recursive: true });
    this.started = startGroup({ program, args, env: getDefaultEnvironment() }, folder);
    const { child } = this.started;
    child.stderr.resume();
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => this.take(chunk));
    // Not at the end of its output, which a program that it has started may hold open.
    child.once('exit', () => setTimeout(() => void this.close(), LAST_WORDS_MS));
    await once(child, 'spawn');
    child.on('error', () => undefined);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.started?.child.stdin;
    if (stdin === undefined || !stdin.writable) throw new Error('The program has ended');
    this.bytes = 0;
    this.messages = 0;
    if (!stdin.write(serializeMessage(message))) await once(stdin, 'drain');
  }

  /** Returns when nothing of the program is running. */
  close(): Promise<void> {
    this.ending ??= this.end();
    return this.ending;
  }

  private async end(): Promise<void> {
    this.onclose?.();
    this.begun = [];
    if (this.started === undefined) return;
    const { child } = this.started;
    child.stdout.removeAllListeners('data').destroy();
    child.stdin.end();
    await endedWithin(child, GRACE_MS);
    await endGroup(this.started, GRACE_MS);
  }

  private take(chunk: Buffer): void {
    const { bytesMax, messagesMax, flooded } = this.bounds;
    this.bytes += chunk.length;
    this.begun.push(chunk);
    if (this.bytes > bytesMax) flooded();
    if (this.bytes > bytesMax || !chunk.includes('\n')) return;
    const whole = Buffer.concat(this.begun);
    const end = whole.lastIndexOf('\n') + 1;
    this.begun = [whole.subarray(end)];
    for (const line of whole.toString('utf8', 0, end).split('\n')) {
      // Programs write other lines too.
      if (!line.startsWith('{')) continue;
      this.messages += 1;
      if (this.messages <= messagesMax) this.read(line);
    }
    if (this.messages > messagesMax) flooded();
  }

  private read(line: string): void {
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch {
      return;
    }
    this.onmessage?.(message);
  }
}

async function endedWithin(child: StartedProcess['child'], waitMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), waitMs);
  await once(child, 'exit', { signal: waiting.signal }).catch(() => undefined);
  clearTimeout(timer);
}
