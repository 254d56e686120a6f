import { database, type Mutant, unit } from '../mutant';

const AGENTS = 'packages/agents/src';
const TOOLBOX = [unit('packages/agents/src/kinds/model/toolbox.test.ts')];
const REQUESTS = [unit('packages/agents/src/tools/httpRequest.test.ts')];
const SERVERS = [unit('packages/agents/src/mcp')];
const MISBEHAVING = [
  unit(
    'packages/agents/src/kinds/model/misbehavingToolServers.test.ts',
    'packages/agents/src/kinds/model/misbehavingPrograms.test.ts',
    'packages/agents/src/kinds/model/misbehavingHosts.test.ts',
  ),
];
const REGISTRY = [database('tests/api/mcpServer.db.test.ts')];

/**
 * The guards of what a model may call (API.md, "Tools of a model"): file, name, text to find, replacement,
 * checks.
 */
const GUARDS: [string, string, string, string, Mutant['checks']][] = [
  [
    `${AGENTS}/kinds/model/modelKind.ts`,
    'a changed tool asks in spite of "always"',
    'tool.isPinned !== false && ',
    '',
    TOOLBOX,
  ],
  [
    `${AGENTS}/kinds/model/toolbox.ts`,
    'answers stand in a fence',
    'fenced(clean(answer), `material from ${tool.name}`)',
    'clean(answer)',
    TOOLBOX,
  ],
  [
    `${AGENTS}/kinds/model/modelKind.ts`,
    'a trial changes nothing',
    '(run.isTrial ? inTrial(tool) : tool)',
    'tool',
    TOOLBOX,
  ],
  [
    `${AGENTS}/kinds/model/trialTools.ts`,
    'a trial calls only what looks',
    "tool.policy === 'allow' && tool.readOnly",
    "tool.policy === 'allow'",
    TOOLBOX,
  ],
  [
    `${AGENTS}/kinds/model/taskTools.ts`,
    'a model reads only the tasks around its own',
    '[id, identifier.toLowerCase()].includes(wanted)',
    'id !== wanted || identifier !== wanted',
    [database('tests/steps/taskTools.db.test.ts')],
  ],
  [
    'src/server/services/taskRunner/agentRequest.ts',
    'what an agent wrote does not count as written by the person',
    "run.instructionAuthor === 'user'",
    "run.instructionAuthor === 'user' || run.state.parentTaskId === null",
    [database('tests/loop/createdSubtasks.db.test.ts')],
  ],
  [
    'packages/database/src/commit/report.ts',
    "what an agent makes is the agent's word",
    "s.instruction, 'agent', p.agent_id",
    "s.instruction, 'user', p.agent_id",
    [database('tests/loop/createdSubtasks.db.test.ts')],
  ],
  [
    `${AGENTS}/tools/reach.ts`,
    'a number is no address that a person wrote',
    'if (NUMBER.test(address)) return null;',
    '',
    [unit('packages/agents/src/tools/readPage.test.ts')],
  ],
  [
    `${AGENTS}/tools/httpRequest.ts`,
    'a secret goes in the clear to no public host',
    "url.protocol !== 'https:' && ",
    "url.protocol === 'ftp:' && ",
    REQUESTS,
  ],
  [
    'packages/database/src/writes/mcpServers.ts',
    'tools of a server that has moved are new until a person accepts them',
    'then m.accepted else ${KNOWN_UNREAD} end',
    "then m.accepted else '[]'::jsonb end",
    REGISTRY,
  ],
  [
    `${AGENTS}/tools/reach.ts`,
    'a private address is read only where a person wrote it',
    'typedHosts.has(url.host) ? policy',
    'true ? policy',
    TOOLBOX,
  ],
  [
    `${AGENTS}/kinds/model/toolbox.ts`,
    "an agent's words are no person's",
    "isInstructionTyped ? instruction : ''",
    'instruction',
    TOOLBOX,
  ],
  [
    `${AGENTS}/tools/httpRequest.ts`,
    'a request goes to listed hosts alone',
    'if (isHostListed(url, hosts)) return url;',
    'return url;',
    REQUESTS,
  ],
  [
    `${AGENTS}/tools/httpRequest.ts`,
    'a secret goes to its own host alone',
    'if (!isHostListed(url, [secret.host]))',
    'if (false)',
    REQUESTS,
  ],
  [
    `${AGENTS}/tools/httpRequest.ts`,
    'a secret is not shown to the model',
    'isCut ? redactCut(whole, secrets) : redact(whole, secrets)',
    'whole',
    REQUESTS,
  ],
  [
    `${AGENTS}/tools/httpRequest.ts`,
    'no part of a secret is shown where an answer is cut',
    'isCut ? redactCut(whole, secrets)',
    'isCut ? redact(whole, secrets)',
    REQUESTS,
  ],
  [
    `${AGENTS}/tools/httpRequest.ts`,
    'a request that was not answered may have happened',
    'error instanceof UnansweredError && method',
    'false && method',
    MISBEHAVING,
  ],
  [
    `${AGENTS}/steps/toolSteps.ts`,
    'a call of a tool has a time limit',
    'time.abort(new UnansweredCallError(tooLong(msMax)))',
    'undefined',
    MISBEHAVING,
  ],
  [
    `${AGENTS}/steps/toolSteps.ts`,
    'a call that was not answered is unknown',
    'error instanceof UnansweredCallError && !readOnly',
    'false && !readOnly',
    MISBEHAVING,
  ],
  [
    `${AGENTS}/mcp/connection.ts`,
    'the schemas of results are not compiled',
    "toolDefinition: { name, inputSchema: { ...inputSchema, type: 'object' } },",
    '',
    MISBEHAVING,
  ],
  [
    `${AGENTS}/mcp/programTransport.ts`,
    'a program is ended with all that it has started',
    'await endGroup(this.started, GRACE_MS);',
    'child.kill();',
    MISBEHAVING,
  ],
  [
    `${AGENTS}/mcp/programTransport.ts`,
    'a program that floods is ended',
    'if (this.bytes > bytesMax) flooded();',
    '',
    MISBEHAVING,
  ],
  [
    `${AGENTS}/mcp/mcpTools.ts`,
    'after a call that went wrong another connection is opened',
    'this.disconnect();\n      throw',
    'throw',
    MISBEHAVING,
  ],
  [
    `${AGENTS}/tools/httpRequest.ts`,
    'a request follows no redirect',
    'redirectsMax: 0',
    'redirectsMax: 5',
    REQUESTS,
  ],
  [
    `${AGENTS}/mcp/mcpTools.ts`,
    'a changed tool asks',
    "policy === 'allow' && state !== 'accepted' ? 'ask' : policy",
    'policy',
    SERVERS,
  ],
  [
    `${AGENTS}/mcp/mcpTools.ts`,
    'a server that has changed its tools is not called',
    'if (changed.length === 0) return connection;',
    'return connection;',
    SERVERS,
  ],
  [
    `${AGENTS}/mcp/connection.ts`,
    'a call carries its key',
    '[OCCURRENCE_META]: call.occurrence',
    '',
    SERVERS,
  ],
  [
    'src/server/services/mcpServers/McpServerService.ts',
    'another origin is not sent the stored headers',
    "unmaskFields({ url, headers }, stored, { secretFields: HEADERS, addressField: 'url' })",
    'unmaskFields({ url, headers }, stored, { secretFields: HEADERS, addressField: null })',
    REGISTRY,
  ],
  [
    'src/server/services/mcpServers/McpServerService.ts',
    'only the tools of the first check are accepted by themselves',
    'isAccepted: isFirst && tools !== null',
    'isAccepted: tools !== null',
    REGISTRY,
  ],
  [
    'src/server/services/mcpServers/McpServerService.ts',
    'the check of a server that never answers ends',
    'withTimeout(clock, CHECK_MS_MAX,',
    'withTimeout(clock, Number.POSITIVE_INFINITY,',
    REGISTRY,
  ],
  [
    'packages/database/src/writes/mcpServers.ts',
    'what the person has not read is not accepted',
    ' and m.checked_at = $3::timestamptz',
    '',
    REGISTRY,
  ],
];

/** Guards whose removal no test notices, because another guard holds the same rule. */
const HELD_TWICE: Record<string, string> = {
  'the check of a server that never answers ends':
    'the connection itself, which waits 15 s at most for each answer of a check',
  'the schemas of results are not compiled':
    '`listedTools`, which leaves the list of tools, and so their schemas, out of the client',
};

export const TOOL_GUARDS: readonly Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `tools: ${name}`,
  file,
  find,
  replace,
  checks,
  heldBy: HELD_TWICE[name],
}));
