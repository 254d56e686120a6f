import type { ChildProcess } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Waits for a child that does our work; whoever wants to stop us stops it. Resolves with its exit code; a signal that
 * ended it counts as 1. Rejects when it cannot be started.
 */
export async function passSignalsTo(child: ChildProcess): Promise<number> {
  const passOn = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, passOn);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
  } finally {
    for (const signal of SIGNALS) process.off(signal, passOn);
  }
}
