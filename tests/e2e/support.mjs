// What the end-to-end tests share: running the real binary, servers on free ports, and an end to
// every process that a test started, by its id.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

export const binary = process.env.MCPAUTH_BIN ?? 'mcpauth';

/** A folder of its own for this test file; gone afterwards. */
export const folder = mkdtempSync(join(tmpdir(), 'mcpauth-e2e-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file that only we can read, and gives its path. */
export function file(name, content) {
  const path = join(folder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

// Nothing of the caller's environment that could change what mcpauth does.
const environment = { PATH: process.env.PATH, HOME: folder, LANG: 'C.UTF-8' };

/** Runs a program to its end. */
export function run(command, args, { input = '', env = {} } = {}) {
  const done = spawnSync(command, args, { input, encoding: 'utf8', cwd: folder, timeout: 30_000,
                                          maxBuffer: 1 << 28, env: { ...environment, ...env } });
  if (done.error) throw done.error;
  return { status: done.status, stdout: done.stdout, stderr: done.stderr };
}

/** Runs mcpauth; with `status` given, anything else is an error that shows what it said. */
export function mcpauth(args, options = {}) {
  const done = run(binary, args, options);
  if (options.status !== undefined && done.status !== options.status) {
    throw new Error(`mcpauth ${args.join(' ')}: status ${done.status}, not ${options.status}\n${done.stdout}${done.stderr}`);
  }
  return done;
}

const children = [];
after(async () => {
  for (const child of children) {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
    }
  }
});

/** Starts a server and waits for a line of its output; resolves to { child, line }. */
export function start(command, args, { until = /./, env = {} } = {}) {
  const child = spawn(command, args, { cwd: folder, env: { ...environment, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    let seen = '';
    const timer = setTimeout(() => reject(new Error(`${command}: not ready; it said: ${seen}`)), 15_000);
    const look = data => {
      seen += data;
      const line = seen.split('\n').slice(0, -1).find(text => until.test(text));
      if (line !== undefined) { clearTimeout(timer); resolve({ child, line }); }
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('error', reject);
    child.on('exit', code => { clearTimeout(timer); reject(new Error(`${command} ended with ${code}: ${seen}`)); });
  });
}

/** A port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => resolve(port)); });
  });
}

/** Asks until the answer satisfies, or fails after some seconds. */
export async function eventually(ask, seconds = 10) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    let last;
    try { const value = await ask(); if (value) return value; } catch (error) { last = error; }
    if (Date.now() > end) throw last ?? new Error('it did not happen in time');
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** Debian's Python, whose packages are Debian's; null with the reason where something is missing. */
export const python = '/usr/bin/python3';
export function pythonHas(module) {
  return existsSync(python) && spawnSync(python, ['-c', `import ${module}`]).status === 0;
}
export function has(program) {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}
