import { connectionFaultOf, dispatcherFor, type Refusal, type ResponseHeaders } from '@everbeat/outgoing';
import { fetch } from 'undici';
import { type ChannelContext, ChannelError } from '../port';

export interface ChannelPost {
  url: string;
  headers?: Record<string, string>;
  body: string | Uint8Array;
  /** How much of the answer is read. Default: enough for an id, or for why the message was refused. */
  answerBytesMax?: number;
}

export interface ChannelAnswer {
  status: number;
  headers: ResponseHeaders;
  /** The beginning of the body. */
  text: string;
  /** The host that was called, for messages. */
  host: string;
}

const ANSWER_BYTES_MAX = 64_000;

const REFUSALS: Record<Refusal, string> = {
  private:
    'is an address of this machine or of a private network, which this server does not call. Use a public address, or let the operator set NOTIFY_ALLOW_PRIVATE_URLS=1.',
  forbidden:
    'leads to a link-local address or to a metadata service of the host, which is never called. Use another address.',
  own: 'leads to this server itself, which it never calls. Use another address.',
};

/**
 * One POST, within what may be called. Redirects are returned: what is sent is meant for the address that was
 * set.
 * @throws ChannelError; the signal's reason
 */
export async function post(
  { url, headers, body, answerBytesMax = ANSWER_BYTES_MAX }: ChannelPost,
  { signal, allowPrivateAddresses, ownPort }: ChannelContext,
): Promise<ChannelAnswer> {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'user-agent': 'Everbeat', ...headers },
      body,
      signal,
      redirect: 'manual',
      dispatcher: dispatcherFor({ isPrivateAllowed: allowPrivateAddresses, ownPort }),
    });
    const text = await beginning(response.body, answerBytesMax);
    return { status: response.status, headers: response.headers, text, host };
  } catch (error) {
    signal.throwIfAborted();
    throw connectionError(error, host);
  }
}

async function beginning(body: AsyncIterable<Uint8Array> | null, bytesMax: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= bytesMax) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks).subarray(0, bytesMax));
}

function connectionError(error: unknown, host: string): ChannelError {
  const fault = connectionFaultOf(error, host);
  if (fault.kind === 'refused-address') {
    return new ChannelError('needs-person', `${host} ${REFUSALS[fault.refusal]}`);
  }
  const { kind, message, mayHaveArrived } = fault;
  return new ChannelError(kind === 'blocked-port' ? 'needs-person' : 'transient', message, {
    mayHaveArrived,
  });
}
