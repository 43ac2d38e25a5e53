// Starts `hortus demo` on a free port and a new folder, and ends it after the last test.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const BINARY =
  process.env.HORTUS_BIN ?? join(import.meta.dirname, '../../target/debug/hortus');

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** Runs the binary with these words and waits until it is ready; answers its output and how to end it. */
export async function start(words: string[], port: number, environment: Record<string, string> = {}) {
  let output = '';
  const server = spawn(BINARY, words, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  server.stdout.on('data', (text) => (output += String(text)));
  server.stderr.on('data', (text) => (output += String(text)));
  const ended = new Promise<void>((resolve) => server.on('exit', () => resolve()));
  const patience = Date.now() + 120_000;
  for (;;) {
    const ready = await fetch(`http://localhost:${port}/readyz`).catch(() => null);
    if (ready?.ok) break;
    if (server.exitCode !== null || Date.now() > patience) {
      throw new Error(`the server did not become ready:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    output: () => output,
    async stop() {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

export default async function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'hortus-demo-'));
  const port = await freePort();
  const server = await start(
    ['demo', '--listen', `127.0.0.1:${port}`, '--data', folder],
    port,
    // Nothing is drawn for a second look while tests count what is at the desk.
    { HORTUS_QUALITY__LOOK_SECONDS: '86400' },
  );
  process.env.HORTUS_DEMO = `http://localhost:${port}`;
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
