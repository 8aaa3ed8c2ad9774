#!/usr/bin/env bash
# cluster.sh PROGRAM: runs a chat on several nodes on this machine, for trying out: PostgreSQL, three nodes (Chat.Web) and nginx in front of
# them. Ctrl-C ends all of it. A node that ends by itself, or is killed, is started again after a while, as systemd would.
# Environment: PORT, the balancer's port; the nodes and PostgreSQL get the ports after it. NODES, how many nodes. DATA, a folder for the
# data, which is otherwise in a temporary folder and is deleted at the end, unless something failed. LOG_KIND=Memory leaves PostgreSQL
# out: the nodes then know nothing of each other.
set -euo pipefail
program=$(realpath "$1")
port=${PORT:-8000} count=${NODES:-3} kind=${LOG_KIND:-Postgres}
database_port=$((port + count + 1))
restart_after=5
declare -A node_of=()     # pid → number
declare -A due=()         # number → when it is started again
declare -A ready=()       # number → yes, once it has been ready
database='' password='' balancer='' folder='' temporary='' stopping=''

say() { echo "cluster: $*"; }
fail() { say "$*" >&2; exit 1; }

# PostgreSQL refuses to run as root.
unprivileged=()
[ "$(id -u)" -ne 0 ] || unprivileged=(setpriv --reuid=postgres --regid=postgres --init-groups --reset-env)

# Starts a program in a session of its own, where Ctrl-C does not reach it: things must stop in the right order. Its pid is in $!, because
# setsid and setpriv become the program.
start() {
  local output=$1
  shift
  setsid "$@" > "$output" 2>&1 < /dev/null &
  # Otherwise bash reports each one that is killed.
  disown
}

# Asks a process to end, waits for it, and kills it if it does not.
stop() {
  local signal=$1 pid=$2 i
  kill -s "$signal" "$pid" 2> /dev/null || true
  for ((i = 0; i < 150; i++)); do
    kill -0 "$pid" 2> /dev/null || break
    sleep 0.1
  done
  kill -s KILL "$pid" 2> /dev/null || true
}

# Nodes first, all at once, so that they can still tell the database that they leave.
stop_all() {
  local status=$? pid
  trap '' INT TERM HUP
  [ -z "$stopping" ] || return
  stopping=yes
  say "stopping …"
  [ -z "$balancer" ] || stop TERM "$balancer"
  for pid in "${!node_of[@]}"; do kill -s TERM "$pid" 2> /dev/null || true; done
  for pid in "${!node_of[@]}"; do stop TERM "$pid"; done
  # INT: end connections, write everything to disk.
  [ -z "$database" ] || stop INT "$database"
  if [ "$status" -ne 0 ]; then
    [ -z "$folder" ] || print_logs >&2
  elif [ -n "$temporary" ]; then
    rm -rf "$temporary"
  fi
  say "stopped"
  exit "$status"
}

