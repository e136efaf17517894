#!/bin/sh
# Write each file NAME.in with the settings put in, as NAME, then become the command given: `start.sh alertmanager …`.
set -eu
export CONFIG_FOLDER="${CONFIG_FOLDER:-/tmp/alertmanager}" DUTY_EMAIL_DOMAIN="${DUTY_EMAIL#*@}"
umask 077
mkdir -p "$CONFIG_FOLDER"
printf %s "$ALERTS_TOKEN" > "$CONFIG_FOLDER/alerts-token"
printf %s "$SMTP_PASSWORD" > "$CONFIG_FOLDER/smtp-password"
for file in "$(dirname "$0")"/*.in; do
    awk '
        match($0, / # if [A-Z_]+$/) {
            setting = ENVIRON[substr($0, RSTART + 6)]
            if (setting == "" || setting == "false") next
            $0 = substr($0, 1, RSTART - 1)
        }
        {
            line = ""
            while (match($0, /\$\{[A-Z_]+\}/)) {
                line = line substr($0, 1, RSTART - 1) ENVIRON[substr($0, RSTART + 2, RLENGTH - 3)]
                $0 = substr($0, RSTART + RLENGTH)
            }
            print line $0
        }
    ' "$file" > "$CONFIG_FOLDER/$(basename "$file" .in)"
done
exec "$@"
