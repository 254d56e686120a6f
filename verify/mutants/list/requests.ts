import { type Check, unit } from '../mutant';
import { boundaries } from './boundaryMutants';

const AGENTS: Check[] = [
  unit('packages/outgoing'),
  unit('packages/agents/src/shared'),
  unit('packages/agents'),
];

/** Where agents may go, and what they take from there. */
export const REQUEST_GUARDS = boundaries([
  [
    'packages/outgoing/src/addressPolicy.ts',
    'private addresses written out',
    'if (refusal !== null) return callback(new RefusedAddressError(refusal), null);',
    '',
    AGENTS,
  ],
  [
    'packages/outgoing/src/addressPolicy.ts',
    'private addresses behind a name',
    "if (refusal !== null) return callback(new RefusedAddressError(refusal), '', 0);",
    '',
    AGENTS,
  ],
  [
    'packages/outgoing/src/addressRules.ts',
    'link-local addresses and metadata services, whatever the policy',
    "if (kind === 'forbidden') return kind;",
    '',
    AGENTS,
  ],
  [
    'packages/outgoing/src/addressRules.ts',
    "this server's own port",
    "if (port === allowed.ownPort && isOwnMachine(address)) return 'own';",
    '',
    AGENTS,
  ],
  [
    'packages/outgoing/src/addressRules.ts',
    'private addresses by a redirect to another server',
    'isSameServer(url, typedUrl) &&',
    '',
    AGENTS,
  ],
  [
    'packages/outgoing/src/addressRules.ts',
    'private addresses behind a public name that was typed',
    "kindOfHost(typedUrl.hostname) === 'private')",
    'true)',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/redirects.ts',
    'the cookies of a redirect, sent to the sites that set them alone',
    'this.jar?.getCookiesSync(url.href) ?? []',
    'this.jar?.serializeSync()?.cookies.map((c) => ({ ...c, cookieString: () => `${c.key}=${c.value}` })) ?? []',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/shownAddress.ts',
    'secrets in the addresses that are shown',
    'SECRET_NAME.test(name) || SECRET_VALUE.test(value)',
    'false',
    AGENTS,
  ],
  [
    'packages/agents/src/kinds/watch/notModified.ts',
    'the word of a server that nothing has changed',
    'trust.left -= 1',
    'trust.left -= 0',
    AGENTS,
  ],
  [
    'packages/agents/src/kinds/watch/reading/htmlTree.ts',
    'the size of the tree of a page',
    'if (elements > ELEMENTS_MAX || this.openElements.stackTop > DEPTH_MAX) throw new Enough();',
    '',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/safeFetch.ts',
    'the number of redirects',
    'if (hop === request.redirectsMax) throw',
    'if (hop > request.redirectsMax) throw',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/safeFetch.ts',
    'the headers sent to another origin',
    'if (next.origin !== url.origin) headers = portable(headers);',
    '',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/safeFetch.ts',
    'the size of a response',
    'if (bytes > bytesMax) break;',
    '',
    AGENTS,
  ],
  [
    'packages/agents/src/shared/safeFetch.ts',
    'the scheme of an address',
    '!/^https?:$/.test(url.protocol) ||',
    '',
    AGENTS,
  ],
]);
