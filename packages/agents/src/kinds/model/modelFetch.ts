import { fetch as undiciFetch } from 'undici';
import { dispatcherFor, RefusedAddressError } from '../../shared/addressPolicy';
import { type AddressPolicy, isPrivateAllowed } from '../../shared/addressRules';
import { connectionError } from '../../shared/safeFetch';

/** Limit of one streamed response: far above any real one, far below what would harm the process. */
const RESPONSE_BYTES_MAX = 20_000_000;
const NULL_BODY_STATUSES: readonly number[] = [204, 205, 304];

/**
 * The `fetch` for model libraries. It applies the address policy, follows no redirects (the key would be sent
 * along), and never reads more than the limit of a response. It fails as `fetch` does, so that the library's
 * retries work.
 */
export function createModelFetch(addressPolicy: AddressPolicy): typeof globalThis.fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const response = await undiciFetch(url, {
      method: init?.method ?? 'GET',
      headers: [...new Headers(init?.headers)],
      body: typeof init?.body === 'string' ? init.body : null,
      signal: init?.signal ?? null,
      redirect: 'manual',
      dispatcher: dispatcherFor({
        isPrivateAllowed: isPrivateAllowed(addressPolicy, url, url),
        ownPort: addressPolicy.ownPort,
      }),
    }).catch((error: unknown) => {
      throw isRefused(error) ? connectionError(error, url.host, 'model') : error;
    });
    const reader: ReadableStreamDefaultReader<unknown> | undefined = response.body?.getReader();
    const body =
      reader === undefined || NULL_BODY_STATUSES.includes(response.status) ? null : limited(reader);
    return new Response(body, { status: response.status, headers: [...response.headers] });
  };
}

const isRefused = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof RefusedAddressError;

function limited(reader: ReadableStreamDefaultReader<unknown>): ReadableStream<Uint8Array> {
  let bytes = 0;
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done || !(value instanceof Uint8Array)) return controller.close();
      bytes += value.byteLength;
      if (bytes > RESPONSE_BYTES_MAX) {
        await reader.cancel();
        throw new Error(`The model answered with more than ${RESPONSE_BYTES_MAX} bytes`);
      }
      controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
