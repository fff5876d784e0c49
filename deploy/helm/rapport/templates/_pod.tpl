{{/* The pod, the same in both kinds of workload. */}}
{{- define "rapport.pod" -}}
{{- $embedded := eq .Values.store.kind "embedded" -}}
metadata:
  labels:
    {{- include "rapport.labels" . | nindent 4 }}
    {{- with .Values.podLabels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- if or .Values.podAnnotations (not .Values.secret.existing) }}
  annotations:
    {{- if not .Values.secret.existing }}
    # Another token or key begins new pods. A Secret of your own does not: kubectl rollout restart.
    checksum/secret: {{ include (print $.Template.BasePath "/secret.yaml") . | sha256sum }}
    {{- end }}
    {{- with .Values.podAnnotations }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- end }}
spec:
  serviceAccountName: {{ include "rapport.fullname" . }}
  automountServiceAccountToken: false
  enableServiceLinks: false
  # The bot finishes what it has begun and ends within 25 seconds of SIGTERM.
  terminationGracePeriodSeconds: 30
  {{- with .Values.imagePullSecrets }}
  imagePullSecrets:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.priorityClassName }}
  priorityClassName: {{ . }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 65532
    runAsGroup: 65532
    fsGroup: 65532
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: rapport
      image: {{ include "rapport.image" . | quote }}
      imagePullPolicy: {{ .Values.image.pullPolicy }}
      args: [run]
      env:
        - name: HTTP_ADDR
          value: ":8080"
        {{- range include "rapport.secretNames" . | splitList " " }}
        - name: {{ . }}_FILE
          value: /run/secrets/rapport/{{ . }}
        {{- end }}
        {{- if $embedded }}
        # A folder below the volume: it is the bot's alone, whatever the volume's own mode is.
        - name: RAPPORT_DATA_DIR
          value: /data/store
        {{- end }}
        {{- if .Values.holidays.configMap }}
        - name: RAPPORT_HOLIDAY_FILES
          value: /etc/rapport/holidays
        {{- end }}
        {{- range $name, $value := .Values.config }}
        - name: {{ $name }}
          value: {{ $value | quote }}
        {{- end }}
      ports:
        - name: http
          containerPort: 8080
      # Five minutes to read its state and reach Slack the first time; after that the two others decide.
      startupProbe:
        httpGet: {path: /healthz, port: http}
        periodSeconds: 5
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /healthz, port: http}
        periodSeconds: 10
        timeoutSeconds: 3
        failureThreshold: 6
      # Ready is: connected to Slack, and the store answers. An upgrade waits for it before it ends the pod before.
      readinessProbe:
        httpGet: {path: /readyz, port: http}
        periodSeconds: 5
        timeoutSeconds: 3
        failureThreshold: 3
      resources:
        {{- toYaml .Values.resources | nindent 8 }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
      volumeMounts:
        - name: secrets
          mountPath: /run/secrets/rapport
          readOnly: true
        {{- if .Values.redisCA.configMap }}
        - name: redis-ca
          mountPath: /etc/ssl/redis
          readOnly: true
        {{- end }}
        {{- if .Values.holidays.configMap }}
        - name: holidays
          mountPath: /etc/rapport/holidays
          readOnly: true
        {{- end }}
        {{- if $embedded }}
        - name: data
          mountPath: /data
        {{- end }}
  volumes:
    - name: secrets
      secret:
        secretName: {{ include "rapport.secret" . }}
        defaultMode: 0440
        items:
          {{- range include "rapport.secretNames" . | splitList " " }}
          - key: {{ . }}
            path: {{ . }}
          {{- end }}
    {{- if .Values.redisCA.configMap }}
    - name: redis-ca
      configMap:
        name: {{ .Values.redisCA.configMap }}
        items:
          - key: {{ .Values.redisCA.key }}
            path: ca.crt
    {{- end }}
    {{- if .Values.holidays.configMap }}
    - name: holidays
      configMap:
        name: {{ .Values.holidays.configMap }}
    {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels:
          {{- include "rapport.selector" . | nindent 10 }}
  {{- with .Values.nodeSelector }}
  nodeSelector:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.tolerations }}
  tolerations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .Values.affinity }}
  affinity:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}
