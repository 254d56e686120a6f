import { delimiter, isAbsolute } from 'node:path';
import { COMMAND_SANDBOX_MODES, MODEL_PROVIDERS, parseModelName, SCHEDULER_KINDS } from '@everbeat/domain';
import { parseKeys } from '@everbeat/vault';
import { z } from 'zod';
import { httpUrl, integer, isOrigin, jsonRecord, postgresUrl, text, workspaces } from './fields';

/**
 * Every environment variable, once: how it is parsed, what it means, and what to do when its value is wrong.
 * `parseEnv` reads it; `.env.example` and the README's tables are generated from it by `npm run docs:env`.
 */

const PASSWORD_CHARS_MIN = 12;

export interface VariableDoc {
  /** A sentence or two, with code in backticks. */
  description: string;
  /** How a valid value looks. Shown to whoever gave an invalid one. */
  remedy: string;
  /** What an absent value means, where the schema has no fixed default. */
  defaultText?: string;
}

const docs = z.registry<VariableDoc>();

const COPY_FROM_CONSOLE = 'Copy it from the QStash page of the Upstash console.';
const COPY_FROM_PROVIDER = 'Copy it from the provider, or leave it empty.';
const PROVIDER_ADDRESS = 'Give the address of the API, or leave it empty.';

const server = {
  PORT: integer({ min: 1, max: 65_535, fallback: 3000 }).register(docs, {
    description: 'The port to listen on.',
    remedy: 'Give a free port, such as 3000.',
  }),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'is not a host name or an address')
    .default('127.0.0.1')
    .register(docs, {
      description: 'The address to listen on. Any other than a loopback address requires `ACCESS_PASSWORD`.',
      remedy: 'Give 127.0.0.1 for this machine alone, or 0.0.0.0 for the network.',
    }),
  APP_URL: httpUrl()
    .refine(isOrigin, 'has more than a scheme, a host and a port')
    .transform((value) => new URL(value).origin)
    .optional()
    .register(docs, {
      description: 'The public address, without a path. Required with QStash, which calls it.',
      remedy: 'Give the public address alone, such as https://everbeat.example.com.',
      defaultText: '`http://localhost:$PORT`',
    }),
  ACCESS_PASSWORD: z
    .string()
    .min(PASSWORD_CHARS_MIN, `is shorter than ${PASSWORD_CHARS_MIN} characters`)
    .optional()
    .register(docs, {
      description: `A password of at least ${PASSWORD_CHARS_MIN} characters that the browser asks for. Required unless \`HOST\` is a loopback address.`,
      remedy: `Give at least ${PASSWORD_CHARS_MIN} characters, or leave it empty.`,
    }),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'is not a level of logging')
    .default('info')
    .register(docs, {
      description: '`trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.',
      remedy: 'Give trace, debug, info, warn, error, fatal or silent.',
    }),
};

const data = {
  DATABASE_URL: postgresUrl().register(docs, {
    description:
      'A Postgres server of your own: `postgres://user:password@host:5432/name`. Required in queue mode.',
    remedy: 'Give postgres://user:password@host:5432/name, or leave it empty for the embedded database.',
    defaultText: 'the embedded Postgres',
  }),
  DATABASE_DIRECT_URL: postgresUrl().register(docs, {
    description:
      'The address of the same database without the connection pooler, for migrations and backups. It may name the owner of the tables where `DATABASE_URL` names another role.',
    remedy: 'Give postgres://user:password@host:5432/name, or leave it empty.',
    defaultText: '`DATABASE_URL`',
  }),
  DATA_DIR: z.string().default('.data').register(docs, {
    description: 'The folder of the embedded Postgres, and of what else this host keeps.',
    remedy: 'Name a folder that Everbeat may write to.',
  }),
  SECRETS_KEY: z
    .string()
    .transform((value, context) => {
      const keys = parseKeys(value);
      if (keys !== null) return keys;
      context.addIssue({ code: 'custom', message: 'is not a key of 32 bytes, nor a list of such keys' });
      return z.NEVER;
    })
    .optional()
    .register(docs, {
      description:
        'The key that encrypts stored secrets: 32 random bytes in base64 or hex, the same on every server. Of several, separated by commas, the first encrypts and all decrypt, so that a key can be replaced. Required in queue mode as soon as a secret is stored. Keep it with your backups.',
      remedy: 'Give what "openssl rand -base64 32" prints.',
      defaultText: 'the file `secrets.key` in `DATA_DIR`, made for the first secret',
    }),
};

