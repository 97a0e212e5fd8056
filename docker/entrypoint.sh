#!/bin/sh
# Starts one command of nrm in a container: serve, worker, migrate, receive, or any other.
#
# A secret may come in a file: the path of the file in NAME_FILE stands for its content in NAME. Before anything is
# served or sent, the database is waited for until it answers and has the newest shape, at most NRM_WAIT_SECONDS.
set -eu

for name in NRM_DATABASE_URL NRM_KEYRING NRM_LOOKUP_KEY PGPASSWORD; do
    eval "file=\${${name}_FILE:-}"
    if [ -n "$file" ]; then
        content=$(cat "$file")
        export "$name=$content"
        unset "${name}_FILE" content
    fi
done

cd "$(dirname "$(readlink -f "$0")")/.."
patience=${NRM_WAIT_SECONDS:-60}

case "${1:-}" in
    serve | worker)
        python -m service migrate --check --wait "$patience"
        ;;
    migrate)
        shift
        set -- migrate --wait "$patience" "$@"
        ;;
esac

# In the place of this script, so that a signal to the container reaches the command itself.
exec python -m service "$@"
