import { fetch as undiciFetch } from 'undici';
import { dispatcherFor } from '../shared/addressPolicy';
import { type AddressPolicy, isPrivateAllowed } from '../shared/addressRules';

/** Of one answer, also of a stream of events. */
const ANSWER_BYTES_MAX = 5_000_000;
/** A `Response` with one of these statuses may have no body. */
const NULL_BODY_STATUSES: readonly number[] = [101, 204, 205, 304];

/** A server sends without end. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
}

/**
 * `fetch` under an address policy, with bounded answers and without redirects to other origins, for a library that
 * makes its own requests to `typedUrl`.
 */
export function guardedFetch(policy: AddressPolicy, typedUrl: URL) {
  return async (input: string | URL, init?: RequestInit): Promise<Response> => {
    const url = new URL(input);
    const response = await undiciFetch(url, {
      method: init?.method ?? 'GET',
      headers: [...new Headers(init?.headers)],
      body: typeof init?.body === 'string' ? init.body : null,
      signal: init?.signal ?? null,
      redirect: 'manual',
      dispatcher: dispatcherFor({
        isPrivateAllowed: isPrivateAllowed(policy, url, typedUrl),
        ownPort: policy.ownPort,
      }),
    });
    const reader: ReadableStreamDefaultReader<unknown> | undefined = response.body?.getReader();
    const body =
      reader === undefined || NULL_BODY_STATUSES.includes(response.status) ? null : bounded(reader);
    return new Response(body, { status: response.status, headers: [...response.headers] });
  };
}

function bounded(reader: ReadableStreamDefaultReader<unknown>): ReadableStream<Uint8Array> {
  let bytes = 0;
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done || !(value instanceof Uint8Array)) return controller.close();
      bytes += value.byteLength;
      if (bytes > ANSWER_BYTES_MAX) {
        await reader.cancel();
        throw new TooLongError(`more than ${ANSWER_BYTES_MAX} bytes`);
      }
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
