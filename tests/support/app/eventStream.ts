import { setTimeout as delay } from 'node:timers/promises';
import type { TaskEventView } from '@everbeat/domain';
import superjson from 'superjson';
import type { App } from './app';

const WAIT_MS_MAX = 30_000;

/** The live stream of task events, as a browser reads it. */
export interface EventStream {
  /** All events so far, in order. */
  readonly events: readonly TaskEventView[];
  /**
   * Resolves with the first event that matches, past or future. Rejects if the stream ends before, or after
   * 30 s.
   */
  first(matching: (event: TaskEventView) => boolean): Promise<TaskEventView>;
  close(): void;
  /** Resolves when either side has closed the stream. */
  ended: Promise<void>;
}

/** Opens the stream and waits until the server confirms the connection. From then on no event is missed. */
export async function openEventStream(
  app: Pick<App, 'url'>,
  input: { taskId?: string; lastEventId?: string } = {},
): Promise<EventStream> {
  const closing = new AbortController();
  const query = new URLSearchParams({ input: JSON.stringify(superjson.serialize(input)) });
  const response = await fetch(`${app.url}/api/trpc/task.onEvent?${query}`, {
    headers: { accept: 'text/event-stream' },
    signal: closing.signal,
  });
  if (!response.ok || response.body === null) throw new Error(`The stream was refused: ${response.status}`);
  const events: TaskEventView[] = [];
  const waiting = new Set<() => void>();
  let isConnected = false;

  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const message of messagesOf(body)) {
      if (message.event === 'connected') isConnected = true;
      else if (message.event === '') events.push(superjson.parse<TaskEventView>(message.data));
      for (const look of [...waiting]) look();
    }
  };
  const ended = read(response.body).catch(() => undefined);
  const until = <Found>(find: () => Found | undefined | false): Promise<Found> => {
    const found = new Promise<Found>((resolve) => {
      const look = () => {
        const seen = find();
        if (seen === undefined || seen === false) return;
        waiting.delete(look);
        resolve(seen);
      };
      waiting.add(look);
      look();
    });
    const missed = ended.then(() => {
      throw new Error('The stream ended before what was waited for');
    });
    const late = delay(WAIT_MS_MAX, undefined, { ref: false }).then(() => {
      throw new Error(`The stream did not bring what was waited for within ${WAIT_MS_MAX} ms`);
    });
    return Promise.race([found, missed, late]);
  };
  await until(() => isConnected);
  return {
    events,
    ended,
    first: (matching) => until(() => events.find(matching)),
    close: () => closing.abort(),
  };
}

/** The messages of a server-sent event stream. `event` is empty for messages without a name. */
async function* messagesOf(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<{ event: string; data: string }, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string): string =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2) ?? '';
      yield { event: field('event'), data: field('data') };
    }
  }
}