const agents = {
  AGENT_RUNTIME_MODE: z
    .enum(['local', 'queue'], 'is neither "local" nor "queue"')
    .default('local')
    .register(docs, {
      description:
        '`local`: agents run in this process. `queue`: they run inside signed requests from QStash, for serverless hosts.',
      remedy: 'Give local for one lasting process, or queue for serverless hosts.',
    }),
  TASK_SCHEDULER: z
    .enum(SCHEDULER_KINDS, `is none of ${SCHEDULER_KINDS.join(', ')}`)
    .optional()
    .register(docs, {
      description: 'What wakes tasks: `local` (timers in this process) or `qstash`.',
      remedy: 'Give local or qstash, or leave it empty: it follows AGENT_RUNTIME_MODE.',
      defaultText: '`local`, or `qstash` in queue mode',
    }),
  HEARTBEAT_MIN_SECONDS: integer({ min: 1, max: 86_400, fallback: 10 }).register(docs, {
    description: 'The shortest interval that a heartbeat task may have, in seconds.',
    remedy: 'Give the shortest interval that a task may have, in seconds.',
  }),
  WATCHDOG_INTERVAL_SECONDS: integer({ min: 1, max: 3_600, fallback: 30 }).register(docs, {
    description: 'Seconds between two passes of the watchdog. Local mode only.',
    remedy: 'Give the seconds between two sweeps of the watchdog.',
  }),
  WATCHDOG_SCHEDULE_MINUTES: integer({ min: 1, max: 60, fallback: 10 })
    .refine((minutes) => 60 % minutes === 0, 'does not divide an hour into equal parts')
    .register(docs, {
      description:
        'Minutes between two passes of the watchdog in queue mode, where each costs a message: every 10 minutes is 144 of the 1,000 a day of the free plan. Run `npm run qstash:schedule` after a change.',
      remedy: 'Give 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 or 60.',
    }),
  WATCHDOG_GRACE_SECONDS: integer({ min: 0, max: 86_400, fallback: 30 }).register(docs, {
    description: 'Seconds that a tick may be late before the watchdog sends it again.',
    remedy: 'Give the seconds a tick may be late before the watchdog sends it again.',
  }),
  ABSENCE_AFTER_DAYS: integer({ min: 0, max: 366, fallback: 14 }).register(docs, {
    description:
      'A task whose reports have lain unread for so many days beats more slowly, step by step down to once a day, until somebody looks at it again. `0`: every task keeps its rhythm.',
    remedy: 'Give a number of days, such as 14, or 0 for never.',
  }),
  HEALTHCHECK_URL: httpUrl().optional().register(docs, {
    description:
      'Called by each pass of the watchdog, as healthchecks.io wants it: a POST to the address when it ended well, to the address with `/fail` when not. A service that expects these calls can tell you when the server is dead.',
    remedy: 'Give the ping address of the check, such as https://hc-ping.com/<uuid>, or leave it empty.',
    defaultText: 'nobody is told',
  }),
  RUN_SLICE_SECONDS: integer({ min: 1, max: 7_200, fallback: 300 }).register(docs, {
    description:
      'Queue mode: after so many seconds a run of a `model` agent goes on in another request. Keep it well below the longest request that the host and the plan of QStash allow.',
    remedy: 'Give the seconds after which a long run goes on in another request, such as 300.',
  }),
  AGENT_COMMANDS: jsonRecord(/\S/, 'is not a JSON object of names and command lines').register(docs, {
    description:
      'The commands that `command` agents may run, by name, as JSON: `{"report":"node /home/me/report.mjs"}`. They work in folders of their own, so paths begin at the root. Local mode only.',
    remedy: 'Give for example {"report":"node /home/me/report.mjs"}.',
    defaultText: 'none',
  }),
  AGENT_WORKSPACES: workspaces().register(docs, {
    description:
      'The folder that holds the working folder of each task with a `command` agent. Or, as JSON, the git repositories of which such agents may be given worktrees, by name: `{"shop":"/srv/shop"}`. A path that is a repository itself is the one for all of them.',
    remedy: 'Give a path that begins at the root, or for example {"shop":"/srv/shop"}.',
    defaultText: '`workspaces` in `DATA_DIR`, no repositories',
  }),
  MCP_COMMANDS: jsonRecord(/\S/, 'is not a JSON object of names and command lines').register(docs, {
    description:
      'The programs that may run as servers of the Model Context Protocol, by name, as JSON: `{"files":"npx -y @modelcontextprotocol/server-filesystem /home/me/files"}`. Local mode only.',
    remedy: 'Give for example {"files":"npx -y @modelcontextprotocol/server-filesystem /home/me/files"}.',
    defaultText: 'none',
  }),
  BROWSER_PATH: z.string().optional().register(docs, {
    description:
      'The Chromium (or Chrome) that runs the scripts of watched pages which show nothing without. `none`: such pages fail.',
    remedy: 'Give the path of the program, such as /usr/bin/chromium, or none.',
    defaultText: 'one in the usual places',
  }),
  COMMAND_SANDBOX: z
    .enum(COMMAND_SANDBOX_MODES, `is none of ${COMMAND_SANDBOX_MODES.join(', ')}`)
    .default('auto')
    .register(docs, {
      description:
        '`auto`: commands run in the best sandbox that works on this host. `required`: they run only in one that hides everything. `off`: they run with all rights of Everbeat. The section on commands in docs/OPERATIONS.md says what each hides.',
      remedy: 'Give auto, required or off.',
    }),
  COMMAND_FOLDERS: z
    .string()
    .transform((value) => value.split(delimiter).map((folder) => folder.trim()))
    .refine((folders) => folders.every(isAbsolute), 'is not a list of paths that begin at the root')
    .optional()
    .register(docs, {
      description:
        'Folders, separated by `:`, where commands in a sandbox may write besides their own folder and `HOME`: `/srv/shop:/mnt/reports`.',
      remedy: 'Give for example /srv/shop:/mnt/reports.',
      defaultText: 'none',
    }),
  ALLOW_PRIVATE_AGENT_URLS: z
    .enum(['0', '1'], 'is neither 1 nor 0')
    .transform((value) => value === '1')
    .optional()
    .register(docs, {
      description:
        'Whether a person may point agents at this machine and its private network by entering a private address. A redirect or a public name never leads there, and link-local addresses and metadata services are never called.',
      remedy: 'Give 1 to let agents call this machine and its private network, 0 to refuse that.',
      defaultText: '`1`; `0` in queue mode, or when `APP_URL` is public',
    }),
};

