{{/* The release's name, without saying rapport twice. */}}
{{- define "rapport.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What tells this release's pods from others. It can never change. */}}
{{- define "rapport.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "rapport.labels" -}}
{{ include "rapport.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "rapport.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "rapport.replicas" -}}
{{- $embedded := eq .Values.store.kind "embedded" -}}
{{- if kindIs "invalid" .Values.replicas -}}
{{- ternary 1 2 $embedded -}}
{{- else if and $embedded (ne (int .Values.replicas) 1) -}}
{{- fail "the embedded store belongs to one process: leave replicas empty, or use store.kind redis" -}}
{{- else -}}
{{- .Values.replicas | int -}}
{{- end -}}
{{- end -}}

{{/* The Secret's name. Without one, and without all of its values, nothing could start: say so before anything is installed. */}}
{{- define "rapport.secret" -}}
{{- $s := .Values.secret -}}
{{- $given := or $s.slackBotToken $s.slackAppToken $s.rapportKey $s.rapportKeyOld $s.redisURL -}}
{{- if and $s.existing $given -}}
{{- fail "secret.existing is set, and values beside it: keep one of them" -}}
{{- else if $s.existing -}}
{{- $s.existing -}}
{{- else if $s.existingHasOldKey -}}
{{- fail "secret.existingHasOldKey is set without secret.existing: set secret.rapportKeyOld" -}}
{{- else -}}
{{- $names := include "rapport.secretNames" . | splitList " " -}}
{{- $values := dict "SLACK_BOT_TOKEN" $s.slackBotToken "SLACK_APP_TOKEN" $s.slackAppToken "RAPPORT_KEY" $s.rapportKey "RAPPORT_KEY_OLD" $s.rapportKeyOld "REDIS_URL" $s.redisURL -}}
{{- range $names -}}
{{- if not (get $values .) -}}
{{- fail (printf "no %s: make a Secret with the keys %s and name it in secret.existing (README.md of the chart has the command)" . (join ", " $names)) -}}
{{- end -}}
{{- end -}}
{{- if and $s.redisURL (eq $.Values.store.kind "embedded") -}}
{{- fail "secret.redisURL is set, and store.kind is embedded: keep one of them" -}}
{{- end -}}
{{- include "rapport.fullname" . -}}
{{- end -}}
{{- end -}}

{{/* The secrets that this kind of store needs, by the names of their variables. */}}
{{- define "rapport.secretNames" -}}
SLACK_BOT_TOKEN SLACK_APP_TOKEN RAPPORT_KEY{{ if or .Values.secret.rapportKeyOld .Values.secret.existingHasOldKey }} RAPPORT_KEY_OLD{{ end }}{{ if eq .Values.store.kind "redis" }} REDIS_URL{{ end }}
{{- end -}}
