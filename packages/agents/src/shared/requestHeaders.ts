import { LIMITS, MASK } from '@everbeat/domain';
import { z } from 'zod';

const SET_BY_THE_CALL = 'is set by the call itself';

/** Headers that say how one message is sent. */
export const MESSAGE_HEADERS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'connection',
    'content-length',
    'expect',
    'host',
    'keep-alive',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
  ].map((name) => [name, SET_BY_THE_CALL]),
);

/** Request headers by name. `refused`: names, in lower case, that are not allowed, each with the reason. */
export const headersSchema = (headersMax: number, refused: Readonly<Record<string, string>>) =>
  z
    .record(z.string().max(LIMITS.headerNameCharsMax), z.string().max(LIMITS.headerCharsMax))
    .superRefine((headers, context) => {
      const refuse = (message: string) => context.addIssue({ code: 'custom', message });
      const names = Object.keys(headers).map((name) => name.toLowerCase());
      if (names.length > headersMax) refuse(`at most ${headersMax} headers`);
      if (new Set(names).size < names.length) refuse('two of the headers have the same name');
      for (const name of names) {
        const why = Object.hasOwn(refused, name) ? refused[name] : undefined;
        if (why !== undefined) refuse(`"${name}" ${why}`);
      }
      if (!areSendable(headers)) refuse('a name or a value cannot be sent in an HTTP header');
    });

/** The message of the caught error is not used: it would quote the value, which may be a secret. */
function areSendable(headers: Record<string, string>): boolean {
  try {
    new Headers(Object.entries(headers).map(([name, value]) => [name, value === MASK ? '' : value]));
    return true;
  } catch {
    return false;
  }
}
