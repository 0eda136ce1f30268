// What `rbac lint` writes for other programs is what they read: SARIF by its schema, the code quality
// report of GitLab by its documented form, XML by an XML parser, lines by the problem matcher.
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
