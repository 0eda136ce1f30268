// What `rbac lint` writes for other programs is what they read: SARIF by its schema, the code quality
// report of GitLab by its documented form, XML by an XML parser, lines by the problem matcher. And
// the page of `audit report` is what a browser shows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import Ajv from 'ajv';
import { file, folder, mcpauth, python, pythonHas, run } from './support.mjs';

const require = createRequire(import.meta.url);
const examples = fileURLToPath(new URL('../../examples', import.meta.url));

const ajv = new Ajv({ schemaId: 'auto', allErrors: true });
ajv.addMetaSchema(require('ajv/lib/refs/json-schema-draft-04.json'));
const isSarif = ajv.compile(require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'));
const isCodeQuality = ajv.compile({
  type: 'array',
  items: {
    type: 'object',
    required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
    properties: {
      description: { type: 'string', minLength: 1 },
      check_name: { type: 'string', minLength: 1 },
      fingerprint: { type: 'string', pattern: '^[0-9a-f]{32}$' },
      severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
      location: {
        type: 'object',
        required: ['path', 'lines'],
        properties: {
          path: { type: 'string', pattern: '^(?!\\./|/)' },
          lines: { type: 'object', required: ['begin'], properties: { begin: { type: 'integer', minimum: 1 } } },
        },
      },
    },
  },
});

const inputs = ['--tools', `${examples}/ci/tools.json`, '--groups', `${examples}/ci/groups.txt`,
                '--now', '2027-01-01', '--persona', 'pedantic', '--exit-zero'];

/** Every rule's bad example in a file of its own, and one with hostile names. */
const policies = JSON.parse(mcpauth(['rbac', 'lint', '--list-rules', '--json'], { status: 0 }).stdout).rules
  .map(({ name, bad }) => [`${name}.toml`, bad]);
policies.push(['hostile ü&<>.toml', 'version = 1\n[roles."<script>&\'\\u0001\\u202E]]>[a](http://x)"]\ninherits = ["%0A::error::x"]\n']);
for (const [name, text] of policies) file(name, text);

function report(format, name) {
  return mcpauth(['rbac', 'lint', name, '--format', format, ...inputs], { status: 0 }).stdout;
}

test('SARIF keeps to its schema, for every rule', () => {
  const seen = new Set();
  for (const [name] of policies) {
    const log = JSON.parse(report('sarif', name));
    assert.ok(isSarif(log), `${name}: ${JSON.stringify(isSarif.errors, null, 1)}`);
    const [{ results, tool, columnKind }] = log.runs;
    assert.equal(columnKind, 'unicodeCodePoints');
    for (const { ruleId, ruleIndex } of results) {
      assert.equal(tool.driver.rules[ruleIndex].id, ruleId);
      seen.add(ruleId);
    }
  }
  assert.ok(seen.size > 30, `only ${seen.size} rules found something`);
});

test('the code quality report has the form that GitLab documents', () => {
  for (const [name] of policies) {
    const issues = JSON.parse(report('gitlab', name));
    assert.ok(isCodeQuality(issues), `${name}: ${JSON.stringify(isCodeQuality.errors, null, 1)}`);
    assert.equal(new Set(issues.map(issue => issue.fingerprint)).size, issues.length);
  }
});

test('JUnit and Checkstyle are XML', t => {
  if (!pythonHas('xml.dom.minidom')) return t.skip('there is no python3');
  const parse = 'import sys, xml.dom.minidom; print(xml.dom.minidom.parse(sys.stdin.buffer).documentElement.tagName)';
  for (const [format, root] of [['junit', 'testsuites'], ['checkstyle', 'checkstyle']]) {
    for (const [name] of policies.slice(-3)) {
      const parsed = run(python, ['-c', parse], { input: report(format, name) });
      assert.equal(parsed.stdout, `${root}\n`, parsed.stderr);
    }
  }
});

test('no name of a stranger becomes a workflow command', () => {
  for (const [name] of policies) {
    for (const line of report('github', name).split('\n').filter(line => line !== '')) {
      assert.match(line, /^::(error|warning|notice) [^:]*::[^\r]*$/);
    }
  }
});

test('the problem matcher reads every line of the concise format', () => {
  const { problemMatcher } = JSON.parse(readFileSync(`${examples}/ci/mcpauth-problem-matcher.json`, 'utf8'));
  const patterns = problemMatcher.map(matcher => new RegExp(matcher.pattern[0].regexp));
  let lines = 0;
  for (const [name] of policies) {
    for (const line of report('concise', name).split('\n').filter(line => line !== '')) {
      ++lines;
      assert.equal(patterns.filter(pattern => pattern.test(line)).length, 1, line);
    }
  }
  assert.ok(lines > 30);
});

test('several formats in one run, and a lock that tells what came under a pattern', () => {
  file('rbac.toml', 'version = 1\n[tools]\n"hr/*" = ["hr:use"]\n[roles.hr]\nscopes = ["hr:use"]\n[[grant]]\nrole = "hr"\ngroups = ["okta:HR"]\n');
  mcpauth(['rbac', 'lint', 'rbac.toml', '--format', 'text', '--format', 'sarif:out.sarif', '--format', 'junit:out.xml', '--exit-zero'], { status: 0 });
  assert.ok(isSarif(JSON.parse(readFileSync(`${folder}/out.sarif`, 'utf8'))));
  assert.match(readFileSync(`${folder}/out.xml`, 'utf8'), /^<\?xml/);

  file('one.json', '{"tools": [{"name": "get"}]}');
  file('two.json', '{"tools": [{"name": "get"}, {"name": "set"}]}');
  assert.equal(mcpauth(['rbac', 'lock', '--tools', 'hr=one.json'], { status: 0 }).stdout, '+ hr/get  (hr/*)\n');
  mcpauth(['rbac', 'lock', '--tools', 'hr=one.json', '--check'], { status: 0 });
  assert.equal(mcpauth(['rbac', 'lock', '--tools', 'hr=two.json', '--check'], { status: 1 }).stdout, '+ hr/set  (hr/*)\n');
});

/** A browser, or null with the reason where it cannot be had. */
async function browser(t) {
  try {
    const [{ default: chromium }, { default: puppeteer }] = await Promise.all([import('@sparticuz/chromium'), import('puppeteer-core')]);
    return await puppeteer.launch({ args: chromium.args, executablePath: await chromium.executablePath(), headless: 'shell' });
  } catch (error) {
    t.skip(`there is no browser: ${error.message.split('\n')[0]}`);
    return null;
  }
}

const hostile = '</script><img src=x onerror=alert(1)>\u202Etxt';

/** A log as mcpauth writes it, with one stranger's names in it. */
function auditLog() {
  const lines = [];
  const add = record => lines.push(JSON.stringify({
    seq: lines.length, ts: new Date(Date.UTC(2027, 0, 11, 0, lines.length * 7)).toISOString().replace('.000', ''),
    id: `e${lines.length}`, request_id: 'r', event: 'mint', phase: 'outcome', org_id: 'acme', sub: 'alice', idp: 'okta',
    client_id: null, server: null, tool: null, scopes: [], decision: 'allow', reason: 'granted', policy: null, jti: null,
    status: null, latency_us: null, ...record }) + '\n');
  for (let i = 0; i < 300; ++i) {
    const denied = i % 10 === 0;
    add({ tool: `hr/tool${i % 4}`, decision: denied ? 'deny' : 'allow', reason: denied ? 'no-grant' : 'granted', latency_us: 50 + i * i });
  }
  for (let i = 0; i < 9; ++i) add({ sub: hostile, org_id: hostile, tool: hostile, decision: 'deny', reason: 'no-role' });
  add({ phase: 'intent', tool: 'hr/lost' });
  return lines.join('');
}

test('the audit report asks for nothing, shows the figures, and keeps hostile text text', async t => {
  const log = file('audit.log', auditLog());
  mcpauth(['audit', 'report', log, '--title', hostile, '-o', 'report.html'], { status: 0 });
  const opened = await browser(t);
  if (opened === null) return;
  try {
    const page = await opened.newPage();
    const complaints = [];
    const requests = [];
    page.on('console', message => complaints.push(message.text()));
    page.on('pageerror', error => complaints.push(String(error)));
    page.on('dialog', dialog => { complaints.push(`dialog: ${dialog.message()}`); return dialog.dismiss(); });
    page.on('request', request => requests.push(request.url()));
    const address = `file://${folder}/report.html`;
    const contrasts = [];
    for (const value of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      await page.goto(address);
      if (process.env.MCPAUTH_SCREENSHOTS) await page.screenshot({ path: `${process.env.MCPAUTH_SCREENSHOTS}/report-${value}.png`, fullPage: true });
      contrasts.push(...await page.evaluate(() => {
        const style = getComputedStyle(document.documentElement);
        const light = name => {
          const hex = style.getPropertyValue(name).trim().slice(1).replace(/^(.)(.)(.)$/, '$1$1$2$2$3$3');
          const [r, g, b] = [0, 2, 4].map(at => parseInt(hex.slice(at, at + 2), 16) / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ratio = (a, b) => { const [low, high] = [light(a), light(b)].sort((x, y) => x - y); return (high + 0.05) / (low + 0.05); };
        return [['--ink', 4.5], ['--quiet', 4.5], ['--link', 4.5], ['--allow', 3], ['--deny', 3], ['--error', 3], ['--other', 3], ['--line', 3]]
          .flatMap(([name, least]) => ['--paper', '--card'].map(under => ({ name, under, least, ratio: ratio(name, under) })));
      }));
    }
    assert.deepEqual(requests, [address, address]);
    for (const { name, under, least, ratio } of contrasts) assert.ok(ratio >= least, `${name} on ${under}: ${ratio}`);

    const seen = await page.evaluate(() => ({
      title: document.title,
      heading: document.querySelector('h1').textContent,
      headings: [...document.querySelectorAll('h1,h2,h3')].map(node => Number(node.tagName[1])),
      foreign: document.querySelectorAll('img,script,iframe,object,embed,link,form').length,
      figures: [...document.querySelectorAll('.figures li')].map(node => node.innerText.replace(/\s+/g, ' ')),
      drawings: [...document.querySelectorAll('svg[role=img]')].map(svg => ({
        named: svg.getAttribute('aria-labelledby').split(' ').every(id => document.getElementById(id)?.textContent),
        size: svg.getBoundingClientRect().height,
        table: svg.closest('figure').querySelector('details table tbody').rows.length,
      })),
      ids: [...document.querySelectorAll('[id]')].map(node => node.id),
      text: document.body.textContent,
      wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }));
    const shown = hostile.replace('\u202E', '\\u{202e}');
    assert.equal(seen.title, shown);
    assert.equal(seen.heading, shown);
    assert.equal(seen.headings[0], 1);
    assert.ok(seen.headings.slice(1).every(level => level === 2));
    assert.equal(seen.foreign, 0);
    assert.ok(seen.text.includes(shown) && !seen.text.includes('\u202E'));
    assert.equal(seen.figures[0], '309 decisions');
    assert.ok(seen.figures.includes('39 denied (13 %)'), seen.figures.join());
    assert.ok(seen.figures.includes('1 pending intent'), seen.figures.join());
    assert.equal(seen.drawings.length, 5);
    for (const { named, size, table } of seen.drawings) assert.ok(named && size > 40 && table > 0);
    assert.equal(new Set(seen.ids).size, seen.ids.length);
    assert.ok(seen.wider <= 0);

    await page.setViewport({ width: 360, height: 700 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'it fits a phone');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    await page.focus('summary');
    await page.keyboard.press('Enter');
    assert.ok(await page.evaluate(() => document.querySelector('details').open), 'a table opens by keyboard');
    assert.deepEqual(complaints, []);
  } finally {
    await opened.close();
  }
});
