#!/bin/sh
# Write a dump of the database into FOLDER now and every night from three o'clock. PGHOST, PGUSER and so on say which database.
# A dump has its name, the day on which its night began, once it is whole and can be read; those older than KEEP_DAYS go.
set -eu
umask 077

dump() {
    pg_dump --format=custom --file="$1.part" && pg_restore --list "$1.part" > /dev/null && mv "$1.part" "$1" && echo "written: $1"
}

while true; do
    newest="$FOLDER/$(date -d '3 hours ago' +%F).dump"
    if [ ! -e "$newest" ]; then
        dump "$newest" && find "$FOLDER" -name '*.dump' -mtime +"$KEEP_DAYS" -delete
        rm -f "$FOLDER"/*.part  # a new file that is no backup would pass for one
    fi
    sleep 600 & wait $!
done
