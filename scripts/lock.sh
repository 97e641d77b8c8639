#!/usr/bin/env bash
# Write the two lock files anew from pyproject.toml: every package pinned, every file hashed.
set -eu -o pipefail
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"${PYTHON:-python3.11}" -m venv "$tools"
"$tools/bin/pip" install --quiet pip-tools==7.6.2
compile=("$tools/bin/pip-compile" --quiet --generate-hashes --strip-extras --no-header
         --no-emit-index-url --no-emit-find-links --annotation-style=line)
"${compile[@]}" "$@" --output-file requirements.lock pyproject.toml
"${compile[@]}" "$@" --allow-unsafe --extra test --constraint requirements.lock \
  --output-file requirements-test.lock pyproject.toml