const notifications = {
  SMTP_URL: z
    .string()
    .refine(
      (value) => /^smtps?:\/\/[^/]/.test(value) && URL.canParse(value),
      'is not an smtp:// or smtps:// URL',
    )
    .optional()
    .register(docs, {
      description:
        'The server that sends mail to channels of the kind e-mail: `smtps://user:password@host:465`, or `smtp://` for one that begins without TLS.',
      remedy: 'Give smtps://user:password@host:465, with signs such as @ in the password written as %40.',
    }),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*[^\s@<>]@[^\s@<>]+>?$/, 'is no address of mail')
    .optional()
    .register(docs, {
      description:
        'The sender of these mails, such as `Everbeat <everbeat@example.com>`. Required with `SMTP_URL`.',
      remedy: 'Give an address that the mail server may send from, such as everbeat@example.com.',
    }),
  NOTIFY_ALLOW_PRIVATE_URLS: z
    .enum(['0', '1'], 'is neither 1 nor 0')
    .transform((value) => value === '1')
    .optional()
    .register(docs, {
      description:
        'Whether channels may lead to this machine and its private network, such as an ntfy server at home. Link-local addresses and metadata services are never called.',
      remedy: 'Give 1 to let channels call this machine and its private network, 0 to refuse that.',
      defaultText: 'as `ALLOW_PRIVATE_AGENT_URLS`',
    }),
};