# After a failure: the end of each log. The folder is kept, because the cause may stand further up.
print_logs() {
  local log
  for log in "$folder"/*.log; do
    [ -s "$log" ] || continue
    echo
    echo "The end of $log:"
    tail -n 10 "$log" | sed 's/^/  /'
  done
  echo
  say "all logs are in $folder${temporary:+. Delete it when you no longer need it.}"
}

# A secret.
random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

is_open() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

# The status of GET / or another path at a port of this machine; nothing if there is no answer.
status_of() {
  (
    exec 3<> "/dev/tcp/127.0.0.1/$1" || exit
    printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
    read -r -t 5 _ status _ <&3 && echo "$status"
  ) 2> /dev/null || true
}

# until_so SECONDS WHAT COMMAND…
until_so() {
  local limit=$1 what=$2 end
  shift 2
  end=$((SECONDS + limit))
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || fail "$what: not within $limit s"
    sleep 0.2
  done
}

start_database() {
  local programs data="$folder/database/data" new=''
  # Debian's folders are not in PATH. Use its newest version.
  programs=$(dirname "$( (command -v initdb; compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V) | tail -n 1)")
  if [ ! -e "$data/PG_VERSION" ]; then
    new=yes
    mkdir -p "$folder/database"
    random > "$folder/database/password"
    [ "$(id -u)" -ne 0 ] || chown -R postgres: "$folder/database"
    "${unprivileged[@]}" "$programs/initdb" -D "$data" -U postgres --auth=scram-sha-256 --pwfile="$folder/database/password" \
      -E UTF8 --locale=C > "$folder/initdb.log" 2>&1 || fail "initdb failed"
  fi
  password=$(cat "$folder/database/password")
  start "$folder/database.log" "${unprivileged[@]}" "$programs/postgres" -D "$data" -p "$database_port" -k "$folder/database" \
    -c listen_addresses=127.0.0.1 -c max_connections=100
  database=$!
  until_so 30 "PostgreSQL accepts connections" "$programs/pg_isready" -q -h 127.0.0.1 -p "$database_port"
  say "PostgreSQL is up"
  if [ -n "$new" ]; then
    PGPASSWORD=$password "$programs/psql" -X -q -h 127.0.0.1 -p "$database_port" -U postgres -v ON_ERROR_STOP=1 \
      -c "CREATE ROLE erlchat LOGIN PASSWORD '$password'" -c 'CREATE DATABASE erlchat OWNER erlchat'
  fi
}

start_node() {
  local number=$1 url
  url="http://127.0.0.1:$((port + number))"
  local settings=(--urls "$url" --Peer:Port=0 --Chat:TrustedProxies=127.0.0.1 --Logging:LogLevel:Default=Information)
  if [ "$kind" = Postgres ]; then
    # The environment hides the secrets from other users, unlike the command line.
    export Log__Connection="Host=127.0.0.1;Port=$database_port;Username=erlchat;Password=$password;Database=erlchat" Node__Cookie=$cookie
    settings+=("--Node:Name=node$number" "--Node:Address=$url")
  fi
  start "$folder/node$number.log" "$program" "--Log:Kind=$kind" "${settings[@]}"
  node_of[$!]=$number
}

# Whether all nodes are ready. Reports each one as it becomes ready.
are_ready() {
  local pid number all=yes
  for pid in "${!node_of[@]}"; do
    number=${node_of[$pid]}
    [ -z "${ready[$number]:-}" ] || continue
    kill -0 "$pid" 2> /dev/null || fail "node$number does not start"
    if [ "$(status_of $((port + number)) /readyz)" = 200 ]; then
      ready[$number]=yes
      say "node$number is ready"
    else
      all=''
    fi
  done
  [ -n "$all" ]
}

# The example of deploy/cluster, on this machine's ports.
start_balancer() {
  local number servers=''
  for ((number = 1; number <= count; number++)); do
    servers+="  server 127.0.0.1:$((port + number)) max_fails=1 fail_timeout=5s;\n"
  done
  {
    printf 'daemon off;\nmaster_process off;\npid %s/nginx.pid;\n' "$folder"
    printf 'events { worker_connections 4096; }\nhttp {\naccess_log off;\n'
    for path in client_body proxy fastcgi uwsgi scgi; do printf '%s_temp_path %s/%s;\n' "$path" "$folder" "$path"; done
    sed -e "/^  server node1/i @" -e "/^  server node/d" -e "s/listen 8000;/listen 127.0.0.1:$port;/" "$example" | sed "s|^@|$servers|"
    echo '}'
  } > "$folder/nginx.conf"
  start "$folder/nginx.log" "$nginx" -p "$folder" -c "$folder/nginx.conf" -e "$folder/nginx.log"
  balancer=$!
  until_so 10 "nginx answers" balancer_answers
  say "nginx is up"
}

balancer_answers() { [ "$(status_of "$port" /healthz)" = 200 ]; }

print_addresses() {
  local pid number
  cat <<TEXT

The chat is at http://localhost:$port (nginx, pid $balancer), which passes each request to another node.
TEXT
  for ((number = 1; number <= count; number++)); do
    for pid in "${!node_of[@]}"; do
      [ "${node_of[$pid]}" -ne "$number" ] || echo "  node$number is at http://localhost:$((port + number)), pid $pid"
    done
  done
  [ -z "$database" ] || echo "  PostgreSQL is at localhost:$database_port, pid $database"
  [ -z "$database" ] || echo "    PGPASSWORD=\$(cat $folder/database/password) psql -h 127.0.0.1 -p $database_port -U erlchat"
  cat <<TEXT
  Logs and data are in $folder.
Try: make terminal NICK=john SERVER=$addresses
     kill -9 PID of a node while you talk; it is started again after $restart_after s.
Ctrl-C ends everything.

TEXT
}

# Reports what ended, and starts nodes again.
watch_all() {
  local pid number
  while true; do
    sleep 0.5 &
    wait $! || true
    [ -z "$database" ] || kill -0 "$database" 2> /dev/null || fail "PostgreSQL ended"
    kill -0 "$balancer" 2> /dev/null || fail "nginx ended"
    for pid in "${!node_of[@]}"; do
      kill -0 "$pid" 2> /dev/null && continue
      number=${node_of[$pid]}
      unset "node_of[$pid]"
      due[$number]=$((SECONDS + restart_after))
      say "node$number (pid $pid) ended"
    done
    for number in "${!due[@]}"; do
      [ "$SECONDS" -ge "${due[$number]}" ] || continue
      unset "due[$number]"
      start_node "$number"
      say "node$number started again, pid $!"
    done
  done
}

example=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/../deploy/cluster/compose.nginx.conf
nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || fail "nginx is missing. Install with: sudo apt-get install nginx-light"
[ "$kind" != Postgres ] || command -v initdb > /dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null \
  || fail "PostgreSQL is missing. Install with: sudo apt-get install postgresql"
for ((i = 0; i <= count + 1; i++)); do
  ! is_open $((port + i)) || fail "port $((port + i)) is in use. Choose other ports with PORT=…"
done
trap stop_all EXIT
trap 'exit 0' INT TERM HUP
if [ -n "${DATA:-}" ]; then
  mkdir -p "$DATA"
  folder=$(realpath "$DATA")
else
  temporary=$(mktemp -d "${TMPDIR:-/tmp}/erlchat-cluster-XXXXXX")
  folder=$temporary
fi
# The user of PostgreSQL must get to its own folder inside.
chmod 711 "$folder"
umask 077
cookie=$(random)
addresses=''
for ((i = 1; i <= count; i++)); do addresses+="${addresses:+,}http://localhost:$((port + i))"; done

if [ "$kind" = Postgres ]; then
  say "starting PostgreSQL …"
  start_database
fi
say "starting $count nodes …"
for ((i = 1; i <= count; i++)); do start_node "$i"; done
# A slow or busy machine needs minutes.
until_so 180 "the nodes are ready" are_ready
start_balancer
print_addresses
watch_all
