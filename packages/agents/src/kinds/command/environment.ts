import { writtenForms } from '@everbeat/outgoing';

/**
 * What programs need to find other programs, the user's settings and a proxy. None is a secret of the
 * application.
 */
const PASSED_NAMES: readonly string[] = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  // Windows
  'SystemRoot',
  'ComSpec',
  'PATHEXT',
  'APPDATA',
  'LOCALAPPDATA',
  'USERPROFILE',
  'TEMP',
  'TMP',
];

/**
 * The environment variables that are passed to commands. `alsoNames` adds further ones, such as the keys of
 * model providers for command-line agents.
 */
export function commandEnvironment(
  source: Readonly<Record<string, string | undefined>>,
  alsoNames: readonly string[] = [],
): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name of [...PASSED_NAMES, ...alsoNames]) {
    const value = source[name];
    if (value !== undefined) passed[name] = value;
  }
  return passed;
}

/**
 * What of an environment must not appear in anything that a command leaves: secrets, as programs write them.
 */
export const secretsOf = (env: Readonly<Record<string, string>>): string[] =>
  Object.entries(env)
    .flatMap(([name, value]) => (SECRET_NAMES.test(name) ? [value] : passwordIn(value)))
    .flatMap(writtenForms);

const SECRET_NAMES = /KEY|TOKEN|SECRET|PASSW|PASSPHRASE|_PWD|CREDENTIAL|AUTH|COOKIE/i;

/**
 * The password in an address, such as that of a proxy or a database; none if the value is no such address.
 */
function passwordIn(value: string): string[] {
  const password = /^[a-z][a-z\d+.-]*:\/\/[^/?#\s]*?:([^/?#\s]+)@/i.exec(value)?.[1];
  if (password === undefined) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
