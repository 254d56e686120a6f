/** What programs need to find each other, their user's settings and a way out; no secret of the application is among it. */
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
 * The part of an environment that commands are given. `alsoNames` are what the operator adds, such as the model key
 * of a command-line agent.
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

/** The values in an environment that no message may show. */
export const secretsOf = (env: Readonly<Record<string, string>>): string[] =>
  Object.entries(env)
    .filter(([name]) => /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i.test(name))
    .map(([, value]) => value);
