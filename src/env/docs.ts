import { docOf, ENV_NAMES, type EnvName, envSchema, VARIABLE_GROUPS } from './variables';

const COLUMNS = 110;
const DEFAULTS: Partial<Record<EnvName, unknown>> = envSchema.parse({});

/** All of `.env.example`. */
export function envExample(): string {
  const head = comment(
    'Everbeat runs without any of these. Copy this file to .env and set what you need; each line shows the default.',
  );
  const groups = Object.entries(VARIABLE_GROUPS).map(([group, variables]) => {
    const title = `# --- ${group} ${'-'.repeat(COLUMNS - group.length - 7)}`;
    const lines = namesIn(variables).map((name) => {
      const { description, defaultText } = docOf(name);
      const text = defaultText === undefined ? description : `${description} Empty: ${defaultText}.`;
      return `${comment(text.replaceAll('`', ''))}\n# ${name}=${fixedDefault(name)}`;
    });
    return [title, ...lines].join('\n');
  });
  return `${[head, ...groups].join('\n\n')}\n`;
}

/** The README's tables, between its two markers. */
function readmeTables(): string {
  const tables = Object.entries(VARIABLE_GROUPS).map(([group, variables]) => {
    const rows = namesIn(variables).map((name) => {
      const { description, defaultText } = docOf(name);
      const fixed = fixedDefault(name);
      return `| \`${name}\` | ${fixed === '' ? (defaultText ?? '') : `\`${fixed}\``} | ${description} |`;
    });
    return [`| ${group} | default | |`, '|---|---|---|', ...rows].join('\n');
  });
  return tables.join('\n\n');
}

const BEGIN = '<!-- Made by `npm run docs:env` from src/env/variables.ts: edit there. -->';
const END = '<!-- end -->';

/** `readme` with its tables replaced by today's. @throws when the markers are missing */
export function withReadmeTables(readme: string): string {
  const [before, rest] = readme.split(`${BEGIN}\n`);
  const [, after] = rest?.split(`\n${END}`) ?? [];
  if (before === undefined || after === undefined) throw new Error(`The README has no ${BEGIN} … ${END}`);
  return `${before}${BEGIN}\n\n${readmeTables()}\n\n${END}${after}`;
}

const namesIn = (group: object): EnvName[] => ENV_NAMES.filter((name) => name in group);

const fixedDefault = (name: EnvName): string => String(DEFAULTS[name] ?? '');

function comment(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.length - 1;
    const longer = `${lines[last]} ${word}`;
    if (longer.length < COLUMNS) lines[last] = longer;
    else lines.push(` ${word}`);
  }
  return lines.map((line) => `#${line}`).join('\n');
}