const modelProviders = {
  MODEL_DEFAULT: z
    .string()
    .refine((value) => parseModelName(value) !== undefined, 'does not name a known provider and its model')
    .optional()
    .register(docs, {
      description: `The model of agents that name none, as \`provider/model\`, such as \`anthropic/claude-sonnet-4-5\`, unless one is chosen under Settings → Models. Providers: ${MODEL_PROVIDERS.map((name) => `\`${name}\``).join(', ')}.`,
      remedy: `Give provider/model, such as anthropic/claude-sonnet-4-5, with one of: ${MODEL_PROVIDERS.join(', ')}.`,
    }),
  BRAVE_API_KEY: text().register(docs, {
    description: 'The key of the search API of Brave, with which models search the web.',
    remedy: COPY_FROM_PROVIDER,
  }),
  TAVILY_API_KEY: text().register(docs, {
    description: 'The key of Tavily, with which models search the web.',
    remedy: COPY_FROM_PROVIDER,
  }),
  SEARXNG_URL: httpUrl().optional().register(docs, {
    description: 'The address of a SearXNG server with the format `json`, with which models search the web.',
    remedy: 'Give the address of a SearXNG server, such as http://localhost:8888.',
  }),
  OPENAI_API_KEY: text().register(docs, {
    description: 'The key of OpenAI, or of a compatible API.',
    remedy: COPY_FROM_PROVIDER,
  }),
  OPENAI_BASE_URL: httpUrl().optional().register(docs, {
    description: "The address of an API that is compatible with OpenAI's.",
    remedy: 'Give the address of an API that speaks as OpenAI does, or leave it empty.',
  }),
  ANTHROPIC_API_KEY: text().register(docs, {
    description: 'The key of Anthropic.',
    remedy: COPY_FROM_PROVIDER,
  }),
  ANTHROPIC_BASE_URL: httpUrl().optional().register(docs, {
    description: "An address to call instead of Anthropic's own.",
    remedy: PROVIDER_ADDRESS,
  }),
  GOOGLE_GENERATIVE_AI_API_KEY: text().register(docs, {
    description: 'The key of Google.',
    remedy: COPY_FROM_PROVIDER,
  }),
  GOOGLE_BASE_URL: httpUrl().optional().register(docs, {
    description: "An address to call instead of Google's own.",
    remedy: PROVIDER_ADDRESS,
  }),
  OPENROUTER_API_KEY: text().register(docs, {
    description: 'The key of OpenRouter.',
    remedy: COPY_FROM_PROVIDER,
  }),
  OPENROUTER_BASE_URL: httpUrl().optional().register(docs, {
    description: "An address to call instead of OpenRouter's own.",
    remedy: PROVIDER_ADDRESS,
  }),
  OLLAMA_BASE_URL: httpUrl().optional().register(docs, {
    description: 'The address of Ollama, such as `http://gpu.lan:11434/v1`.',
    remedy: 'Give the address of Ollama with /v1 at its end, or leave it empty.',
    defaultText: '`http://127.0.0.1:11434/v1`, if it answers there',
  }),
};

const qstash = {
  QSTASH_URL: httpUrl().default('https://qstash.upstash.io').register(docs, {
    description: 'The address of your QStash region.',
    remedy: 'Give the address of your QStash region, or leave it empty.',
  }),
  QSTASH_TOKEN: text().register(docs, {
    description: 'From the QStash page of the Upstash console. Required with QStash.',
    remedy: COPY_FROM_CONSOLE,
  }),
  QSTASH_CURRENT_SIGNING_KEY: text().register(docs, {
    description: 'From the same page: it proves that a request comes from QStash. Required with QStash.',
    remedy: COPY_FROM_CONSOLE,
  }),
  QSTASH_NEXT_SIGNING_KEY: text().register(docs, {
    description:
      'From the same page: the key that takes over when the current one is rotated. Required with QStash.',
    remedy: COPY_FROM_CONSOLE,
  }),
  QSTASH_MAX_DELAY_SECONDS: integer({ min: 1, max: 366 * 86_400, fallback: 7 * 86_400 }).register(docs, {
    description:
      'The longest delay of your plan, in seconds: seven days on the free plan. Longer waits are made in hops.',
    remedy: 'Give the longest delay of your plan in seconds: 604800 is seven days.',
  }),
  QSTASH_FORWARD_HEADERS: jsonRecord(/^[\w-]+$/, 'is not a JSON object of header names and texts').register(
    docs,
    {
      description:
        'Headers that QStash adds to its requests, for deployments behind protection, as JSON: `{"x-vercel-protection-bypass":"secret"}`.',
      remedy: 'Give for example {"x-vercel-protection-bypass":"secret"}.',
      defaultText: 'none',
    },
  ),
};

/** As the documents show them. */
export const VARIABLE_GROUPS = {
  Server: server,
  Data: data,
  Agents: agents,
  Notifications: notifications,
  'Model providers': modelProviders,
  QStash: qstash,
};

export const envSchema = z.object({
  ...server,
  ...data,
  ...agents,
  ...notifications,
  ...modelProviders,
  ...qstash,
});
export type ParsedVariables = z.infer<typeof envSchema>;
export type EnvName = keyof ParsedVariables;
export const ENV_NAMES = envSchema.keyof().options;

export function docOf(name: EnvName): VariableDoc {
  const doc = docs.get(envSchema.shape[name]);
  if (doc === undefined) throw new Error(`${name} has no description`);
  return doc;
}

export const remedyOf = (name: EnvName): string => docOf(name).remedy;
