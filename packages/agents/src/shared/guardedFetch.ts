import { type AddressPolicy, dispatcherFor, isPrivateAllowed } from '@everbeat/outgoing';
import { fetch as undiciFetch } from 'undici';

/** What a library that makes its own requests may reach, and what follows from an answer that goes wrong. */
export interface FetchGuard {
  addressPolicy: AddressPolicy;
  /** The address that the person typed. Left out: the one that is called. */
  typedUrl?: URL;
  /** How much is read of one answer, also of a stream of events. */
  bytesMax: number;
  tooLong: (url: URL) => Error;
  /** The error for a connection that breaks off within the answer. Left out: as it was thrown. */
  brokenOff?: (error: unknown, url: URL) => unknown;
}

/** A `Response` with one of these statuses may have no body. */
const NULL_BODY_STATUSES: readonly number[] = [101, 204, 205, 304];

/**
 * `fetch` for such a library. It fails as `fetch` does, holds the address policy, bounds answers, and follows
 * no redirects, because the library's credentials would be sent along.
 */
export function guardedFetch(guard: FetchGuard) {
  const { addressPolicy, typedUrl } = guard;
  return async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { status, headers, body } = await undiciFetch(url, {
      method: init?.method ?? 'GET',
      headers: [...new Headers(init?.headers)],
      body: typeof init?.body === 'string' ? init.body : null,
      signal: init?.signal ?? null,
      redirect: 'manual',
      dispatcher: dispatcherFor({
        isPrivateAllowed: isPrivateAllowed(addressPolicy, url, typedUrl ?? url),
        ownPort: addressPolicy.ownPort,
      }),
    });
    const bounded =
      body === null || NULL_BODY_STATUSES.includes(status) ? null : boundedBody(body.getReader(), url, guard);
    return new Response(bounded, { status, headers: [...headers] });
  };
}

function boundedBody(
  reader: ReadableStreamDefaultReader<unknown>,
  url: URL,
  { bytesMax, tooLong, brokenOff = (error) => error }: FetchGuard,
): ReadableStream<Uint8Array> {
  let bytes = 0;
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw brokenOff(error, url);
      });
      if (done || !(value instanceof Uint8Array)) return controller.close();
      bytes += value.byteLength;
      if (bytes > bytesMax) {
        await reader.cancel();
        throw tooLong(url);
      }
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
