#!/bin/sh
# Make what ends in .in with the settings put in, then become the command that the words are: `start.sh alertmanager …`.
set -eu
export MADE="${MADE:-/tmp/alertmanager}" DUTY_EMAIL_DOMAIN="${DUTY_EMAIL#*@}"
umask 077
mkdir -p "$MADE"
printf %s "$ALERTS_TOKEN" > "$MADE/alerts-token"
printf %s "$SMTP_PASSWORD" > "$MADE/smtp-password"
for file in "$(dirname "$0")"/*.in; do
    awk '
        match($0, / # if [A-Z_]+$/) {
            setting = ENVIRON[substr($0, RSTART + 6)]
            if (setting == "" || setting == "false") next
            $0 = substr($0, 1, RSTART - 1)
        }
        {
            made = ""
            while (match($0, /\$\{[A-Z_]+\}/)) {
                made = made substr($0, 1, RSTART - 1) ENVIRON[substr($0, RSTART + 2, RLENGTH - 3)]
                $0 = substr($0, RSTART + RLENGTH)
            }
            print made $0
        }
    ' "$file" > "$MADE/$(basename "$file" .in)"
done
exec "$@"
