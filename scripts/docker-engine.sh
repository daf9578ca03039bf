# For scripts/verify, which reads it in: an engine for the tests that need Docker. Where one answers already, that one
# is used; else one is started that keeps all it writes in a folder of its own.

engine_answers() { docker version >/dev/null 2>&1; }

# Where only root looks for programs.
engine_path=$PATH:/usr/sbin:/sbin

engine_is_here() {
  engine_answers || { command -v docker && PATH=$engine_path command -v dockerd && PATH=$engine_path command -v iptables; } >/dev/null
}

# Sets DOCKER_HOST when it starts one.
start_engine() {
  if engine_answers; then return; fi
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  # Not under TMPDIR: the path of a socket may have about 100 characters.
  engine_folder=$(mktemp -d /tmp/mesh-docker-XXXXXX)
  $as_root env PATH="$engine_path" dockerd \
    --data-root "$engine_folder/data" --exec-root "$engine_folder/exec" --pidfile "$engine_folder/pid" \
    --host "unix://$engine_folder/socket" --group "$(id -g)" >"$engine_folder/log" 2>&1 &
  engine=$!
  export DOCKER_HOST=unix://$engine_folder/socket
  until engine_answers; do
    [[ $(jobs -pr) == *$engine* ]] || {
      tail -n 20 "$engine_folder/log"
      return 1
    }
    sleep 0.2
  done
}

# Ends the engine that was started here, and its containers with it, and removes what it wrote.
stop_engine() {
  [ -n "${engine_folder:-}" ] || return 0
  $as_root kill "$engine" 2>/dev/null || true
  wait "$engine" || true
  $as_root rm -rf "$engine_folder"
  engine_folder=
}
