#!/usr/bin/env python3
"""Plants secrets wherever the program takes them, has it mint, refuse, fail, keep keys and serve them,
and then looks for the secrets in every file of the audit log, in what it keeps at home, and in all
that it printed.

    canary.py BINARY

A secret is looked for as it is, in hex and in base64 (either alphabet, at any offset), and by its
parts, so that a cut one is found too. A minted token may stand on the stdout of its command, alone."""

import base64
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import re
import secrets
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time

from files import ENVIRONMENT, Wrong, demand, verdict

DEADLINE = 60
PART = 20


def forms(secret):
    """The bytes that would give it away."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for encode in [base64.b64encode, base64.urlsafe_b64encode]:
        for offset in range(3):
            # The first and the last group also depend on what is around it.
            yield encode(bytes(offset) + secret)[4 if offset else 0:].rstrip(b"=")[:-3]


class Canaries:
    def __init__(self):
        self.names = {}

    def plant(self, name, secret):
        secret = secret if isinstance(secret, bytes) else secret.encode()
        demand(len(secret) >= PART, f"the canary {name} is too short to be told from chance")
        parts = [secret[at:at + PART] for at in range(0, len(secret) - PART + 1, PART)]
        for part in [*parts, secret[-PART:]]:
            for form in forms(part):
                self.names.setdefault(form, name)
        return secret.decode("latin-1")

    def word(self, name):
        return self.plant(name, f"canary{secrets.token_hex(16)}")

    def plant_token(self, name, token):
        """The claims of a token may be told; the whole of it and its signature may not."""
        signature = token.rsplit(".", 1)[1]
        self.plant(f"the signature of {name}", signature)
        self.plant(f"the signature of {name}", base64.urlsafe_b64decode(signature + "=="))
        self.plant(name, token)
        return token

    def plant_pem(self, name, pem):
        """An Ed25519 key has its secret in the last 32 bytes; of an encrypted one all is planted."""
        body = base64.b64decode("".join(line for line in pem.splitlines() if not line.startswith("-")))
        self.plant(name, body[-32:])

    def found_in(self, content):
        return sorted({name for form, name in self.names.items() if form in content})


class Issuer(http.server.BaseHTTPRequestHandler):
    """A token endpoint that answers what `server.says`."""

    def log_message(self, *_):
        pass

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.answer(200, {"issuer": url, "token_endpoint": f"{url}/token"})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        self.answer(*self.server.says)


class Test:
    def __init__(self, binary, folder):
        self.binary = binary
        self.folder = folder
        self.canaries = Canaries()
        self.printed = []
        self.environment = {**ENVIRONMENT, "HOME": str(folder / "home")}
        for name in ["XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"]:
            self.environment.pop(name, None)
        for name in ["home", "audit"]:
            (folder / name).mkdir(mode=0o700)
        self.log = folder / "audit" / "audit.jsonl"

    def file(self, name, content):
        path = self.folder / name
        path.write_text(content)
        path.chmod(0o600)
        return str(path)

    def run(self, words, status, given="", may_print=False, config="mcpauth.toml", **variables):
        """Runs it three times: plainly, with --verbose and with --json. The stdout of the first."""
        first = None
        for more in [[], ["--verbose"], ["--json"]]:
            done = subprocess.run([self.binary, "-C", config, *more, *words], input=given.encode(), capture_output=True,
                                  cwd=self.folder, env={**self.environment, **variables}, timeout=DEADLINE)
            shown = f"{' '.join(more + words)[:200]}"
            expected = done.returncode != 0 if status is None else done.returncode == status
            demand(expected or first is not None, f"{shown}: exit {done.returncode}, not {status}: {done.stderr.decode()}")
            self.printed.append((f"stderr of {shown}", done.stderr))
            output = done.stdout
            if may_print and done.returncode == 0:
                token = re.search(rb"[\w-]+\.[\w-]+\.[\w-]+", output)[0]
                output = output.replace(token, b"")
                self.canaries.plant_token("a minted token", token.decode())
            self.printed.append((f"stdout of {shown}", output))
            self.plant_ring()
            first = first if first is not None else done.stdout.decode()
        return first

    def plant_ring(self):
        for path in self.folder.glob("keys/*.pem"):
            self.canaries.plant_pem("a key of the ring", path.read_text())

    @contextlib.contextmanager
    def server(self, words, ready):
        """A command that runs until it is told to end; gives its process and its first line."""
        errors = self.folder / f"stderr-{words[0]}-{words[1]}"
        with errors.open("wb") as stderr:
            process = subprocess.Popen([self.binary, "-C", "mcpauth.toml", *words], stdin=subprocess.DEVNULL,
                                       stdout=subprocess.PIPE, stderr=stderr, cwd=self.folder, env=self.environment)
        try:
            demand(select.select([process.stdout], [], [], DEADLINE)[0], f"{ready}: nothing after {DEADLINE} s")
            line = process.stdout.readline()
            demand(line, f"{ready}: {errors.read_text()}")
            yield process, line.decode().strip(), errors
            process.send_signal(signal.SIGTERM)
            rest = process.stdout.read()
            status = process.wait(DEADLINE)
            demand(status == 0, f"{ready}: exit {status}: {errors.read_text()}")
            self.printed.append((f"stdout of {' '.join(words)}", line + rest))
            self.printed.append((f"stderr of {' '.join(words)}", errors.read_bytes()))
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            process.stdout.close()

    def prepare(self, issuer):
        self.file("rbac.toml", 'version = 1\n[tools]\n"hr/get_employee" = ["db:read:employee"]\n'
                  '"hr/set_salary" = ["db:write:salary"]\n[roles.reader]\nscopes = ["db:read:*"]\n'
                  '[[grant]]\nrole = "reader"\ngroups = ["company:HR"]\norg = "acme"\n')
        self.file("mcpauth.toml", '[issuer]\nurl = "https://auth.example.com"\nkeys = "keys"\n'
                  f'[[idp]]\nname = "company"\npreset = "generic"\nissuer = "{issuer}"\naudience = ["mcpauth"]\n'
                  'org_claim = "org_id"\ngroups_claim = "groups"\n[policy]\nfile = "rbac.toml"\n'
                  f'[audit]\nfile = "{self.log}"\nkey = "env:AUDIT_KEY"\n')
        make = [self.binary, "-C", "none", "keygen", "--alg", "EdDSA"]
        phrase = self.canaries.word("the passphrase")
        for more in [["-o", "audit.pem"], ["-o", "key.pem"], ["-o", "spare.pem"], ["--keys", "keys"],
                     ["--encrypt", "--passphrase", "env:PHRASE", "-o", "locked.pem"]]:
            done = subprocess.run([*make, *more], capture_output=True, cwd=self.folder,
                                  env={**self.environment, "PHRASE": phrase}, timeout=DEADLINE)
            demand(done.returncode == 0, done.stderr.decode())
            self.printed.append((f"stderr of keygen {' '.join(more)}", done.stderr))
            self.printed.append((f"stdout of keygen {' '.join(more)}", done.stdout))
        for name in ["audit", "key", "spare", "locked"]:
            self.canaries.plant_pem(f"{name}.pem", (self.folder / f"{name}.pem").read_text())
        self.plant_ring()
        self.environment["AUDIT_KEY"] = (self.folder / "audit.pem").read_text()
        return phrase

    def token(self, issuer, user, *more):
        done = subprocess.run([self.binary, "-C", "none", "dev", "token", user, "--issuer", issuer, *more],
                              capture_output=True, cwd=self.folder, env=self.environment, timeout=DEADLINE)
        demand(done.returncode == 0, done.stderr.decode())
        return self.canaries.plant_token(f"the token of {user}", done.stdout.decode().strip())

    def mints_from_claims(self, phrase):
        words = ["mint", "--subject", "alice", "--org", "acme", "--audience", "https://hr", "--issuer", "https://i.example",
                 "--scope", "db:read:employee"]
        self.run([*words, "--key", "key.pem"], 0, may_print=True)
        self.run([*words, "--key", "env:KEY"], 0, may_print=True, KEY=(self.folder / "key.pem").read_text())
        self.run([*words, "--key", "-"], 0, may_print=True, given=(self.folder / "key.pem").read_text())
        self.run([*words, "--key", "locked.pem", "--passphrase", "env:PHRASE"], 0, may_print=True, PHRASE=phrase)
        wrong = self.canaries.word("a wrong passphrase")
        self.run([*words, "--key", "locked.pem", "--passphrase", "env:PHRASE"], 3, PHRASE=wrong)
        self.run([*words, "--key", "env:KEY"], 3, KEY=self.canaries.word("a variable that holds no key"))
        pem = (self.folder / "key.pem").read_text()
        self.run([*words, "--key", pem], 2)
        self.run([*words, "--key", "env:KEY"], 3, KEY=pem.replace("MC4C", "MC4D"))
        self.run([*words, "--key", "env:KEY"], 3, KEY=pem[:-40])
        secret = self.canaries.word("a password in a URL")
        words[words.index("https://i.example")] = f"https://me:{secret}@i.example"
        self.run([*words, "--key", "key.pem"], 2)

    def mints_from_a_token(self, issuer):
        words = ["mint", "--audience", "https://hr"]
        alice = self.token(issuer, "alice")
        self.run([*words, "--subject-token", "-"], 0, given=alice, may_print=True)
        self.run([*words, "--subject-token", "env:ID_TOKEN", "--for-tool", "hr/get_employee"], 0, may_print=True, ID_TOKEN=alice)
        self.run([*words, "--subject-token", self.file("token", alice)], 0, may_print=True)
        self.run([*words, "--subject-token", "-", "--for-tool", "hr/set_salary"], 1, given=alice)
        self.run([*words, "--subject-token", "-"], 1, given=self.token(issuer, "nogroups"))
        self.run([*words, "--subject-token", "-", "--org", "beta"], 1, given=alice)
        self.run([*words, "--subject-token", alice], 2)
        self.run([*words, "--subject-token", "-"], 1, given=self.token(issuer, "alice", "--audience", "elsewhere"))
        header, payload, signature = alice.split(".")
        broken = signature[10:20] + signature[:10] + signature[20:]
        self.canaries.plant("the signature of a broken token", broken)
        self.run([*words, "--subject-token", "-"], 1, given=f"{header}.{payload}.{broken}")
        for given in [f"{header}.{payload}", f"{header}.{payload}.", f"{header}.{payload}.{signature}.{signature}",
                      f"{payload}.{payload}.{signature}", f"{header}.{header[5:]}.{signature}", f"{alice} {alice}",
                      alice[:-30] + "*" * 30, self.canaries.word("what is no token")]:
            self.run([*words, "--subject-token", "-"], None, given=given)
        self.run(["--now", str(int(time.time()) + 7200), *words, "--subject-token", "-"], 1, given=alice)
        self.run([*words, "--subject-token", "env:NOT_SET"], 3)

    def mints_elsewhere(self, issuer):
        """An issuer that repeats in its refusal what it was told must not bring it to the terminal."""
        secret = self.canaries.word("the client's secret")
        alice = self.token(issuer, "alice")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
        server.asked = 0
        url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            words = ["mint", "--from", url, "--audience", "https://hr", "--subject-token", "-", "--client-id", "me",
                     "--client-secret", "env:CLIENT_SECRET"]
            unsigned = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode()
                                for part in [b'{"alg":"EdDSA"}', b'{"sub":"alice"}', secrets.token_bytes(64)])
            server.says = 200, {"access_token": unsigned, "token_type": "Bearer", "expires_in": 600,
                                "issued_token_type": "urn:ietf:params:oauth:token-type:access_token"}
            self.run(words, 0, given=alice, may_print=True, CLIENT_SECRET=secret)
            repeated = {"error": "invalid_request", "error_description": f"{alice} of {secret}"}
            for says in [(400, {"error": "invalid_client"}), (400, repeated), (401, repeated), (500, {}), (200, {}),
                         (200, {"access_token": self.canaries.word("half an answer")})]:
                server.says = says
                self.run(words, None, given=alice, CLIENT_SECRET=secret)
            demand(server.asked >= 21, f"the issuer was asked {server.asked} times")
            words[2] = f"http://me:{secret}@127.0.0.1:{server.server_address[1]}"
            self.run(words, None, given=alice, CLIENT_SECRET=secret)
            words[2] = "http://127.0.0.1:1"
            self.run(words, None, given=alice, CLIENT_SECRET=secret)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def configures(self):
        """A secret in the place of a reference to one."""
        good = (self.folder / "mcpauth.toml").read_text()
        pem = (self.folder / "spare.pem").read_text()
        token = self.canaries.plant_token("a token as a reference", f"{'a' * 20}.{'b' * 20}.{secrets.token_urlsafe(32)}")
        for old, new in [('key = "env:AUDIT_KEY"', f"key = {json.dumps(pem)}"), ('key = "env:AUDIT_KEY"', f'key = "{token}"'),
                         ("[policy]", f'client_id = "me"\nclient_secret = {json.dumps(pem)}\n[policy]'),
                         ("[policy]", f'client_secret = {json.dumps(pem)[:-1]}\n[policy]')]:
            demand(old in good, f"{old} is not in the configuration")
            self.file("bad.toml", good.replace(old, new))
            self.run(["config", "check"], None, config="bad.toml")
            self.run(["config", "show"], None, config="bad.toml")
            self.run(["mint", "--audience", "https://hr", "--subject-token", "-"], None, given="x", config="bad.toml")
        self.run(["config", "check"], 0)
        self.run(["config", "show"], 0)

    def keeps_keys(self, phrase):
        words = ["--keys", "keys"]
        self.run(["keys", "add", *words], 0)
        self.run(["keys", "rotate", *words, "--force"], 0)
        for key, status in [("spare.pem", 0), ("locked.pem", 0)]:
            # There is one next key at most.
            self.run(["keys", "retire", *words, self.key_of("next")], 0)
            self.run(["keys", "add", *words, key, "--passphrase", "env:PHRASE"], status, PHRASE=phrase)
        self.run(["keys", "add", *words, "locked.pem", "--passphrase", "env:PHRASE"], None,
                 PHRASE=self.canaries.word("another wrong passphrase"))
        self.run(["keys", "add", *words, "env:KEY"], None, KEY=self.canaries.word("another variable that holds no key"))
        self.run(["keys", "retire", *words, self.key_of("active")], 0)
        self.run(["keys", "list", *words], 0)

    def key_of(self, state):
        """A key in that state; one is made where there is none."""
        ring = json.loads((self.folder / "keys" / "ring.json").read_text())
        found = [key["kid"] for key in ring["keys"] if key["state"] == state]
        if found:
            return found[0]
        self.run(["keys", "add", "--keys", "keys"], 0)
        return self.key_of(state)

    def serves(self):
        with self.server(["jwks", "serve", "--keys", "keys", "--listen", "127.0.0.1:0"], "jwks serve") as (process, url, errors):
            secret = self.canaries.word("what a client sent")
            host, port = re.match(r"http://([^:/]+):([0-9]+)/", url).groups()
            for path, headers in [("/.well-known/jwks.json", {}), (f"/.well-known/jwks.json?token={secret}", {}),
                                  (f"/{secret}", {}), ("/.well-known/jwks.json", {"Authorization": f"Bearer {secret}"})]:
                asking = http.client.HTTPConnection(host, int(port), timeout=DEADLINE)
                asking.request("GET", path, headers=headers)
                self.printed.append((f"the answer to GET {path}", asking.getresponse().read()))
                asking.close()
            self.run(["keys", "rotate", "--keys", "keys", "--force"], 0)
            self.wait_for_line(errors, "published")
            ring = self.folder / "keys" / "ring.json"
            good = ring.read_text()
            self.file("keys/ring.json", self.canaries.word("a ring that is broken"))
            process.send_signal(signal.SIGHUP)
            self.wait_for_line(errors, "the last good keys stay")
            self.file("keys/ring.json", good)
        for event in ["jwks.serve", "jwks.publish", "jwks.stop"]:
            demand(f'"event":"{event}"' in self.log.read_text(), f"there is no record of {event}")

    def wait_for_line(self, path, text):
        end = time.monotonic() + DEADLINE
        while text not in path.read_text():
            demand(time.monotonic() < end, f"`{text}` was not said: {path.read_text()}")
            time.sleep(0.02)

    def look(self):
        """The names that may be on record are, and no canary is anywhere."""
        records = self.log.read_text()
        for name in ['"sub":"alice"', '"org_id":"acme"', '"tool":"hr/get_employee"', '"event":"keys.add"',
                     '"event":"keys.rotate"', '"event":"keys.retire"', '"decision":"deny"']:
            demand(name in records, f"{name} is not on record")
        places = [(str(path), path.read_bytes()) for folder in ["audit", "home"]
                  for path in sorted((self.folder / folder).rglob("*")) if path.is_file()]
        wrong = [f"{where}: {', '.join(found)}" for where, content in [*places, *self.printed]
                 if (found := self.canaries.found_in(content))]
        demand(not wrong, "a secret was found in\n  " + "\n  ".join(wrong))
        print(f"{len(set(self.canaries.names.values()))} kinds of secrets in {len(self.canaries.names)} forms, "
              f"{len(records.splitlines())} records, {len(places)} files, {len(self.printed)} outputs: none is found")

    def all(self):
        with self.server(["dev", "idp", "--listen", "127.0.0.1:0"], "dev idp") as (_, issuer, _):
            phrase = self.prepare(issuer)
            self.mints_from_claims(phrase)
            self.mints_from_a_token(issuer)
            self.mints_elsewhere(issuer)
            self.configures()
            self.keeps_keys(phrase)
            self.serves()
            self.run(["--now", str(int(time.time()) + 7200), "keys", "rotate", "--keys", "keys"], 0)
            vkey = self.folder / "audit" / "audit.jsonl.vkey"
            demand(verdict(self.binary, str(self.log), str(vkey)) == "ok", "the log is not ok")
        self.look()


def check_the_search():
    """That nothing is found must mean something."""
    canaries = Canaries()
    secret = secrets.token_bytes(64)
    canaries.plant("it", secret)
    for around in range(4):
        for part in [secret, secret[:41], secret[20:]]:
            content = bytes(around) + part + b"after"
            for form in [content, content.hex().encode(), content.hex().upper().encode(), base64.b64encode(content),
                         base64.urlsafe_b64encode(content)]:
                demand(canaries.found_in(b"before " + form), "the search finds nothing")
    demand(not canaries.found_in(secrets.token_bytes(4096).hex().encode()), "the search finds what is not there")


def main():
    try:
        check_the_search()
        with tempfile.TemporaryDirectory(prefix="mcpauth-canary-") as folder:
            Test(os.path.abspath(sys.argv[1]), pathlib.Path(folder)).all()
    except Wrong as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
