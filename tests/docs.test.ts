import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  APP_ERROR_CODES,
  AppError,
  EMPTY_SCHEDULER_STATE,
  RUN_ERROR_CODES,
  SKIP_REASONS,
  schedulerStateSchema,
} from '@everbeat/domain';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ENV_NAMES } from '@/env/variables';
import { toTrpcError } from '@/server/api/errors';
import { appRouter } from '@/server/api/routers';
import * as schema from '../packages/database/src/schema';

/** The documents name files, sections, procedures, scripts and settings. All of them must exist. */

const ROOT = path.resolve(import.meta.dirname, '..');
const THIS_FILE = 'tests/docs.test.ts';
const NOT_OURS = new Set(['node_modules', '.git', '.next', '.data', 'bench-results']);
const LINE_CHARS_MAX = 110;

function filesBelow(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name))
    .flatMap((entry) => {
      const file = path.posix.join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(file) : [file];
    });
}

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const FILES = filesBelow('');
const FOLDERS = new Set(FILES.flatMap(parentsOf));
const MARKDOWN = FILES.filter((file) => file.endsWith('.md'));

function parentsOf(file: string): string[] {
  const folder = path.posix.dirname(file);
  return folder === '.' ? [] : [folder, ...parentsOf(folder)];
}

const withoutCode = (markdown: string): string => markdown.replace(/^ *```[\s\S]*?^ *```$/gm, '');

const headingsOf = (markdown: string): string[] =>
  [...withoutCode(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** The text between the heading `## title` and the next one of its level. */
function section(markdown: string, title: string): string {
  const [, after = ''] = markdown.split(`\n## ${title}\n`);
  return after.split('\n## ')[0] ?? '';
}

const firstCells = (table: string): string[] =>
  [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = '']) => cell);

