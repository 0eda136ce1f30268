#!/usr/bin/env python3
"""The hooks of .pre-commit-hooks.yaml, run by the real pre-commit in a scratch repository."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

GOOD = '''version = 1

[roles.hr]
scopes = ["hr:read"]

[[grant]]
role   = "hr"
groups = ["okta:HR"]
'''


class Repository:
    def __init__(self, path, environment):
        self.path = path
        self.environment = environment
        path.mkdir()
        self.run("git", "init", "-q")

    def run(self, *words):
        return subprocess.run(words, cwd=self.path, env=self.environment, capture_output=True,
                              text=True, timeout=300, stdin=subprocess.DEVNULL)

    def commit(self, name, text):
        (self.path / name).write_text(text)
        for words in (("git", "add", "-A"), ("git", "commit", "-q", "--no-verify", "-m", name)):
            done = self.run(*words)
            if done.returncode != 0:
                sys.exit(f"{words}: {done.stderr}")
        return self.run("git", "rev-parse", "HEAD").stdout.strip()


def expect(done, passed, what):
    print(f"$ pre-commit: {what}\n{done.stdout}{done.stderr}")
    if (done.returncode == 0) != passed:
        sys.exit(f"failed: {what}: status {done.returncode}")


def main():
    for program in ("pre-commit", "git"):
        if shutil.which(program) is None:
            print(f"skipped: {program} is not here")
            return 77
    binary = pathlib.Path(sys.argv[1]).resolve()
    source = pathlib.Path(__file__).resolve().parent.parent.parent
    with tempfile.TemporaryDirectory(prefix="mcpauth-hooks-") as scratch:
        scratch = pathlib.Path(scratch)
        (scratch / "bin").mkdir()
        (scratch / "bin" / "mcpauth").symlink_to(binary)
        who = {f"GIT_{role}_{part}": "a@example.com" for role in ("AUTHOR", "COMMITTER")
               for part in ("NAME", "EMAIL")}
        environment = {"HOME": str(scratch), "PRE_COMMIT_HOME": str(scratch / "cache"),
                       "PATH": f"{scratch}/bin:{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
                       "GIT_CONFIG_NOSYSTEM": "1", **who}
        hooks = Repository(scratch / "hooks", environment)
        revision = hooks.commit(".pre-commit-hooks.yaml",
                                (source / ".pre-commit-hooks.yaml").read_text())
        policy = Repository(scratch / "policy", environment)
        policy.commit(".pre-commit-config.yaml",
                      f"repos:\n  - repo: {hooks.path}\n    rev: {revision}\n    hooks:\n"
                      "      - id: mcpauth-rbac-fmt\n      - id: mcpauth-rbac-lint\n")
        policy.commit("rbac.toml", GOOD)
        policy.commit("notes.toml", "not = 'a policy'\n")
        run = ("pre-commit", "run", "--all-files", "--verbose")

        expect(policy.run(*run), True, "a good policy passes, and no other file is looked at")
        policy.commit("rbac.toml", GOOD.replace("okta:HR", "okta:H\\u200BR"))
        done = policy.run(*run)
        expect(done, False, "a hidden character fails")
        if "bidi-or-invisible" not in done.stdout:
            sys.exit("failed: the finding is not shown")
        policy.commit("rbac.toml", GOOD.replace("role   =", "role="))
        expect(policy.run(*run), False, "an unformatted policy is formatted, which fails")
        if (policy.path / "rbac.toml").read_text() != GOOD:
            sys.exit("failed: the policy was not formatted")
        policy.commit("rbac.toml", GOOD)
        expect(policy.run(*run), True, "and passes then")
    print("ok")
    return 0


if __name__ == "__main__":
    sys.exit(main())
