# To be sourced from the root of the project: puts a node before others that can build the faces.
# Vite 8 needs 20.19, 22.12 or newer, Debian 12 has 18; npm has newer ones as packages, which are
# programs without anything to run when they are installed. Fails when there is none.
WEB_NODE_VERSION=22.23.3

is_web_node() { # command
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)' 2>/dev/null
}

use_web_node() {
  local machine package
  ! is_web_node node || return 0
  case "$(uname -m)" in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *)
      echo "web_node: node 20.19 or newer is needed, and npm has none for $(uname -m)" >&2
      return 1
      ;;
  esac
  package=node-linux-$machine
  if ! is_web_node "build/node/node_modules/$package/bin/node"; then
    npm install --prefix build/node --ignore-scripts --no-audit --no-fund --no-save --silent \
      "$package@$WEB_NODE_VERSION" || return 1
  fi
  export PATH="$PWD/build/node/node_modules/$package/bin:$PATH"
  is_web_node node
}

use_web_node