describe('a comment that cites a document', () => {
  const sources = FILES.filter((file) => /\.(tsx?|sql)$/.test(file) && file !== THIS_FILE);

  function citations(pattern: RegExp): { where: string; cited: string }[] {
    return sources.flatMap((file) =>
      [...read(file).matchAll(pattern)].map(([cited]) => ({ where: file, cited })),
    );
  }

  test('names a section of docs/PROTOCOL.md as `PROTOCOL §4`', () => {
    const numbers = headingsOf(read('docs/PROTOCOL.md')).map((heading) => /^[\d.]*\d/.exec(heading)?.[0]);
    const found = citations(/\bPROTOCOL\b.{0,8}/g);
    const wrong = found.filter(({ cited }) => {
      const number = /^PROTOCOL §(\d+(\.\d+)?)/.exec(cited)?.[1];
      return number === undefined || !numbers.includes(number);
    });
    expect(wrong).toEqual([]);
    expect(found.length).toBeGreaterThan(10);
  });

  test('names a heading of docs/API.md as `API.md, "The http agent"`', () => {
    const headings = headingsOf(read('docs/API.md'));
    const found = citations(/\bAPI\.md\b(, "[^"]*")?/g);
    const wrong = found.filter(({ cited }) => !headings.includes(/"(.*)"/.exec(cited)?.[1] ?? ''));
    expect(wrong).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
  });
});

describe.each(MARKDOWN)('%s', (document) => {
  const text = read(document);
  const prose = withoutCode(text);

  test('links to files and headings that exist', () => {
    const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => {
        const [target = '', anchor] = link.split('#');
        const file = target === '' ? document : path.posix.join(path.posix.dirname(document), target);
        if (!FILES.includes(file) && !FOLDERS.has(file.replace(/\/$/, ''))) return true;
        return anchor !== undefined && !headingsOf(read(file)).map(anchorOf).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  test('names files that exist', () => {
    const quoted = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name.replace(/:\d+$/, ''));
    // Diagrams and listings, which have no language of a program.
    const drawn = [...text.matchAll(/^```(?:mermaid)?\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
      block.split(/[\s,:;()]|<br\/>/),
    );
    const names = [...quoted, ...drawn];
    expect(names.filter((name) => looksLikeFile(name) && !existsAs(name, document))).toEqual([]);
  });

  test(`wraps at ${LINE_CHARS_MAX} columns`, () => {
    const long = prose
      .split('\n')
      .filter((line) => line.length > LINE_CHARS_MAX && !/^ *\|/.test(line))
      // What has no space before the limit, such as a long link, cannot be broken.
      .filter((line) =>
        line
          .replace(/^\s*([-*>]|\d+\.)?\s*/, '')
          .slice(0, LINE_CHARS_MAX)
          .includes(' '),
      );
    expect(long).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const named = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !SCRIPTS.includes(script))).toEqual([]);
  });
});

const TOP_FOLDERS = [...FOLDERS].filter((folder) => !folder.includes('/'));

/** A path below a folder of the repository, or a name with the ending of a source or document. */
function looksLikeFile(name: string): boolean {
  if (!/^[\w.@*[\]-]+(\/[\w.@*[\]-]+)*\/?$/.test(name)) return false;
  const isBelowTopFolder = TOP_FOLDERS.some((folder) => name.startsWith(`${folder}/`));
  return isBelowTopFolder || /\w\.(tsx?|mjs|md|sql|ya?ml)$/.test(name);
}

/**
 * A path from the root, from the document's folder, or the end of a path. `*` stands for one part of a path.
 */
function existsAs(name: string, document: string): boolean {
  const wanted = name.replace(/\/$/, '');
  const isBelowTopFolder = TOP_FOLDERS.some((folder) => name.startsWith(`${folder}/`));
  if (existsSync(path.join(ROOT, path.dirname(document), wanted)) || existsSync(path.join(ROOT, wanted))) {
    return true;
  }
  const pattern = wanted.replace(/[.[\]]/g, '\\$&').replaceAll('*', '[^/]+');
  const whole = new RegExp(isBelowTopFolder ? `^${pattern}$` : `(^|/)${pattern}$`);
  return [...FILES, ...FOLDERS].some((file) => whole.test(file));
}

const SCRIPTS = Object.keys(
  z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read('package.json'))).scripts,
);

describe('docs/API.md lists', () => {
  const api = read('docs/API.md');

  test('every procedure of the router', () => {
    const listed = firstCells(section(api, 'Procedures')).filter((name) => /^[a-z]+\.\w+$/i.test(name));
    const procedures = listed.filter((name) => !name.startsWith('config.'));
    expect(procedures.toSorted()).toEqual(Object.keys(appRouter._def.procedures).toSorted());
  });

  test('every error code beside the tRPC code it becomes', () => {
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const rows = [...section(api, 'Errors').matchAll(/^\| `([A-Z_]+)` \| (.+) \|$/gm)];
    const listed = rows.flatMap(([, trpcCode = '', codes = '']) =>
      [...codes.matchAll(/`([a-z-]+)`/g)].map(([, code = '']) => `${trpcCode} ${code}`),
    );
    const actual = APP_ERROR_CODES.map((code) => {
      const call = { logger, requestId: 'request-1', path: 'task.list' };
      return `${toTrpcError(new AppError(code, 'An error'), call).code} ${code}`;
    });
    expect(listed.toSorted()).toEqual(actual.toSorted());
  });

  test('every environment variable', () => {
    const listed = [...section(api, 'Environment').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name);
    expect(listed.toSorted()).toEqual(ENV_NAMES.toSorted());
  });

  test('columns that the tables have', () => {
    const rows = [...section(api, 'Tables').matchAll(/^\| `(\w+)` \| `([^`]+)` \|$/gm)];
    const listed = rows.flatMap(([, table = '', columns = '']) =>
      columns.split(', ').map((column) => `${table}.${column}`),
    );
    const actual = Object.values(schema).flatMap((table) => {
      if (!is(table, PgTable)) return [];
      const { name, columns } = getTableConfig(table);
      return columns.map((column) => `${name}.${column.name}`);
    });
    expect(listed.filter((column) => !actual.includes(column))).toEqual([]);
    expect(listed.length).toBeGreaterThan(0);
  });

  test('every package script', () => {
    const listed = firstCells(section(api, 'Package scripts')).map((command) =>
      command.replace(/^npm (run )?/, ''),
    );
    expect(listed.toSorted()).toEqual(SCRIPTS.toSorted());
  });
});

test('docs/API.md lists every error code of a run', () => {
  const api = read('docs/API.md');
  expect(RUN_ERROR_CODES.filter((code) => !api.includes(`\`${code}\``))).toEqual([]);
});

test('docs/PROTOCOL.md lists every reason of a skip', () => {
  const cycle = section(read('docs/PROTOCOL.md'), '3. The cycle');
  expect(firstCells(cycle).toSorted()).toEqual(SKIP_REASONS.toSorted());
});

test('docs/PROTOCOL.md lists the fields of context.scheduler, those that may be left out from `retry` on', () => {
  const [, listing = ''] = read('docs/PROTOCOL.md').split('context.scheduler = {');
  const listed = [...(listing.split('```')[0] ?? '').matchAll(/^ {2}(\w+),/gm)].map(
    ([, field = '']) => field,
  );
  const fields = Object.keys(schedulerStateSchema.shape);
  expect(listed.toSorted()).toEqual(fields.toSorted());
  const optional = fields.filter((field) => !(field in EMPTY_SCHEDULER_STATE));
  expect(listed.slice(listed.indexOf('retry')).toSorted()).toEqual(optional.toSorted());
});

test('the runbook quotes messages that the log has', () => {
  const quoted = [...read('docs/OPERATIONS.md').matchAll(/log: \*([^*]+)\*/g)].map(
    ([, message = '']) => message,
  );
  const product = FILES.filter((file) => /^(src|packages\/[^/]+\/src)\/.*\.ts$/.test(file)).map(read);
  expect(quoted.filter((message) => !product.some((text) => text.includes(message)))).toEqual([]);
  expect(quoted.length).toBeGreaterThan(0);
});

/** How a line begins that is a comment. */
const COMMENT = /^\s*(\/\/|\/\*\*?|\* )/;

test(`comments wrap at ${LINE_CHARS_MAX} columns`, () => {
  const long = FILES.filter((file) => /\.tsx?$/.test(file)).flatMap((file) =>
    read(file)
      .split('\n')
      .filter((line) => line.length > LINE_CHARS_MAX && COMMENT.test(line))
      // What is said to a program stands in one line, and what has no space cannot be broken.
      .filter((line) => !/biome-ignore|\$\{/.test(line) && line.replace(COMMENT, '').trim().includes(' '))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(long).toEqual([]);
});
