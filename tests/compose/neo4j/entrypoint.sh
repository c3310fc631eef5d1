#!/usr/bin/env bash
# Starts Neo4j with what the official image's environment says: NEO4J_AUTH=neo4j/PASSWORD, and NEO4J_a_b__c = the setting a.b_c.
set -euo pipefail

home=/var/lib/neo4j
class_path="$home/lib/*"
export NEO4J_HOME=$home NEO4J_CONF=$home/conf
auth=${NEO4J_AUTH:-}
password=${auth#neo4j/}
if [ -z "$password" ] || [ "$password" = "$auth" ]; then
  echo 'NEO4J_AUTH=neo4j/PASSWORD is missing' >&2
  exit 1
fi

settings() {
  printf '%s\n' server.default_listen_address=0.0.0.0 server.directories.data=/data server.directories.logs=/logs \
    server.http.enabled=false server.bolt.enabled=true
  local name setting
  for name in $(compgen -e NEO4J_); do
    case $name in NEO4J_AUTH | NEO4J_HOME | NEO4J_CONF) continue ;; esac
    setting=${name#NEO4J_}
    setting=${setting//__/%}
    setting=${setting//_/.}
    printf '%s=%s\n' "${setting//%/_}" "${!name}"
  done
}
settings >"$NEO4J_CONF/neo4j.conf"

if [ ! -d /data/databases ]; then
  /opt/jre/bin/java -Xmx256m -cp "$class_path" org.neo4j.cli.AdminTool dbms set-initial-password "$password"
fi
exec /opt/jre/bin/java "-Xmx${NEO4J_server_memory_heap_max__size:-512M}" \
  --add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
  -cp "$class_path" org.neo4j.server.CommunityEntryPoint --home-dir="$home" --config-dir="$NEO4J_CONF" --console-mode
